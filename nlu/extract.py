"""How a text becomes features; the same code for training and for reading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from nlu.cues import load_cues
from nlu.features import Document, char_grams

# 三回 and 五回 say the same here: every numeral becomes one sign, upper case so that no text holds it.
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百千万几半\d]+")
_SIGN = "N"
WORD, MARK = "\x04", "\x05"


class Cuts(Protocol):
    """Anything that cuts a text into words."""

    def cut(self, text: str) -> Iterable[str]:
        """Yield the words of the text."""
        ...


class Extract:
    """Makes the kinds of features a model's options name; kinds are told apart by a leading mark."""

    def __init__(self, options: Mapping[str, Any], cutter: Cuts) -> None:
        self._low, self._high = options["chars"]
        self._cues = load_cues() if options["cues"] else None
        self._cutter = cutter

    def __call__(self, text: str, words: Iterable[str] | None = None) -> Document:
        """Return the features of a clean text; `words` when it is cut already."""
        cut = self._cutter.cut(text) if words is None else words
        return Document(
            kinds=(
                char_grams(_NUMERAL.sub(_SIGN, text), self._low, self._high),
                [WORD + _NUMERAL.sub(_SIGN, word) for word in cut if not word.isspace()],
            ),
            marks=[MARK + mark for mark in self._cues(text)] if self._cues else [],
        )
