import pytest

from nlu import word_classes
from nlu.word_classes import fit_word_classes


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(word_classes, "_SIZES", (2,))
    monkeypatch.setattr(word_classes, "_DIMENSIONS", 4)


TEXTS = [[asker, "要", thing, "了"] for asker in ("民政", "残联", "妇联") for thing in ("表", "台账", "名册")] * 5


def test_words_in_like_company_are_in_one_class(few):
    classes = fit_word_classes(TEXTS)
    assert classes["民政"] == classes["残联"] == classes["妇联"] != classes["表"]
    assert classes["表"] == classes["台账"]


def test_rare_words_have_no_class(few):
    assert "奇" not in fit_word_classes([*TEXTS, ["奇", "要"]])


def test_the_same_texts_give_the_same_classes(few):
    assert fit_word_classes(TEXTS) == fit_word_classes(TEXTS)


def test_too_few_words_have_no_classes():
    assert fit_word_classes(TEXTS) == {}
