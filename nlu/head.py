"""A linear head over the features: calibrated probabilities, and which features spoke for a label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.features import Floats, Row


@dataclass(frozen=True)
class Head:
    """One decision: weights (features x labels), bias, and the temperature that makes scores honest."""

    labels: tuple[str, ...]
    weights: Floats
    bias: Floats
    temperature: float

    def scores(self, row: Row, among: Sequence[str] | None = None) -> dict[str, float]:
        """Return label -> probability, best first; `among` restricts the choice to these labels."""
        index, values = row
        logits = (values @ self.weights[index] + self.bias) / self.temperature
        places = [at for at, label in enumerate(self.labels) if among is None or label in among]
        if not places:
            return {}
        chances = softmax(logits[places])
        order = np.argsort(-chances, kind="stable")
        return {self.labels[places[at]]: float(chances[at]) for at in order}

    def chances(self, row: Row) -> dict[str, float]:
        """Return label -> probability that it applies, each label judged by itself."""
        index, values = row
        logits = values @ self.weights[index] + self.bias
        return {label: float(1 / (1 + np.exp(-logit))) for label, logit in zip(self.labels, logits, strict=True)}

    def support(self, row: Row, label: str) -> dict[int, float]:
        """Return column -> how much it speaks for `label` over the average of the other labels."""
        index, values = row
        weights = self.weights[index]
        place = self.labels.index(label)
        others = (weights.sum(axis=1) - weights[:, place]) / max(len(self.labels) - 1, 1)
        gains = values * (weights[:, place] - others)
        return {int(column): float(gain) for column, gain in zip(index, gains, strict=True) if gain > 0}


def softmax(logits: Floats) -> Floats:
    """Turn the last axis into probabilities."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    chances: Floats = (shifted / shifted.sum(axis=-1, keepdims=True)).astype(np.float32)
    return chances
