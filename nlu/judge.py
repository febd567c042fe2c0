"""What a message is: intent, class, sub-code, how sure, what to mind, and why; rules and model together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlu.extract import Extract
from nlu.features import Row
from nlu.model import Model
from nlu.normalise import Normal
from nlu.parts import split_parts
from nlu.rows import COMPLAINT
from nlu.safety import Safety
from nlu.slots import Span
from nlu.taxonomy import Taxonomy
from nlu.understanding import Outcome
from nlu.verdict import Verdict, decide, outcome
from nlu.why import telling_spans


@dataclass(frozen=True)
class Judgement:
    """The part of an understanding that is opinion, not fact."""

    intent: str
    label: str | None
    label2: str | None
    subcode: str | None
    outcome: Outcome
    confidence: float
    scores: dict[str, float]
    parts: tuple[str, ...]
    flags: tuple[str, ...]
    referral: str | None
    why: tuple[str, ...]


class Judge:
    """Weighs the heads of a model against the safety rules."""

    def __init__(self, model: Model, taxonomy: Taxonomy, safety: Safety, extract: Extract) -> None:
        self._heads = model.heads
        self._features = model.features
        self._names = model.features.names()
        self._limits, self._weights = taxonomy.thresholds, taxonomy.weights
        self._safety = safety
        self._extract = extract

    def judge(self, normal: Normal, words: Sequence[Span], row: Row, joint: Mapping[str, float]) -> Judgement:
        """Judge a clean text by its words, its features, and the model's chances over classes and intents."""
        intents = self._folded(normal.text, joint)
        verdict = decide(normal.text, intents, self._safety.check(normal.text), self._safety, self._intents)
        scores = self._heads["class"].scores(row)
        label = next(iter(scores)) if verdict.intent == COMPLAINT else None
        return Judgement(
            intent=verdict.intent,
            label=label,
            label2=self._second(row, label),
            subcode=self._subcode(row, label),
            outcome=self._outcome(verdict, intents, scores),
            confidence=scores[label] if label else verdict.confidence,
            scores=scores,
            parts=self._parts(normal) if label else (),
            flags=self._flags(verdict, intents, normal.cut),
            referral=verdict.referral,
            why=self._why(normal, words, row, verdict, label),
        )

    def _row(self, text: str) -> Row:
        return self._features.row(self._extract(text))

    def _intents(self, text: str) -> dict[str, float]:
        return self._folded(text, self._heads["intent"].scores(self._row(text)))

    def _folded(self, text: str, joint: Mapping[str, float]) -> dict[str, float]:
        """Fold the classes into one intent, and weigh the intents that are possible for this text."""
        classes = self._heads["class"].labels
        intents = {name: chance for name, chance in joint.items() if name not in classes}
        intents[COMPLAINT] = sum(joint[name] for name in classes)
        impossible = self._safety.impossible(text)
        for name in intents:
            intents[name] *= 0.0 if name in impossible else self._weights.get(name, 1.0)
        total = sum(intents.values())
        return {name: chance / total for name, chance in intents.items()}

    def _second(self, row: Row, label: str | None) -> str | None:
        """Return a class that is complained of besides `label`."""
        if label is None:
            return None
        chances = {name: chance for name, chance in self._heads["also"].chances(row).items() if name != label}
        second = max(chances, key=chances.__getitem__)
        return second if chances[second] >= self._limits["second"] else None

    def _subcode(self, row: Row, label: str | None) -> str | None:
        head = self._heads.get("subcode")
        if head is None or label is None:
            return None
        return next(iter(head.scores(row, [code for code in head.labels if code.startswith(f"{label}-")])), None)

    def _outcome(self, verdict: Verdict, intents: Mapping[str, float], scores: Mapping[str, float]) -> Outcome:
        if verdict.hit is not None:
            return "sure"
        if verdict.intent == COMPLAINT:
            return outcome(scores, self._limits["close"], self._limits["unsure"])
        return outcome(intents, self._limits["close"], self._limits["intent"])

    def _flags(self, verdict: Verdict, intents: Mapping[str, float], cut: bool) -> tuple[str, ...]:
        """Return the flags of the rules, despair that the model half hears, and whether the end was left unread."""
        despair = intents.get("distress", 0.0) >= self._limits["watch"]
        return tuple(dict.fromkeys([*verdict.flags, *["distress"] * despair, *["long"] * cut]))

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
                kinds.add(next(iter(self._heads["class"].scores(self._row(piece)))))
        return tuple(kept) if len(kept) >= 2 and len(kinds) >= 2 else ()

    def _why(
        self, normal: Normal, words: Sequence[Span], row: Row, verdict: Verdict, label: str | None
    ) -> tuple[str, ...]:
        if verdict.hit is not None:
            return (normal.source(verdict.hit.start, verdict.hit.end),)
        support = self._heads["class" if label else "intent"].support(row, label or verdict.intent)
        spans = telling_spans(normal.text, words, {self._names[column]: gain for column, gain in support.items()})
        return tuple(dict.fromkeys(normal.source(*span) for span in spans))
