"""Fitting heads: two linear learners that err differently, joined and calibrated on scores they were not fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.features import Features, Floats, Row
from nlu.head import Head, softmax

FOLDS = 3
_TEMPERATURES = np.geomspace(0.02, 3.0, 60)
_ABSENT = -50.0  # the score of a label that a fold has not seen

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


def fit_each(data: Any, labels: Sequence[frozenset[str]]) -> Head:
    """Fit one yes-or-no decision per label, for rows that may have several."""
    from sklearn.linear_model import LogisticRegression

    names = tuple(sorted(frozenset().union(*labels)))
    fitted = [LogisticRegression(C=10, solver="liblinear").fit(data, [name in row for row in labels]) for name in names]
    weights = np.stack([one.coef_[0] for one in fitted], axis=1).astype(np.float32)
    return Head(names, weights, np.asarray([one.intercept_[0] for one in fitted], np.float32), 1.0)


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
    """Fit a linear SVM per label, every label with the same total weight."""
    from sklearn.svm import LinearSVC

    counts = np.bincount(target, minlength=size)
    weight = {at: float(counts.max() / n) for at, n in enumerate(counts) if n}
    machine = LinearSVC(C=0.3, class_weight=weight, random_state=0).fit(data, target)
    coefficients, offsets = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:
        coefficients, offsets = np.vstack([-coefficients, coefficients]), np.concatenate([-offsets, offsets])
    return _spread(machine.classes_, coefficients, offsets, size)


def _bayes(data: Any, target: Target, size: int) -> Linear:
    """Fit multinomial naive Bayes, linear too and strong where rows are few; every label weighs the same."""
    from sklearn.naive_bayes import MultinomialNB

    counts = np.bincount(target, minlength=size)
    weight = counts.max() / np.maximum(counts, 1)
    bayes = MultinomialNB(alpha=0.1, fit_prior=False).fit(data, target, sample_weight=weight[target])
    return _spread(bayes.classes_, bayes.feature_log_prob_, bayes.class_log_prior_, size)


def _spread(classes: Target, coefficients: Any, offsets: Any, size: int) -> Linear:
    """Put the columns of the labels a learner has seen at their places among all labels."""
    weights = np.zeros((coefficients.shape[1], size), np.float32)
    bias = np.full(size, _ABSENT, np.float32)
    weights[:, classes], bias[classes] = coefficients.T, offsets
    return weights, bias


def _cross_scores(data: Any, target: Target, size: int, groups: Sequence[str] | None) -> list[Floats]:
    scores = [np.zeros((len(target), size), np.float32) for _ in range(2)]
    for train, test in _splits(target, groups):
        if len(set(target[train])) < 2:
            continue  # a handful of rows: nothing to calibrate on
        for held_out, (weights, bias) in zip(scores, _members(data[train], target[train], size), strict=True):
            held_out[test] = data[test] @ weights + bias
    return scores


def _splits(target: Target, groups: Sequence[str] | None) -> list[tuple[Any, Any]]:
    """Leave whole voices out where every label has several: a voice it has heard flatters a model."""
    if groups is not None and _voices(target, groups) >= 3:
        voices = sorted(set(groups))
        fold = np.array([voices.index(group) % FOLDS for group in groups])
    else:
        # Deal the rows of each label round and round: every fold gets its share of every label.
        order = np.argsort(target, kind="stable")
        fold = np.empty(len(target), np.int64)
        fold[order] = np.arange(len(target)) % FOLDS
    return [(np.flatnonzero(fold != n), np.flatnonzero(fold == n)) for n in sorted(set(fold.tolist()))]


def _voices(target: Target, groups: Sequence[str]) -> int:
    """Return how many voices the label with the fewest has."""
    heard: dict[int, set[str]] = {}
    for label, group in zip(target, groups, strict=True):
        heard.setdefault(int(label), set()).add(group)
    return min(map(len, heard.values()))
