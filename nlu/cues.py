"""Cues: words and rules that point to a kind of message whatever its subject."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import yaml

from nlu.safety import Safety, load_safety
from nlu.taxonomy import DATA

_LENGTHS = (4, 8, 14, 25, 50, 100)  # a bare fragment is seldom a complaint, a long tale seldom a greeting


@dataclass(frozen=True)
class Cues:
    """The shipped cue words and the safety rules, each a possible mark of a text."""

    patterns: Mapping[str, re.Pattern[str]]
    safety: Safety

    def __call__(self, text: str) -> list[str]:
        """Return the marks of the text: cues that occur, rules that fire, and its length class."""
        marks = [f"cue {name}" for name, pattern in self.patterns.items() if pattern.search(text)]
        marks += [f"{'rule' if hit.strong else 'hint'} {hit.rule.name}" for hit in self.safety.check(text)]
        return [*marks, f"length {bisect_left(_LENGTHS, sum(map(str.isalnum, text)))}"]


@lru_cache(maxsize=1)
def load_cues() -> Cues:
    """Read the shipped cues."""
    raw = yaml.safe_load((DATA / "cues.yaml").read_text(encoding="utf-8"))
    return Cues({str(name): re.compile(str(pattern)) for name, pattern in raw.items()}, load_safety())
