import numpy as np
import pytest

from nlu.chooser import Chooser, find_columns, shares

CHOOSER = Chooser({"甲": 0, "乙": 1}, np.array([[1, 0], [2, -1]], np.float32), np.array([0.5, 0], np.float32))


def test_sums_leave_out_what_is_not_known():
    assert CHOOSER.sums([["甲", "乙"], [], ["丙", "乙"]]).tolist() == [[3, -1], [0, 0], [2, -1]]


def test_chances_leave_room_for_none():
    chances = CHOOSER.chances([["甲"], ["乙"]])
    assert chances[1] > chances[0] and 0 < chances.sum() < 1
    assert CHOOSER.chances([]).tolist() == []


def test_unknown_features_have_the_column_behind_the_last():
    found, ends = find_columns({"甲": 0}, [["甲", "丙"], []])
    assert (found.tolist(), ends.tolist()) == ([0, 1], [0, 2, 2])


def test_shares_of_huge_scores_stay_numbers():
    assert shares(np.array([900, 0], np.float32), -900.0).tolist() == pytest.approx([1, 0])
