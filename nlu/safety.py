"""Rules that come before the model: danger, secrets, misconduct, abuse, fear; patterns are data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from nlu.errors import RuleError
from nlu.taxonomy import DATA

Patterns = tuple[tuple[str, re.Pattern[str]], ...]


@dataclass(frozen=True)
class Rule:
    """One rule: strong patterns decide alone, weak ones only without a complaint."""

    name: str
    intent: str | None
    flag: str | None
    yields: float
    aside: str | None
    strong: re.Pattern[str] | None
    weak: re.Pattern[str] | None
    unless: re.Pattern[str] | None


@dataclass(frozen=True)
class Hit:
    """A rule that fired on [start, end) of the clean text."""

    rule: Rule
    strong: bool
    start: int
    end: int


@dataclass(frozen=True)
class Calm:
    """What rules a cry for help out, and for which intents."""

    intents: frozenset[str]
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Safety:
    """All rules, and where each intent is sent."""

    rules: tuple[Rule, ...]
    needs: Mapping[str, re.Pattern[str]]
    calm: Calm
    referrals: Mapping[str, Patterns]

    def impossible(self, text: str) -> frozenset[str]:
        """Return the intents the text lacks something for: no question to consult, no cry in a plain burden."""
        lacking = {intent for intent, need in self.needs.items() if not need.search(text)}
        if self.calm.pattern.search(text):
            lacking |= self.calm.intents - {str(hit.rule.intent) for hit in self.check(text)}
        return frozenset(lacking)

    def check(self, text: str) -> list[Hit]:
        """Return the rules that fire on the text, in order of precedence."""
        return [hit for rule in self.rules if (hit := _hit(text, rule)) is not None]

    def referral(self, intent: str, text: str) -> str | None:
        """Return where to send the person, by what the message names."""
        return next((code for code, pattern in self.referrals.get(intent, ()) if pattern.search(text)), None)


@lru_cache(maxsize=1)
def load_safety() -> Safety:
    """Read and compile the shipped rules."""
    raw = yaml.safe_load((DATA / "safety.yaml").read_text(encoding="utf-8"))
    return Safety(
        tuple(_rule(item) for item in raw["rules"]),
        {intent: re.compile(pattern) for intent, pattern in raw["needs"].items()},
        Calm(frozenset(raw["calm"]["intents"]), re.compile(raw["calm"]["pattern"])),
        {intent: tuple((c, re.compile(p)) for c, p in pairs) for intent, pairs in raw["referrals"].items()},
    )


def _hit(text: str, rule: Rule) -> Hit | None:
    for pattern, strong in ((rule.strong, True), (rule.weak, False)):
        match = pattern.search(text) if pattern else None
        if match:
            taken_back = rule.unless is not None and rule.unless.search(text)
            return None if taken_back else Hit(rule, strong, *match.span())
    return None


def _rule(raw: dict[str, Any]) -> Rule:
    try:
        return Rule(
            name=raw["name"],
            intent=raw.get("intent"),
            flag=raw.get("flag"),
            yields=float(raw.get("yields", 0)),
            aside=raw.get("aside"),
            strong=_joined(raw.get("strong")),
            weak=_joined(raw.get("weak")),
            unless=_joined(raw.get("unless")),
        )
    except (KeyError, re.error) as error:
        raise RuleError(f"{raw.get('name')}: {error}") from error


def _joined(patterns: Sequence[str] | None) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None
