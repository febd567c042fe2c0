"""Measuring a model on labelled rows: accuracy, macro-F1, calibration, a table per class, confusion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.classifier import load_classifier
from nlu.rows import labelled

BINS = 10


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
    """All figures of one run; `ece` over ten equal bins of confidence."""

    rows: int
    accuracy: float
    macro_f1: float
    ece: float
    classes: tuple[ClassFigures, ...]
    confusion: Mapping[str, Mapping[str, int]]

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return {
            "rows": self.rows,
            "accuracy": round(self.accuracy, 4),
            "macro_f1": round(self.macro_f1, 4),
            "ece": round(self.ece, 4),
            "ece_bins": BINS,
            "classes": {
                c.label: {"precision": c.precision, "recall": c.recall, "f1": c.f1, "rows": c.rows}
                for c in self.classes
            },
            "confusion": {label: dict(row) for label, row in self.confusion.items()},
        }

    def as_text(self) -> str:
        """Return a page to read: totals, one line per class, and what was taken for what."""
        width = max((len(c.label) for c in self.classes), default=5)
        lines = [
            f"rows {self.rows}  accuracy {self.accuracy:.3f}  macro-F1 {self.macro_f1:.3f}  ECE {self.ece:.3f}",
            "",
        ]
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
    classes = tuple(_figures(name, pairs) for name in names)
    confusion = {name: {other: pairs[name, other] for other in names if pairs[name, other]} for name in names}
    right = sum(count for (truth, guess), count in pairs.items() if truth == guess)
    return Evaluation(
        rows=len(gold),
        accuracy=right / len(gold),
        macro_f1=sum(figures.f1 for figures in classes) / len(classes),
        ece=calibration_error([a == b for a, b in zip(gold, guessed, strict=True)], confidence),
        classes=classes,
        confusion=confusion,
    )


def calibration_error(right: Sequence[bool], confidence: Sequence[float]) -> float:
    """Return how far confidence and success rate lie apart, averaged over bins by their size."""
    bins: dict[int, list[tuple[bool, float]]] = {}
    for hit, sure in zip(right, confidence, strict=True):
        bins.setdefault(min(int(sure * BINS), BINS - 1), []).append((hit, sure))
    gaps = [abs(sum(hit for hit, _ in group) - sum(sure for _, sure in group)) for group in bins.values()]
    return sum(gaps) / len(right)


def _figures(name: str, pairs: Mapping[tuple[str, str], int]) -> ClassFigures:
    hits = pairs.get((name, name), 0)
    rows = sum(count for (truth, _), count in pairs.items() if truth == name)
    said = sum(count for (_, guess), count in pairs.items() if guess == name)
    precision, recall = hits / said if said else 0.0, hits / rows if rows else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return ClassFigures(name, round(precision, 4), round(recall, 4), round(f1, 4), rows)
