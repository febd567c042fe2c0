"""How alike two texts are: the share of two-character pieces they have in common (Dice), punctuation apart."""

import re
from collections import Counter

_NOISE = re.compile(r"[\W_]+")


def pieces(text: str) -> Counter[str]:
    """The two-character pieces of a text."""
    bare = _NOISE.sub("", text.lower())
    return Counter(bare[i : i + 2] for i in range(len(bare) - 1))


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """0 for nothing in common, 1 for the same."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
