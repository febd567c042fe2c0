"""Rules and model weighed against each other: what the message is, how sure, what to mind, where to send it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nlu.rows import COMPLAINT
from nlu.safety import Hit, Safety
from nlu.understanding import Outcome

_BY_RULE = 0.9  # a strong rule is right about this often
_WEAK_YIELDS = 0.5
_HINT = 3.0
_MEANINGFUL = 4  # fewer characters beside an insult or a secrecy mark are no matter of their own

Scores = Mapping[str, float]


@dataclass(frozen=True)
class Verdict:
    """The intent, its confidence, flags, referral, and the rule that decided, if one did."""

    intent: str
    confidence: float
    flags: tuple[str, ...]
    referral: str | None
    hit: Hit | None


def decide(text: str, intents: Scores, hits: Sequence[Hit], safety: Safety, listen: Callable[[str], Scores]) -> Verdict:
    """Let the first rule that does not yield to the model decide, else the model.

    `listen` gives the model's intents for another text: beside an insult, a secrecy mark or a fear there may be
    a matter, and only the words beside it can tell.
    """
    intents = _hinted(intents, hits)
    decided = next((hit for hit in hits if _decides(hit) and not _yields(hit, text, intents, listen)), None)
    if decided is not None:
        intent = str(decided.rule.intent)
        confidence = max(_BY_RULE, intents.get(intent, 0.0))
    else:
        aside = next((hit for hit in hits if hit.rule.aside), None)
        scores = listen(_beside(text, aside)) if aside else intents
        intent, confidence = max(scores.items(), key=lambda item: item[1])
    return Verdict(intent, confidence, _flags(intent, hits), _referral(text, intent, hits, safety), decided)


def outcome(scores: Scores, close: float, unsure: float) -> Outcome:
    """Say whether the best score can be acted on, needs two buttons, or a human eye."""
    ranked = sorted(scores.values(), reverse=True)
    if not ranked or ranked[0] < unsure:
        return "unsure"
    return "close" if len(ranked) > 1 and ranked[0] - ranked[1] < close else "sure"


def _decides(hit: Hit) -> bool:
    return hit.rule.intent is not None and (hit.strong or hit.rule.aside is not None)


def _hinted(intents: Scores, hits: Sequence[Hit]) -> Scores:
    """Raise the chances of what weak hits hint at."""
    hinted = {hit.rule.intent for hit in hits if not _decides(hit)}
    raised = {intent: chance * (_HINT if intent in hinted else 1) for intent, chance in intents.items()}
    total = sum(raised.values())
    return {intent: chance / total for intent, chance in raised.items()}


def _yields(hit: Hit, text: str, intents: Scores, listen: Callable[[str], Scores]) -> bool:
    limit = hit.rule.yields if hit.strong else _WEAK_YIELDS
    if hit.rule.aside is None:
        return intents.get(COMPLAINT, 0.0) >= limit
    rest = _beside(text, hit)
    if sum(char.isalnum() for char in rest) < _MEANINGFUL:
        return False
    scores = listen(rest)
    rivals = {i: p for i, p in scores.items() if i != hit.rule.intent} if hit.rule.aside == "span" else scores
    return (max(rivals.values()) if hit.rule.aside == "span" else scores.get(COMPLAINT, 0.0)) >= limit


def _beside(text: str, hit: Hit) -> str:
    """Return the text without the hit, or without the whole clause around it."""
    start, end = hit.start, hit.end
    if hit.rule.aside == "clause":
        start = max((text.rfind(mark, 0, start) + 1 for mark in ",。;!? "), default=0)
        ends = [place for mark in ",。;!? " if (place := text.find(mark, end)) >= 0]
        end = min(ends, default=len(text))
    return text[:start] + text[end:]


def _flags(intent: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Keep each flag once; a hint raises none, fear of revenge is a flag inside a complaint, an intent outside."""
    flags = [hit.rule.flag for hit in hits if hit.rule.flag and (hit.strong or hit.rule.aside)]
    return tuple(dict.fromkeys(f for f in flags if f != "retaliation_fear" or intent == COMPLAINT))


def _referral(text: str, intent: str, hits: Sequence[Hit], safety: Safety) -> str | None:
    if intent == "other":
        return "appeal" if any(hit.rule.name == "lawsuit" for hit in hits) else None
    return safety.referral(intent, text)
