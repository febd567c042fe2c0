"""Rasa's scores under our rules: what the message is, with the facts our own ears found in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from nlu.normalise import Normal
from nlu.rasa.errors import UnavailableError
from nlu.rows import COMPLAINT
from nlu.safety import load_safety
from nlu.taxonomy import Taxonomy
from nlu.understanding import Outcome, Understanding
from nlu.verdict import Verdict, decide, outcome

Scores = Mapping[str, float]
Ask = Callable[[str], Scores | None]

# Flags that do not hang on who judges: what our ears heard of them stays.
_KEPT = ("distress", "long")
# A cry for help counts whoever hears it (Rasa alone hears 0.78 and 0.85 of them, our ears 0.86 and 0.93).
_CRIES = ("distress", "emergency")


class Opinion:
    """Weighs the scores of a server against the safety rules, as our own judge weighs its model."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._classes = tuple(item.code for item in taxonomy.classes)
        self._others = frozenset(taxonomy.intents) - {COMPLAINT}
        self._limits, self._weights = taxonomy.thresholds, taxonomy.weights
        self._safety = load_safety()

    def merged(self, heard: Understanding, normal: Normal, joint: Scores, ask: Ask) -> Understanding:
        """Return `heard` with the server's intent and class, unless a rule decides; `ask` scores another text."""
        intents = self._folded(normal.text, joint)
        hits = self._safety.check(normal.text)
        verdict = decide(normal.text, intents, hits, self._safety, lambda text: self._listen(text, ask))
        if heard.intent in _CRIES and verdict.intent not in _CRIES:
            return heard
        scores = self._class_scores(joint)
        label = next(iter(scores)) if verdict.intent == COMPLAINT else None
        same = (verdict.intent, label) == (heard.intent, heard.label)
        return replace(
            heard,
            intent=verdict.intent,
            label=label,
            label2=heard.label2 if same else self._second(scores, label),
            subcode=heard.subcode if same else None,
            outcome=self._outcome(verdict, intents, scores),
            confidence=scores[label] if label else verdict.confidence,
            scores=scores,
            parts=heard.parts if label else (),
            flags=tuple(dict.fromkeys([*verdict.flags, *(flag for flag in heard.flags if flag in _KEPT)])),
            referral=verdict.referral,
            why=_why(verdict, normal, heard.why if same else ()),
        )

    def _listen(self, text: str, ask: Ask) -> Scores:
        joint = ask(text)
        return {"other": 1.0} if joint is None else self._folded(text, joint)

    def _folded(self, text: str, joint: Scores) -> dict[str, float]:
        """Fold the classes into one intent, and weigh the intents that are possible for this text."""
        self._check(joint)
        intents = {name: joint.get(name, 0.0) for name in self._others}
        intents[COMPLAINT] = sum(joint.get(name, 0.0) for name in self._classes)
        impossible = self._safety.impossible(text)
        for name in intents:
            intents[name] *= 0.0 if name in impossible else self._weights.get(name, 1.0)
        total = sum(intents.values())
        return {name: chance / total for name, chance in intents.items()} if total else {"other": 1.0}

    def _check(self, joint: Scores) -> None:
        """Refuse the scores of a model that was trained on other labels."""
        strange = set(joint) - self._others - set(self._classes)
        if strange or not any(joint.get(name) for name in self._classes):
            raise UnavailableError(f"a model with other labels: {sorted(strange)[:3]}")

    def _class_scores(self, joint: Scores) -> dict[str, float]:
        total = sum(joint.get(name, 0.0) for name in self._classes)
        scores = {name: joint.get(name, 0.0) / total for name in self._classes}
        return dict(sorted(scores.items(), key=lambda item: -item[1]))

    def _second(self, scores: Scores, label: str | None) -> str | None:
        if label is None:
            return None
        second = list(scores)[1]
        return second if scores[second] >= self._limits["second"] else None

    def _outcome(self, verdict: Verdict, intents: Scores, scores: Scores) -> Outcome:
        if verdict.hit is not None:
            return "sure"
        if verdict.intent == COMPLAINT:
            return outcome(scores, self._limits["close"], self._limits["unsure"])
        return outcome(intents, self._limits["close"], self._limits["intent"])


def _why(verdict: Verdict, normal: Normal, local: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of the rule that decided, or what our ears heard when they heard the same."""
    hit = verdict.hit
    return local if hit is None else (normal.source(hit.start, hit.end),)
