"""What the ears hand over: one frozen value per message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Outcome = Literal["sure", "close", "unsure"]


@dataclass(frozen=True)
class Unit:
    """A unit as it stands in the text, and its official name when the dictionary knows it."""

    name: str
    known: str | None


@dataclass(frozen=True)
class Understanding:
    """Everything read out of one message; every text value is a substring of `text`."""

    text: str
    intent: str
    label: str | None
    label2: str | None
    subcode: str | None
    outcome: Outcome
    confidence: float
    scores: dict[str, float]
    units: tuple[Unit, ...]
    object: str | None
    times: int | None
    per: str | None
    hours: float | None
    deadline: datetime | None
    parts: tuple[str, ...]
    flags: tuple[str, ...]
    referral: str | None
    why: tuple[str, ...]
    engine: str
    raised: tuple[str, str] | None = None
    document: str | None = None
    due: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the shape `jianfu parse` prints: units as strings, the moment as ISO 8601."""
        return {
            "intent": self.intent,
            "label": self.label,
            "label2": self.label2,
            "subcode": self.subcode,
            "outcome": self.outcome,
            "confidence": round(self.confidence, 4),
            "scores": {code: round(value, 4) for code, value in self.scores.items()},
            "units": [unit.name for unit in self.units],
            "object": self.object,
            "times": self.times,
            "per": self.per,
            "hours": self.hours,
            "deadline": self.deadline.isoformat() if self.deadline else None,
            "parts": list(self.parts),
            "flags": list(self.flags),
            "referral": self.referral,
            "why": list(self.why),
            "engine": self.engine,
        }
