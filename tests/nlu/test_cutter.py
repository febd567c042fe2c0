from nlu.cutter import Cutter


def test_our_words_stay_whole():
    words = list(Cutter().cut("区里要留守儿童表,占了无会日"))
    assert {"留守儿童表", "无会日"} <= set(words)


def test_nothing_is_lost():
    text = "鿕鿖 abc 表12。\n"
    assert "".join(Cutter().cut(text)) == text


def test_places_cover_the_text():
    text = "民政要一张表"
    assert "".join(text[start:end] for start, end in Cutter().places(text)) == text
    assert Cutter().places("") == []
