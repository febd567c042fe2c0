"""Fitting heads: two linear learners that err differently, joined and calibrated on scores they were not fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.features import Features, Floats, Row
from nlu.head import Head, softmax

FOLDS = 5
_TEMPERATURES = np.geomspace(0.02, 3.0, 60)
_ABSENT = -10.0  # the score of a label that a fold has not seen

Linear = tuple[Floats, Floats]  # weights (features x labels), bias
Target = NDArray[np.int64]


def matrix(features: Features, rows: Sequence[Row]) -> Any:
    """Stack rows into a sparse matrix."""
    from scipy.sparse import csr_matrix

    starts = np.cumsum([0] + [len(index) for index, _ in rows])
    columns = np.concatenate([index for index, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return csr_matrix((values, columns, starts), shape=(len(rows), len(features.idf)))


def fit_head(data: Any, labels: Sequence[str], groups: Sequence[str] | None = None) -> Head:
    """Fit one head on all rows; temperatures come from cross-validated scores."""
    names = tuple(sorted(set(labels)))
    target = np.array([names.index(label) for label in labels])
    held_out = _cross_scores(data, target, len(names), groups)
    shares = [best_temperature(scores, target) for scores in held_out]
    joint = sum((scores / share for scores, share in zip(held_out, shares, strict=True)), np.float32(0))
    members = _members(data, target, len(names))
    weights = sum((member[0] / share for member, share in zip(members, shares, strict=True)), np.float32(0))
    bias = sum((member[1] / share for member, share in zip(members, shares, strict=True)), np.float32(0))
    return Head(names, np.asarray(weights), np.asarray(bias), best_temperature(np.asarray(joint), target))


def best_temperature(scores: Floats, target: Target) -> float:
    """Return the temperature with the least log loss on held-out scores."""
    rows = np.arange(len(target))

    def loss(temperature: float) -> float:
        chances = softmax((scores / temperature).astype(np.float32))[rows, target]
        return float(-np.log(np.maximum(chances, 1e-9)).mean())

    return min((float(value) for value in _TEMPERATURES), key=loss)


def _members(data: Any, target: Target, size: int) -> list[Linear]:
    return [_machine(data, target, size), _bayes(data, target, size)]


def _machine(data: Any, target: Target, size: int) -> Linear:
    """Fit a linear SVM per label; rare labels weigh more, by the square root of their rarity."""
    from sklearn.svm import LinearSVC

    counts = np.bincount(target, minlength=size)
    weight = {at: float(np.sqrt(counts.max() / n)) for at, n in enumerate(counts) if n}
    machine = LinearSVC(C=0.3, class_weight=weight, random_state=0).fit(data, target)
    coefficients, offsets = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:
        coefficients, offsets = np.vstack([-coefficients, coefficients]), np.concatenate([-offsets, offsets])
    return _spread(machine.classes_, coefficients, offsets, size)


def _bayes(data: Any, target: Target, size: int) -> Linear:
    """Fit complement naive Bayes, which is linear too and strong where rows are few."""
    from sklearn.naive_bayes import ComplementNB

    bayes = ComplementNB(alpha=0.5).fit(data, target)
    return _spread(bayes.classes_, bayes.feature_log_prob_, np.zeros(len(bayes.classes_)), size)


def _spread(classes: Target, coefficients: Any, offsets: Any, size: int) -> Linear:
    """Put the columns of the labels a learner has seen at their places among all labels."""
    weights = np.zeros((coefficients.shape[1], size), np.float32)
    bias = np.full(size, _ABSENT, np.float32)
    weights[:, classes], bias[classes] = coefficients.T, offsets
    return weights, bias


def _cross_scores(data: Any, target: Target, size: int, groups: Sequence[str] | None) -> list[Floats]:
    scores = [np.zeros((len(target), size), np.float32) for _ in range(2)]
    for train, test in _splits(target, groups):
        for held_out, (weights, bias) in zip(scores, _members(data[train], target[train], size), strict=True):
            held_out[test] = data[test] @ weights + bias
    return scores


def _splits(target: Target, groups: Sequence[str] | None) -> list[tuple[Any, Any]]:
    """Leave whole voices out where every label has several: a voice it has heard flatters a model."""
    from sklearn.model_selection import GroupKFold, StratifiedKFold

    if groups is not None and _voices(target, groups) >= 3:
        return list(GroupKFold(min(FOLDS, len(set(groups)))).split(target, target, groups))
    folds = max(2, min(FOLDS, int(np.bincount(target).min())))
    return list(StratifiedKFold(folds, shuffle=True, random_state=0).split(target, target))


def _voices(target: Target, groups: Sequence[str]) -> int:
    """Return how many voices the label with the fewest has."""
    heard: dict[int, set[str]] = {}
    for label, group in zip(target, groups, strict=True):
        heard.setdefault(int(label), set()).add(group)
    return min(map(len, heard.values()))
