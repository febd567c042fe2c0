"""How well facts are read: units, object, times, per, hours and deadlines against messages marked by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nlu.interval import Figure, Places, bootstrap
from nlu.understanding import Understanding

Row = Mapping[str, Any]
Counts = tuple[int, int, int]  # right, said, true


@dataclass(frozen=True)
class SlotFigures:
    """F1 per slot over all rows; for the object the mean share of characters both sides agree on (Dice)."""

    units: Figure
    object: Figure
    times: Figure
    per: Figure
    hours: Figure
    deadline: Figure

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return {name: figure.as_json() for name, figure in vars(self).items()}

    def as_text(self) -> str:
        """Return one line per slot."""
        return "\n".join(f"{name:<9} {figure}" for name, figure in vars(self).items())


def score_slots(rows: Sequence[Row], heard: Sequence[Understanding]) -> SlotFigures:
    """Compare what was heard with rows `{"units", "object", "times", "per", "hours", "deadline"}`.

    A deadline counts as found or not, by its words: many messages are heard without the moment they count from,
    and which moment is meant is a matter of tests, not of quality.
    """
    pairs = list(zip(rows, heard, strict=True))
    overlaps = [overlap(row["object"], one.object) for row, one in pairs if row["object"] or one.object]
    return SlotFigures(
        units=_f1([_names(row["units"], [unit.name for unit in one.units]) for row, one in pairs]),
        object=bootstrap(len(overlaps), lambda places: float(np.asarray(overlaps)[places].mean())),
        times=_f1([_value(row["times"], one.times) for row, one in pairs]),
        per=_f1([_value(row["per"], one.per) for row, one in pairs]),
        hours=_f1([_value(row["hours"], one.hours, _near) for row, one in pairs]),
        deadline=_f1([_value(row["deadline"] is not None or None, one.due is not None or None) for row, one in pairs]),
    )


def overlap(truth: str | None, found: str | None) -> float:
    """Return the Dice share of characters two names have in common; 0 when one is missing."""
    if not truth or not found:
        return 0.0
    return 2 * (Counter(truth) & Counter(found)).total() / (len(truth) + len(found))


def _names(truth: Sequence[str], found: Sequence[str]) -> Counts:
    return len(set(truth) & set(found)), len(set(found)), len(set(truth))


def _value(truth: Any, found: Any, same: Callable[[Any, Any], bool] = lambda a, b: a == b) -> Counts:
    both = truth is not None and found is not None
    return int(both and same(truth, found)), int(found is not None), int(truth is not None)


def _near(truth: float, found: float) -> bool:
    return abs(truth - found) <= 0.1


def _f1(counts: Sequence[Counts]) -> Figure:
    table = np.asarray(counts, np.float64).reshape(-1, 3)

    def figure(places: Places) -> float:
        right, said, true = table[places].sum(axis=0)
        return float(2 * right / (said + true)) if said + true else 1.0

    return bootstrap(len(table), figure)
