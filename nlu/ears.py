"""The ears: a model folder loaded once, then text in, understanding out, from any thread."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from nlu.cutter import Cutter
from nlu.errors import ModelError
from nlu.extract import Extract
from nlu.hints import HintFinder
from nlu.judge import Judge
from nlu.learned_slots import SlotChooser
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
        finder = UnitFinder(units)
        self._nlp = build_pipeline(cutter, finder, model, extract)
        self._judge = Judge(model, taxonomy, load_safety(), extract)
        self._simplify = simplifier()
        self._objects = load_object_words()
        # The choosers get the hints they were trained with: those of the shipped words.
        hints = HintFinder(UnitFinder({}), self._objects)
        self._chooser = SlotChooser(model.facts, hints, finder) if model.facts else None
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
        mentions = doc.user_data["mentions"]
        if self._chooser and judged.label:
            slots = self._chooser(normal, words, mentions, judged.label, at)
        else:
            slots = read_slots(normal, words, mentions, judged.label, at, self._objects)
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
            due=slots.due,
        )


def load_ears(model_dir: Path, units: Mapping[str, Sequence[str]] = {}) -> Ears:
    """Load trained ears; `units` maps official names to everyday aliases."""
    model = load_model(model_dir)
    if not set(model.heads) >= _HEADS:
        raise ModelError(f"{model_dir}: a plain classifier, not ears")
    return Ears(model, load_taxonomy(), Cutter(model_dir), units)
