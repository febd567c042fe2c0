"""One clean form of a message for every rule and model, with the way back to the original characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

# A message is read up to here: rules and model have long decided by then, and odd input must stay fast.
LIMIT = 1000
# A document to be classified is read up to here.
LONG_LIMIT = 5000
_LONGEST_RUN = 2
_DROPPED = {"Cf", "Cs", "Co", "Cn", "Mn", "Me"}


@dataclass(frozen=True)
class Normal:
    """The clean text; `back[i]` is where its character i starts in the original."""

    text: str
    original: str
    back: tuple[int, ...]
    cut: bool

    def source(self, start: int, end: int) -> str:
        """Return the piece of the original that the clean text's [start, end) came from."""
        if start >= end:
            return ""
        last = self.back[end - 1]
        stop = last + 1
        if end < len(self.back):
            # Dropped characters (zero width, squeezed repeats) inside the piece stay, those behind it do not.
            stop = min(max(stop, last + 1), self.back[end]) if self.back[end] > last else stop
        return self.original[self.back[start] : stop]


def normalise(text: str, simplify: Callable[[str], str], limit: int = LIMIT) -> Normal:
    """Fold width, script, case and elongation; `simplify` turns traditional characters into simplified."""
    pairs = _folded(text[:limit])
    plain = "".join(char for char, _ in pairs)
    simple = simplify(plain)
    if len(simple) != len(plain):
        simple = "".join((simplify(char) + char)[0] for char in plain)
    return Normal(simple, text, tuple(at for _, at in pairs), len(text) > limit)


def simplifier() -> Callable[[str], str]:
    """Return the converter from traditional to simplified characters."""
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def _folded(text: str) -> list[tuple[str, int]]:
    pairs: list[tuple[str, int]] = []
    for at, char in enumerate(text):
        for folded in unicodedata.normalize("NFKC", char).lower():
            if unicodedata.category(folded) in _DROPPED:
                continue
            folded = " " if folded.isspace() or not folded.isprintable() else folded
            if not _elongates(pairs, folded):
                pairs.append((folded, at))
    return pairs


def _elongates(pairs: list[tuple[str, int]], char: str) -> bool:
    """Tell whether `char` only stretches a run: 累啊啊啊啊, !!!!, or one space after another."""
    if char.isdigit() or (char.isascii() and char.isalpha()):
        return False
    longest = 1 if char == " " else _LONGEST_RUN
    return len(pairs) >= longest and all(before == char for before, _ in pairs[-longest:])
