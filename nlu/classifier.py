"""A trained model as a plain classifier: text in, label probabilities out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nlu.cutter import Cutter
from nlu.extract import Extract
from nlu.model import Model, load_model
from nlu.normalise import LONG_LIMIT, normalise, simplifier

# The ears answer with their classes when they are asked as a plain classifier.
_HEADS = ("label", "class")


class Classifier:
    """One head of a model with everything a text needs before it."""

    def __init__(self, model: Model, cutter: Cutter) -> None:
        self._features = model.features
        self._head = next(model.heads[name] for name in _HEADS if name in model.heads)
        self._extract = Extract(model.options, cutter)
        self._simplify = simplifier()

    def scores(self, text: str) -> dict[str, float]:
        """Return label -> probability, best first."""
        clean = normalise(text, self._simplify, LONG_LIMIT).text
        return self._head.scores(self._features.row(self._extract(clean)))

    def scores_many(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Return the scores of every text, in order."""
        return [self.scores(text) for text in texts]


def load_classifier(model_dir: Path) -> Classifier:
    """Load a trained model folder of any label set."""
    return Classifier(load_model(model_dir), Cutter(model_dir))
