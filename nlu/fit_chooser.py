"""Fitting choosers: the likeliest weights for the choices people marked, by L-BFGS over sparse features."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from nlu.chooser import Chooser, Numbers, find_columns
from nlu.features import Floats

_STEPS = 45
_NEVER = -1e30
_LEAST_WEIGHT = 0.04  # lighter features change no choice, and leaving them out makes the model half as large


class Design(Protocol):
    """Candidates as numbers: scores for weights, and the way back from candidates to weights."""

    def scores(self, weights: Numbers) -> Numbers:
        """Return one score per candidate."""
        ...

    def gradient(self, slopes: Numbers) -> Numbers:
        """Return how the sum of slopes times scores changes with each weight."""
        ...


class Plain:
    """Candidates that have all their features to themselves."""

    def __init__(self, columns: dict[str, int], candidates: Sequence[Sequence[str]]) -> None:
        self._matrix = sparse(columns, candidates)
        self._turned = self._matrix.T.tocsr()

    def scores(self, weights: Numbers) -> Numbers:
        """Return one score per candidate."""
        return np.asarray(self._matrix @ weights)

    def gradient(self, slopes: Numbers) -> Numbers:
        """Return how the sum of slopes times scores changes with each weight."""
        return np.asarray(self._turned @ slopes)


@dataclass(frozen=True)
class Choices:
    """For every candidate its message and whether it is right; for every message whether none is right."""

    message: Any
    right: Any
    none: Any


def sparse(columns: dict[str, int], candidates: Sequence[Sequence[str]]) -> Any:
    """Return the features of candidates as a sparse matrix of ones."""
    from scipy.sparse import csr_matrix

    found, ends = find_columns(columns, candidates)
    known = found < len(columns)
    ends = np.concatenate([[0], np.cumsum(known)])[ends]
    found = found[known]
    return csr_matrix((np.ones(len(found)), found, ends), shape=(len(candidates), len(columns)))


def count_columns(feature_lists: Iterable[Sequence[str]], least: int) -> dict[str, int]:
    """Number the features that occur at least `least` times."""
    seen: Counter[str] = Counter()
    for features in feature_lists:
        seen.update(features)
    return {feature: at for at, feature in enumerate(sorted(f for f, times in seen.items() if times >= least))}


def fit_choice(design: Design, choices: Choices, size: int, freedom: float) -> tuple[Numbers, float]:
    """Fit one choice per message among its candidates and none; several may be right."""
    message, right, none = choices.message, choices.right, choices.none

    def loss(weights: Numbers, bias: float) -> tuple[float, Numbers, float]:
        scores, idle = design.scores(weights), np.full(len(none), bias)
        all_ = _log_sum(scores, message, idle)
        meant = np.where(none, idle, _log_sum(np.where(right, scores, _NEVER), message, np.full(len(none), _NEVER)))
        slopes = np.exp(scores - all_[message]) - np.where(right, np.exp(scores - meant[message]), 0)
        return float((all_ - meant).sum()), design.gradient(slopes), float((np.exp(idle - all_) - none).sum())

    return _descend(loss, size, 0.0, freedom)


def fit_each_span(design: Design, right: Any, counts: Any, size: int, freedom: float) -> tuple[Numbers, float]:
    """Fit one yes or no per candidate; `counts` is how much each candidate counts."""

    def loss(weights: Numbers, bias: float) -> tuple[float, Numbers, float]:
        scores = design.scores(weights) - bias
        slopes = counts * (1 / (1 + np.exp(-scores)) - right)
        value = float((counts * (np.logaddexp(0, scores) - right * scores)).sum())
        return value, design.gradient(slopes), -float(slopes.sum())

    return _descend(loss, size, 5.0, freedom)


def as_chooser(columns: dict[str, int], fitted: Sequence[tuple[Numbers, float]]) -> Chooser:
    """Join the fitted decisions, without the features that weigh next to nothing."""
    weights = np.stack([weights for weights, _ in fitted], axis=1)
    kept = np.abs(weights).max(axis=1) >= _LEAST_WEIGHT
    places = np.flatnonzero(kept)
    names = sorted(columns, key=columns.__getitem__)
    small: Floats = weights[places].astype(np.float16).astype(np.float32)
    return Chooser({names[p]: at for at, p in enumerate(places)}, small, np.asarray([b for _, b in fitted], np.float32))


def _descend(
    loss: Callable[[Numbers, float], tuple[float, Numbers, float]], size: int, bias: float, freedom: float
) -> tuple[Numbers, float]:
    from scipy.optimize import minimize
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn

    def penalised(point: Numbers) -> tuple[float, Numbers]:
        weights = point[:-1]
        value, slope, bias_slope = loss(weights, float(point[-1]))
        return value + float(weights @ weights) / (2 * freedom), np.append(slope + weights / freedom, bias_slope)

    start = np.append(np.zeros(size), bias)
    # Threads only wait for one another on vectors as short as these.
    with threadpool_limits(1):
        found = minimize(penalised, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return found.x[:-1], float(found.x[-1])


def _log_sum(scores: Numbers, message: Any, idle: Numbers) -> Numbers:
    """Return per message the logarithm of the summed exponentials of its candidates and of none."""
    top = idle.copy()
    np.maximum.at(top, message, scores)
    total = np.bincount(message, np.exp(scores - top[message]), len(idle)) + np.exp(idle - top)
    return np.asarray(top + np.log(total))
