from nlu.why import telling_spans

WORDS = [(0, 2), (2, 4), (4, 5), (5, 6)]


def test_the_strongest_words_joined():
    text = "每天打卡啊。"
    assert telling_spans(text, WORDS, {"打卡": 2.0, "每天": 1.5, "啊": 0.1}) == [(0, 4)]
    assert telling_spans(text, WORDS, {"打卡": 2.0, "每天": 0.5}) == [(2, 4)]


def test_nothing_spoke():
    assert telling_spans("每天打卡啊。", WORDS, {}) == []
    assert telling_spans("", [], {"打": 1.0}) == []
