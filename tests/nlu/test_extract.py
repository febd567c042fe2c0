from nlu.cutter import Cutter
from nlu.extract import MARK, WORD, Extract


def test_numerals_become_one_sign():
    extract = Extract({"chars": [1, 2], "cues": False}, Cutter())
    assert extract("填三回").kinds[0] == extract("填25回").kinds[0]
    assert "N回" in extract("填三回").kinds[0]


def test_words_are_a_kind_of_their_own():
    extract = Extract({"chars": [1, 1], "cues": False}, Cutter())
    assert WORD + "无会日" in extract("周三无会日开会").kinds[1]
    assert extract("表", ["表"]).kinds[1] == [WORD + "表"]
    assert extract("表").marks == []


def test_cues_are_marks():
    marks = Extract({"chars": [1, 1], "cues": True}, Cutter())("转人工").marks
    assert marks == [MARK + "cue person", MARK + "length 0"]
