"""How sure a figure is: the middle 95 % of what it would be on messages drawn again from the same set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000
_SEED = 20261124
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % bootstrap interval and the number of rows it rests on."""

    value: float
    low: float
    high: float
    rows: int

    def __str__(self) -> str:
        """`0.941 [0.920, 0.961] n=512`."""
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] n={self.rows}"

    def as_json(self) -> dict[str, float]:
        """Return plain values."""
        return {"value": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4), "n": self.rows}


def bootstrap(rows: int, figure: Callable[[Places], float], draws: int = DRAWS) -> Figure:
    """Return `figure` over all rows, and over `draws` samples of them; `figure` gets the places of its rows."""
    if not rows:
        return Figure(float("nan"), float("nan"), float("nan"), 0)
    chance = np.random.default_rng(_SEED)
    values = [figure(chance.integers(0, rows, rows)) for _ in range(draws)]
    low, high = np.percentile(values, [2.5, 97.5])
    return Figure(figure(np.arange(rows)), float(low), float(high), rows)


def share(hits: list[bool]) -> Figure:
    """Return how many of the hits are true, with its interval."""
    values = np.asarray(hits, np.float64)
    return bootstrap(len(hits), lambda places: float(values[places].mean()))
