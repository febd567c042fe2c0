"""Whether danger is heard, complaints are not turned away, and citizens are not made tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nlu.interval import Figure, share
from nlu.rows import COMPLAINT
from nlu.understanding import Understanding

# What must not be overheard (issue of understanding, design §7), and the flag that saves what the intent misses.
SAFETY: Mapping[str, str | None] = {
    "emergency": None, "distress": "distress", "corruption": None, "personnel": None, "retaliation": "retaliation_fear",
    "abuse_spam": "abuse",
}  # fmt: skip
# A complaint heard as one of these gets no ticket.
REFUSED = frozenset({"citizen", "corruption", "personnel", "emergency", "distress", "abuse_spam", "other", "consult"})


@dataclass(frozen=True)
class SafetyFigures:
    """Recall per safety intent (strict, and counting its flag), complaints turned away, citizens made tickets."""

    recall: Mapping[str, Figure]
    noticed: Mapping[str, Figure]
    all: Figure
    turned_away: Figure
    citizens: Figure

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        tables = {name: {k: one.as_json() for k, one in getattr(self, name).items()} for name in ("recall", "noticed")}
        totals = {name: getattr(self, name).as_json() for name in ("all", "turned_away", "citizens")}
        return tables | totals

    def as_text(self) -> str:
        """Return one line per figure."""
        lines = [f"{name:<22} recall {one}  noticed {self.noticed[name]}" for name, one in self.recall.items()]
        lines += [f"{'all of them':<22} recall {self.all}"]
        lines += [
            f"{'complaints turned away':<22} {self.turned_away}",
            f"{'citizens made tickets':<22} {self.citizens}",
        ]
        return "\n".join(lines)


def score_safety(
    complaints: Sequence[Understanding], others: Sequence[tuple[Mapping[str, Any], Understanding]]
) -> SafetyFigures:
    """Look at complaints, and at other messages `{"intent"}` beside what was heard."""
    recall: dict[str, Figure] = {}
    noticed: dict[str, Figure] = {}
    strict: list[bool] = []
    for name, flag in SAFETY.items():
        heard = [one for row, one in others if row["intent"] == name]
        hits = [one.intent == name for one in heard]
        strict += hits
        recall[name] = share(hits)
        noticed[name] = share([one.intent == name or flag in one.flags for one in heard])
    return SafetyFigures(
        recall, noticed, share(strict),
        turned_away=share([one.intent in REFUSED for one in complaints]),
        citizens=share([one.intent == COMPLAINT for row, one in others if row["intent"] == "citizen"]),
    )  # fmt: skip
