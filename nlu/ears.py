"""The ears: a model folder loaded once, then text in, understanding out, from any thread."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from nlu.cutter import Cutter
from nlu.extract import Extract
from nlu.features import Row
from nlu.model import Model, load_model
from nlu.normalise import Normal, normalise, simplifier
from nlu.objects import load_object_words
from nlu.parts import split_parts
from nlu.pipeline import build_pipeline
from nlu.rows import COMPLAINT
from nlu.safety import load_safety
from nlu.slots import Span, read_slots
from nlu.taxonomy import Taxonomy, load_taxonomy
from nlu.understanding import Outcome, Understanding
from nlu.units import UnitFinder
from nlu.verdict import Verdict, decide, outcome
from nlu.why import telling_spans

ENGINE = "local"


class Ears:
    """Understands messages; one thread at a time is let into spaCy."""

    def __init__(self, model: Model, taxonomy: Taxonomy, cutter: Cutter, units: Mapping[str, Sequence[str]]) -> None:
        self._model = model
        self._limits = taxonomy.thresholds
        self._extract = Extract(model.options, cutter)
        self._simplify = simplifier()
        self._nlp = build_pipeline(cutter, UnitFinder(units), model, self._extract)
        self._safety = load_safety()
        self._objects = load_object_words()
        self._names = model.features.names()
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
        row = doc.user_data["row"]
        words = [(token.idx, token.idx + len(token)) for token in doc]
        intents = self._folded(normal.text, doc.cats)
        hits = self._safety.check(normal.text)
        verdict = decide(normal.text, intents, hits, self._safety, self._intents)
        scores = self._model.heads["class"].scores(row)
        complaint = verdict.intent == COMPLAINT
        label = next(iter(scores)) if complaint else None
        slots = read_slots(normal, words, doc.user_data["mentions"], label, at, self._objects)
        return Understanding(
            text=text,
            intent=verdict.intent,
            label=label,
            label2=self._second(row, label),
            subcode=self._subcode(row, label),
            outcome=self._outcome(verdict, intents, scores),
            confidence=scores[label] if label else verdict.confidence,
            scores=scores,
            units=slots.units,
            object=slots.object,
            times=slots.count.times,
            per=slots.count.per,
            hours=slots.hours,
            deadline=slots.deadline,
            parts=self._parts(normal) if complaint else (),
            flags=verdict.flags + (("long",) if normal.cut else ()),
            referral=verdict.referral,
            why=self._why(normal, words, row, verdict, label),
            engine=ENGINE,
            raised=slots.raised,
            document=slots.document,
        )

    def _row(self, text: str) -> Row:
        return self._model.features.row(self._extract(text))

    def _intents(self, text: str) -> Mapping[str, float]:
        return self._folded(text, self._model.heads["intent"].scores(self._row(text)))

    def _folded(self, text: str, joint: Mapping[str, float]) -> Mapping[str, float]:
        """Fold the classes into one intent; training rows are mostly complaints, messages are less so."""
        classes = self._model.heads["class"].labels
        others = {
            name: chance if self._safety.possible(name, text) else 0.0
            for name, chance in joint.items()
            if name not in classes
        }
        complaint = sum(joint[name] for name in classes) * self._limits["complaint"]
        total = complaint + sum(others.values())
        return {COMPLAINT: complaint / total} | {name: chance / total for name, chance in others.items()}

    def _second(self, row: Row, label: str | None) -> str | None:
        """Return a class that is complained of besides `label`."""
        if label is None:
            return None
        chances = {name: p for name, p in self._model.heads["also"].chances(row).items() if name != label}
        second = max(chances, key=chances.__getitem__)
        return second if chances[second] >= self._limits["second"] else None

    def _subcode(self, row: Row, label: str | None) -> str | None:
        head = self._model.heads.get("subcode")
        if head is None or label is None:
            return None
        return next(iter(head.scores(row, [code for code in head.labels if code.startswith(label)])), None)

    def _outcome(self, verdict: Verdict, intents: Mapping[str, float], scores: Mapping[str, float]) -> Outcome:
        if verdict.hit is not None:
            return "sure"
        if verdict.intent == COMPLAINT:
            return outcome(scores, self._limits["close"], self._limits["unsure"])
        return outcome(intents, self._limits["close"], self._limits["intent"])

    def _parts(self, normal: Normal) -> tuple[str, ...]:
        """Return the pieces that are complaints of their own, when they are of different classes."""
        pieces = split_parts(normal.text)
        if len(pieces) < 2:
            return ()
        kept, kinds = [], set()
        for start, end in pieces:
            piece = normal.text[start:end]
            if self._intents(piece)[COMPLAINT] >= self._limits["part"]:
                kept.append(normal.source(start, end))
                kinds.add(next(iter(self._model.heads["class"].scores(self._row(piece)))))
        return tuple(kept) if len(kept) >= 2 and len(kinds) >= 2 else ()

    def _why(
        self, normal: Normal, words: Sequence[Span], row: Row, verdict: Verdict, label: str | None
    ) -> tuple[str, ...]:
        if verdict.hit is not None:
            return (normal.source(verdict.hit.start, verdict.hit.end),)
        head = self._model.heads["class" if label else "intent"]
        support = head.support(row, label or verdict.intent)
        spans = telling_spans(normal.text, words, {self._names[column]: gain for column, gain in support.items()})
        return tuple(normal.source(*span) for span in spans)


def load_ears(model_dir: Path, units: Mapping[str, Sequence[str]] = {}) -> Ears:
    """Load trained ears; `units` maps official names to everyday aliases."""
    return Ears(load_model(model_dir), load_taxonomy(), Cutter(model_dir), units)
