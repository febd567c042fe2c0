"""Measuring a model on labelled rows: accuracy, macro-F1, calibration, a table per class, confusion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.classifier import load_classifier
from nlu.interval import Figure, bootstrap
from nlu.rows import labelled

BINS = 10
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class ClassFigures:
    """How one label fared."""

    label: str
    precision: float
    recall: float
    f1: float
    rows: int


@dataclass(frozen=True)
class Evaluation:
    """All figures of one run, each with its interval; `ece` over ten bins with equally many rows."""

    accuracy: Figure
    macro_f1: Figure
    ece: Figure
    classes: tuple[ClassFigures, ...]
    confusion: Mapping[str, Mapping[str, int]]

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain values; the three totals also bare, as the contract wants them."""
        totals = {"accuracy": self.accuracy, "macro_f1": self.macro_f1, "ece": self.ece}
        return {
            "rows": self.accuracy.rows,
            **{name: round(figure.value, 4) for name, figure in totals.items()},
            "ece_bins": BINS,
            "intervals": {name: figure.as_json() for name, figure in totals.items()},
            "classes": {
                c.label: {"precision": c.precision, "recall": c.recall, "f1": c.f1, "rows": c.rows}
                for c in self.classes
            },
            "confusion": {label: dict(row) for label, row in self.confusion.items()},
        }

    def as_text(self) -> str:
        """Return a page to read: totals, one line per class, and what was taken for what."""
        width = max((len(c.label) for c in self.classes), default=5)
        lines = [f"accuracy {self.accuracy}  macro-F1 {self.macro_f1}  ECE {self.ece}", ""]
        lines.append(f"{'label':<{width}}  precision  recall     F1   rows  taken for")
        for c in self.classes:
            wrong = sorted(self.confusion.get(c.label, {}).items(), key=lambda item: -item[1])
            taken = ", ".join(f"{label} {count}" for label, count in wrong if label != c.label)
            lines.append(f"{c.label:<{width}}  {c.precision:9.3f}  {c.recall:6.3f}  {c.f1:5.3f}  {c.rows:5d}  {taken}")
        return "\n".join(lines)


def evaluate(rows: Iterable[Mapping[str, Any]], model_dir: Path) -> Evaluation:
    """Evaluate the model in `model_dir` on `{"text", "label"}` rows."""
    texts, labels = labelled(rows)
    guesses = [next(iter(scores.items())) for scores in load_classifier(model_dir).scores_many(texts)]
    return score(labels, [label for label, _ in guesses], [confidence for _, confidence in guesses])


def score(gold: Sequence[str], guessed: Sequence[str], confidence: Sequence[float]) -> Evaluation:
    """Compare guesses with the truth; macro-F1 is over labels that occur in either."""
    pairs = Counter(zip(gold, guessed, strict=True))
    names = sorted({*gold, *guessed})
    right = np.array([a == b for a, b in zip(gold, guessed, strict=True)], np.float64)
    sure = np.asarray(confidence, np.float64)
    codes = [np.array([names.index(label) for label in side]) for side in (gold, guessed)]
    return Evaluation(
        accuracy=bootstrap(len(gold), lambda places: float(right[places].mean())),
        macro_f1=bootstrap(len(gold), lambda places: macro_f1(codes[0][places], codes[1][places], len(names))),
        ece=bootstrap(len(gold), lambda places: calibration_error(right[places], sure[places])),
        classes=tuple(_figures(name, pairs) for name in names),
        confusion={name: {other: pairs[name, other] for other in names if pairs[name, other]} for name in names},
    )


def macro_f1(gold: NDArray[np.intp], guessed: NDArray[np.intp], size: int) -> float:
    """Return the mean F1 over the labels (numbered below `size`) that occur in either."""
    table = np.bincount(gold * size + guessed, minlength=size * size).reshape(size, size)
    hits, occurs = table.diagonal(), table.sum(axis=0) + table.sum(axis=1)
    return float((2 * hits[occurs > 0] / occurs[occurs > 0]).mean())


def calibration_error(right: Numbers, confidence: Numbers) -> float:
    """Return how far confidence and success rate lie apart, averaged over ten bins of equally many rows."""
    order = np.argsort(confidence, kind="stable")
    bins = np.array_split(order, min(BINS, len(order)))
    gaps = [abs(float(right[rows].sum() - confidence[rows].sum())) for rows in bins]
    return sum(gaps) / len(order)


def _figures(name: str, pairs: Mapping[tuple[str, str], int]) -> ClassFigures:
    hits = pairs.get((name, name), 0)
    rows = sum(count for (truth, _), count in pairs.items() if truth == name)
    said = sum(count for (_, guess), count in pairs.items() if guess == name)
    precision, recall = hits / said if said else 0.0, hits / rows if rows else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return ClassFigures(name, round(precision, 4), round(recall, 4), round(f1, 4), rows)
