"""Cutting Chinese text into words: jieba with our dictionary."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path

from nlu.taxonomy import DATA

USER_WORDS = DATA / "user_dict.txt"


class Cutter:
    """jieba with our words and without its guessing model, which is slow on odd input and hides rare words.

    The dictionary behind it is jieba's own, one per process, loaded once (60 MB).
    """

    def __init__(self, cache: Path | None = None) -> None:
        import jieba

        jieba.setLogLevel(logging.CRITICAL)
        self._jieba = jieba.dt
        if cache is not None and not self._jieba.initialized:
            self._jieba.tmp_dir = str(cache)  # the shared temp folder belongs to whoever was first
        with USER_WORDS.open(encoding="utf-8") as words:
            self._jieba.load_userdict(words)

    def cut(self, text: str, cut_all: bool = False) -> Iterator[str]:
        """Yield the words; the signature is the one spaCy calls."""
        yield from self._jieba.cut(text, cut_all=cut_all, HMM=False)

    def places(self, text: str) -> list[tuple[int, int]]:
        """Return where each word starts and ends."""
        ends = list(accumulate(map(len, self.cut(text)), initial=0))
        return list(pairwise(ends))
