"""Text features: character n-grams, words and rule cues, weighted by TF-IDF, each kind on equal footing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Row = tuple[Ints, Floats]
Extract = Callable[[str], Sequence[Sequence[str]]]  # text -> one list of features per kind


def char_grams(text: str, low: int, high: int) -> list[str]:
    """Return all character n-grams of the text, blanks left out, with marks for its two ends."""
    body = "\x02" + "".join(text.split()) + "\x03"
    return [body[i : i + n] for n in range(low, high + 1) for i in range(len(body) - n + 1)]


@dataclass(frozen=True)
class Features:
    """A fitted vocabulary: feature -> column, and the inverse document frequency of each column."""

    columns: dict[str, int]
    idf: Floats

    def row(self, kinds: Sequence[Sequence[str]]) -> Row:
        """Return columns and values of one text; every kind has length one before they are joined."""
        index: list[int] = []
        parts: list[Floats] = []
        for kind in kinds:
            counts = Counter(column for f in kind if (column := self.columns.get(f)) is not None)
            if not counts:
                continue
            places = list(counts)
            values = (1.0 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.idf[places]
            index.extend(places)
            parts.append(values / np.linalg.norm(values))
        joined = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return np.asarray(index, np.int32), joined.astype(np.float32)

    def names(self) -> list[str]:
        """Return the features in column order."""
        return sorted(self.columns, key=self.columns.__getitem__)


def fit_features(documents: Iterable[Sequence[Sequence[str]]]) -> Features:
    """Learn the vocabulary and smoothed document frequencies.

    Features seen once stay: leaving them out cost a point of macro-F1 on short messages.
    """
    seen: Counter[str] = Counter()
    total = 0
    for kinds in documents:
        total += 1
        seen.update({feature for kind in kinds for feature in kind})
    kept = sorted(seen)
    idf = [math.log((1 + total) / (1 + seen[feature])) + 1 for feature in kept]
    return Features({feature: at for at, feature in enumerate(kept)}, np.asarray(idf, np.float32))
