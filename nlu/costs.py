"""What mishearing a class costs, and the thresholds that cost least on voices the model has not heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# In minutes (estimates of ours, to be replaced by a hotline's own). A wrong class that nobody doubts: staff see it at
# the review in nine of ten cases and mend it (1), else the dispatch makes a detour (20). Two buttons: a third of a
# minute, counted three times, because sparing that person's time is what the hotline promised. An open class: staff
# read (2).
WRONG, TAP, STAFF = 0.9 * 1 + 0.1 * 20, 3 * 0.33, 2.0
_CLOSE = np.round(np.arange(0.0, 0.65, 0.05), 2)
_UNSURE = np.round(np.arange(0.2, 0.75, 0.05), 2)
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Costs:
    """Minutes per message at the thresholds in use, and at the cheapest ones on the grid."""

    close: float
    unsure: float
    minutes: float
    best_close: float
    best_unsure: float
    best_minutes: float

    def __str__(self) -> str:
        """One line to read."""
        used = f"in use close {self.close:.2f}, unsure {self.unsure:.2f}: {self.minutes:.3f} min a message"
        best = f"cheapest close {self.best_close:.2f}, unsure {self.best_unsure:.2f}: {self.best_minutes:.3f}"
        return f"{used}; {best} (wrong {WRONG:.1f}, tap {TAP:.1f}, staff {STAFF:.1f} min)"

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return {name: round(value, 4) for name, value in vars(self).items()}


def weigh(chances: Numbers, gold: NDArray[np.intp], close: float, unsure: float) -> Costs:
    """Weigh class chances (rows x classes) of left-out messages against the truth."""
    grid = [(minutes(chances, gold, c, u), c, u) for c in _CLOSE for u in _UNSURE]
    best, best_close, best_unsure = min(grid)
    return Costs(close, unsure, minutes(chances, gold, close, unsure), best_close, best_unsure, best)


def minutes(chances: Numbers, gold: NDArray[np.intp], close: float, unsure: float) -> float:
    """Return the mean cost of a message: sure, close (two buttons) or unsure (staff)."""
    order = np.argsort(-chances, axis=1)
    rows = np.arange(len(gold))
    first, second = chances[rows, order[:, 0]], chances[rows, order[:, 1]]
    sure = np.where(order[:, 0] == gold, 0.0, WRONG)
    among = (order[:, 0] == gold) | (order[:, 1] == gold)
    two = TAP + np.where(among, 0.0, STAFF)  # 都不是 hands the message to staff
    cost = np.where(first < unsure, STAFF, np.where(first - second < close, two, sure))
    return float(cost.mean())
