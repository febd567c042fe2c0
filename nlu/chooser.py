"""A log-linear chooser: weighs candidates by their features and tells which is meant, or that none is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, repeat

import numpy as np
from numpy.typing import NDArray

from nlu.features import Floats, Ints

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Chooser:
    """Feature -> column, weights (columns x decisions), and per decision what choosing none is worth."""

    columns: dict[str, int]
    weights: Floats
    none: Floats

    def sums(self, candidates: Sequence[Sequence[str]]) -> Floats:
        """Return the summed weights of every candidate's features, one row each."""
        found, ends = find_columns(self.columns, candidates)
        totals = np.zeros((len(found) + 1, self.weights.shape[1]), np.float32)
        np.cumsum(self.padded[found], axis=0, out=totals[1:])
        sums: Floats = totals[ends[1:]] - totals[ends[:-1]]
        return sums

    @cached_property
    def padded(self) -> Floats:
        """The weights with a row of zeros for what is not known."""
        return np.vstack([self.weights, np.zeros((1, self.weights.shape[1]), np.float32)])

    def chances(self, candidates: Sequence[Sequence[str]], decision: int = 0) -> Numbers:
        """Return for every candidate how likely it is the one that is meant."""
        return shares(self.sums(candidates)[:, decision], float(self.none[decision]))

    def names(self) -> list[str]:
        """Return the features in column order."""
        return sorted(self.columns, key=self.columns.__getitem__)


def find_columns(columns: dict[str, int], candidates: Sequence[Sequence[str]]) -> tuple[Ints, Ints]:
    """Return the columns of all features one after another, and where each candidate's begin and end.

    A feature that is not known has the column behind the last: looking up without asking is twice as fast.
    """
    found = np.asarray(list(map(columns.get, chain.from_iterable(candidates), repeat(len(columns)))), np.int32)
    ends = np.asarray(list(accumulate(map(len, candidates), initial=0)), np.int32)
    return found, ends


def shares(scores: Floats, none: float) -> Numbers:
    """Turn scores into probabilities beside the choice of none."""
    if not len(scores):
        return np.zeros(0)
    top = max(float(scores.max()), none)
    raised = np.exp(scores.astype(np.float64) - top)
    chances: Numbers = raised / (raised.sum() + np.exp(none - top))
    return chances
