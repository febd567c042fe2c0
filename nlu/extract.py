"""How a text becomes features; the same code for training and for reading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from nlu.features import char_grams

# 三回 and 五回 say the same here: every numeral becomes one sign, upper case so that no text holds it.
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百千万几半\d]+")
_SIGN = "N"
WORD = "\x04"


class Cuts(Protocol):
    """Anything that cuts a text into words."""

    def cut(self, text: str) -> Iterable[str]:
        """Yield the words of the text."""
        ...


class Extract:
    """Makes the kinds of features a model's options name; kinds are told apart by a leading mark."""

    def __init__(self, options: Mapping[str, Any], cutter: Cuts) -> None:
        self._low, self._high = options["chars"]
        self._words = bool(options["words"])
        self._cutter = cutter

    def __call__(self, text: str, words: Iterable[str] | None = None) -> Sequence[Sequence[str]]:
        """Return one list of features per kind; `words` when the text is cut already."""
        kinds: list[Sequence[str]] = [char_grams(_NUMERAL.sub(_SIGN, text), self._low, self._high)]
        if self._words:
            cut = self._cutter.cut(text) if words is None else words
            kinds.append([WORD + _NUMERAL.sub(_SIGN, word) for word in cut if not word.isspace()])
        return kinds
