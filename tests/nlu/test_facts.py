import numpy as np

from nlu.amounts import Amount
from nlu.chooser import Chooser
from nlu.facts import choose_amount, choose_object, choose_units, dice
from nlu.spans import Spans

TEXT = "民政局要留守儿童表"
PLACES = [(0, 2), (0, 3), (4, 8), (4, 9)]
SPANS = Spans(PLACES, [], [], [], [], [], lambda at: [], [])


def scores(units=(-9, -9, -9, -9), thing=(-9, -9, -9, -9)):
    return np.array([units, thing], np.float32).T


def test_units_do_not_overlap_and_the_likelier_stays():
    assert choose_units(SPANS, scores((1, 3, -9, -9)), 0.0) == [(0, 3)]
    assert choose_units(SPANS, scores(), 0.0) == []


def test_fixed_units_stand_whatever_their_score():
    assert choose_units(SPANS, scores((1, 3, -9, -9)), 0.0, [(0, 2)]) == [(0, 2)]


def test_the_object_is_the_name_that_shares_most_with_all_likely_ones():
    assert choose_object(TEXT, SPANS, scores(thing=(1.2, -9, 1, 1.1)), 0.0) == (4, 9)


def test_no_object_where_none_is_likelier():
    assert choose_object(TEXT, SPANS, scores(), 0.0) is None
    assert (
        choose_object("", Spans([], [], [], [], [], [], lambda at: [], []), np.zeros((0, 2), np.float32), 0.0) is None
    )


def test_candidates_of_one_value_speak_for_one_another():
    chooser = Chooser({"甲": 0, "乙": 1}, np.array([[1.0], [1.5]], np.float32), np.zeros(1, np.float32))
    amounts = [Amount(0, 1, 3, ("甲",)), Amount(2, 3, 3, ("甲",)), Amount(4, 5, 8, ("乙",))]
    assert choose_amount("times", chooser, amounts).value == 3
    assert choose_amount("times", chooser, amounts[2:]).value == 8
    assert choose_amount("times", chooser, []) is None


def test_an_unlikely_amount_is_none():
    chooser = Chooser({}, np.zeros((0, 1), np.float32), np.array([5.0], np.float32))
    assert choose_amount("times", chooser, [Amount(0, 1, 3, ())]) is None


def test_dice_counts_common_characters_once():
    assert (dice("表", "表"), dice("报表", "表"), dice("表表", "表"), dice("会", "表")) == (1, 2 / 3, 2 / 3, 0)
