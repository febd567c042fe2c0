"""Classes of words that stand in like company (台账 and 表, 妇联 and 民政), learned from our own rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

_SIZES = (128, 400)  # from coarse to fine
_DIMENSIONS = 50
_LEAST = 3  # rarer words have too little company
_CONTEXT = 2000
_OFFSETS = (-2, -1, 1, 2)


def fit_word_classes(texts: Sequence[Sequence[str]]) -> dict[str, tuple[int, ...]]:
    """Return word -> its class in every partition; `texts` are lists of words."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn

    seen = Counter(word for words in texts for word in words)
    known = sorted((word for word, times in seen.items() if times >= _LEAST), key=lambda word: (-seen[word], word))
    if len(known) < 2 * max(_SIZES):
        return {}
    with threadpool_limits(1):
        vectors = _vectors(_company(texts, known))
        labels = [_partition(vectors, size) for size in _SIZES]
    return {word: tuple(int(label[at]) for label in labels) for at, word in enumerate(known)}


def _company(texts: Sequence[Sequence[str]], known: Sequence[str]) -> Any:
    """Count which common words stand one and two places left and right of each known word."""
    from scipy.sparse import coo_matrix

    places = {word: at for at, word in enumerate(known)}
    rows, columns = [], []
    for words in texts:
        row = [places.get(word, -1) for word in words]
        for side, offset in enumerate(_OFFSETS):
            for at in range(max(0, -offset), min(len(row), len(row) - offset)):
                word, other = row[at], row[at + offset]
                if word >= 0 and 0 <= other < _CONTEXT:
                    rows.append(word)
                    columns.append(other + _CONTEXT * side)
    shape = (len(known), _CONTEXT * len(_OFFSETS))
    return coo_matrix((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr()


def _vectors(counts: Any) -> Any:
    """Turn counts into positive pointwise mutual information and that into short vectors."""
    from scipy.sparse import csr_matrix
    from sklearn.utils.extmath import randomized_svd

    total, words = counts.sum(), np.asarray(counts.sum(axis=1)).ravel()
    others = np.asarray(counts.sum(axis=0)).ravel() ** 0.75
    pairs = counts.tocoo()
    ratio = pairs.data * total**0.75 / (words[pairs.row] * others[pairs.col])
    positive = csr_matrix((np.maximum(np.log(ratio), 0), (pairs.row, pairs.col)), shape=counts.shape)
    left, strength, _ = randomized_svd(positive, _DIMENSIONS, n_iter=2, random_state=0)
    vectors = left * np.sqrt(strength)
    return vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)


def _partition(vectors: Any, size: int) -> Any:
    from sklearn.cluster import MiniBatchKMeans

    starts = vectors[:: max(1, len(vectors) // size)][:size]
    return MiniBatchKMeans(size, init=starts, n_init=1, max_iter=20, random_state=0).fit_predict(vectors)
