from nlu.cutter import Cutter
from nlu.extract import WORD, Extract


def test_numerals_become_one_sign():
    extract = Extract({"chars": [1, 2], "words": True}, Cutter())
    assert extract("填三回")[0] == extract("填25回")[0]
    assert "N回" in extract("填三回")[0]


def test_words_are_a_kind_of_their_own():
    extract = Extract({"chars": [1, 1], "words": True}, Cutter())
    assert WORD + "无会日" in extract("周三无会日开会")[1]
    assert extract("表", ["表"])[1] == [WORD + "表"]
    assert len(Extract({"chars": [1, 1], "words": False}, Cutter())("表")) == 1
