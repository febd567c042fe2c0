"""Text features: character n-grams and words weighted by TF-IDF, each kind on equal footing, and a few marks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Row = tuple[Ints, Floats]

# What one mark weighs beside a kind of length one; at 0.5 marks began to drown words, at 0.15 they said little.
_MARK = 0.3


@dataclass(frozen=True)
class Document:
    """The features of one text: n-grams and words to be weighted, marks that are there or not."""

    kinds: Sequence[Sequence[str]]
    marks: Sequence[str] = ()

    def all(self) -> set[str]:
        """Return every feature once."""
        return {*self.marks}.union(*self.kinds)


def char_grams(text: str, low: int, high: int) -> list[str]:
    """Return all character n-grams of the text, blanks left out, with marks for its two ends."""
    body = "\x02" + "".join(text.split()) + "\x03"
    return [body[i : i + n] for n in range(low, high + 1) for i in range(len(body) - n + 1)]


@dataclass(frozen=True)
class Features:
    """A fitted vocabulary: feature -> column, and the inverse document frequency of each column."""

    columns: dict[str, int]
    idf: Floats

    def row(self, document: Document) -> Row:
        """Return columns and values of one text; every kind has length one before they are joined."""
        index: list[int] = []
        parts: list[Floats] = []
        for kind in document.kinds:
            counts = Counter(column for f in kind if (column := self.columns.get(f)) is not None)
            if not counts:
                continue
            places = list(counts)
            values = (1.0 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.idf[places]
            index.extend(places)
            parts.append(values / np.linalg.norm(values))
        marks = [column for mark in document.marks if (column := self.columns.get(mark)) is not None]
        values = np.concatenate([*parts, np.full(len(marks), _MARK, np.float32)])
        return np.asarray(index + marks, np.int32), values.astype(np.float32)

    def names(self) -> list[str]:
        """Return the features in column order."""
        return sorted(self.columns, key=self.columns.__getitem__)


def fit_features(documents: Iterable[Document]) -> Features:
    """Learn the vocabulary and smoothed document frequencies.

    Features seen once stay: leaving them out cost a point of macro-F1 on short messages.
    """
    seen: Counter[str] = Counter()
    total = 0
    for document in documents:
        total += 1
        seen.update(document.all())
    kept = sorted(seen)
    idf = [math.log((1 + total) / (1 + seen[feature])) + 1 for feature in kept]
    return Features({feature: at for at, feature in enumerate(kept)}, np.asarray(idf, np.float32))
