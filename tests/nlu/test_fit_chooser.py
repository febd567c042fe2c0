import numpy as np
import pytest

from nlu.fit_chooser import Choices, Plain, as_chooser, count_columns, fit_choice, fit_each_span

# Three messages: 次 is meant where it stands, 岁 never is.
MARKS = [["次"], ["岁"], ["岁"], ["次"]] * 5
MESSAGE = np.tile([0, 0, 1, 2], 5) + 3 * np.repeat(np.arange(5), 4)
CHOICES = Choices(MESSAGE, np.array([True, False, False, True] * 5), np.array([False, True, False] * 5))


def fitted(fit):
    columns = count_columns(MARKS, 1)
    return as_chooser(columns, [fit(Plain(columns, MARKS), len(columns))])


def test_a_choice_is_learned_and_so_is_none():
    chooser = fitted(lambda design, size: fit_choice(design, CHOICES, size, 10.0))
    chances = chooser.chances([["次"], ["岁"]])
    assert chances[0] > 0.8 and chances[1] < 0.1
    assert chooser.chances([["岁"]])[0] < 0.3


def test_each_candidate_is_judged_by_itself():
    right = CHOICES.right.astype(float)
    chooser = fitted(lambda design, size: fit_each_span(design, right, np.ones(len(right)), size, 10.0))
    scores = chooser.sums([["次"], ["岁"]])[:, 0] - chooser.none[0]
    assert scores[0] > 0 > scores[1]


def test_candidates_that_count_nothing_teach_nothing():
    right = CHOICES.right.astype(float)
    chooser = fitted(lambda design, size: fit_each_span(design, 1 - right, np.zeros(len(right)), size, 10.0))
    assert not chooser.columns


def test_the_slope_is_that_of_the_scores():
    design = Plain({"次": 0, "岁": 1}, MARKS)
    slopes = np.linspace(-1, 1, len(MARKS))
    ahead = design.scores(np.array([1e-3, 0])) @ slopes - design.scores(np.zeros(2)) @ slopes
    assert ahead / 1e-3 == pytest.approx(design.gradient(slopes)[0])


def test_rare_features_have_no_column():
    assert count_columns([["甲", "乙"], ["甲"]], 2) == {"甲": 0}
