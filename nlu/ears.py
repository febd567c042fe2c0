"""The ears: a model folder loaded once, then text in, understanding out, from any thread."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from nlu.cutter import Cutter
from nlu.errors import ModelError
from nlu.extract import Extract
from nlu.judge import Judge
from nlu.model import Model, load_model
from nlu.normalise import normalise, simplifier
from nlu.objects import load_object_words
from nlu.pipeline import build_pipeline
from nlu.safety import load_safety
from nlu.slots import read_slots
from nlu.taxonomy import Taxonomy, load_taxonomy
from nlu.understanding import Understanding
from nlu.units import UnitFinder

ENGINE = "local"
_HEADS = {"intent", "class", "also"}


class Ears:
    """Understands messages; one thread at a time is let into spaCy."""

    def __init__(self, model: Model, taxonomy: Taxonomy, cutter: Cutter, units: Mapping[str, Sequence[str]]) -> None:
        extract = Extract(model.options, cutter)
        self._nlp = build_pipeline(cutter, UnitFinder(units), model, extract)
        self._judge = Judge(model, taxonomy, load_safety(), extract)
        self._simplify = simplifier()
        self._objects = load_object_words()
        self._lock = threading.Lock()

    def parse(self, text: str, at: datetime | None = None) -> Understanding:
        """Understand one message; `at` is the moment relative deadlines count from."""
        with self._lock, self._nlp.memory_zone():
            return self._parse(text, at)

    def parse_many(self, texts: Sequence[str]) -> list[Understanding]:
        """Understand many messages."""
        with self._lock, self._nlp.memory_zone():
            return [self._parse(text, None) for text in texts]

    def _parse(self, text: str, at: datetime | None) -> Understanding:
        normal = normalise(text, self._simplify)
        doc = self._nlp(normal.text)
        words = [(token.idx, token.idx + len(token)) for token in doc]
        judged = self._judge.judge(normal, words, doc.user_data["row"], doc.cats)
        slots = read_slots(normal, words, doc.user_data["mentions"], judged.label, at, self._objects)
        return Understanding(
            text=text,
            **vars(judged),
            units=slots.units,
            object=slots.object,
            times=slots.count.times,
            per=slots.count.per,
            hours=slots.hours,
            deadline=slots.deadline,
            engine=ENGINE,
            raised=slots.raised,
            document=slots.document,
        )


def load_ears(model_dir: Path, units: Mapping[str, Sequence[str]] = {}) -> Ears:
    """Load trained ears; `units` maps official names to everyday aliases."""
    model = load_model(model_dir)
    if not set(model.heads) >= _HEADS:
        raise ModelError(f"{model_dir}: a plain classifier, not ears")
    return Ears(model, load_taxonomy(), Cutter(model_dir), units)
