import numpy as np
import pytest

from nlu.head import Head, softmax

HEAD = Head(("a", "b", "c"), np.array([[2, 0, 0], [0, 1, 0]], np.float32), np.zeros(3, np.float32), 1.0)
ROW = (np.array([0, 1], np.int32), np.array([1, 1], np.float32))


def test_scores_are_sorted_probabilities():
    scores = HEAD.scores(ROW)
    assert list(scores) == ["a", "b", "c"]
    assert sum(scores.values()) == pytest.approx(1)


def test_among_restricts():
    assert list(HEAD.scores(ROW, ["c", "b"])) == ["b", "c"]
    assert HEAD.scores(ROW, []) == {}


def test_support_names_the_columns_that_spoke():
    assert HEAD.support(ROW, "a") == {0: pytest.approx(2)}
    assert HEAD.support(ROW, "b") == {1: pytest.approx(1)}


def test_chances_stand_each_for_themselves():
    assert HEAD.chances(ROW)["c"] == pytest.approx(0.5)


def test_softmax_survives_large_scores():
    assert softmax(np.array([1000.0, 0.0], np.float32)).tolist() == [1, 0]
