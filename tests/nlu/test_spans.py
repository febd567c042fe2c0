import numpy as np

from nlu.chooser import Chooser
from nlu.cutter import Cutter
from nlu.spans import Hints, class_words, find_spans, score_spans

TEXT = "民政要一遍,留守儿童表填三回"
HINTS = Hints("repeat_reports", {(0, 2): True}, (6, 11), {"表": 3}, frozenset({"一遍"}))


def spans(text=TEXT, hints=HINTS):
    return find_spans(text, Cutter().places(text), hints, {"民政": (4, 7)})


def names(found, text=TEXT):
    return [text[start:end] for start, end in found.places]


def test_candidates_are_runs_of_words_within_a_clause():
    assert {"民政", "民政要", "留守儿童表"} <= set(names(spans()))
    assert not any("," in name for name in names(spans()))
    assert max(map(len, names(spans()))) <= 12


def test_a_unit_that_a_word_hides_is_a_candidate():
    text = "先去了市监查完"
    tokens = [(0, 1), (1, 3), (3, 4), (4, 6), (6, 7)]
    hints = Hints("", {(3, 5): True}, None, {})
    assert "市监" in names(find_spans(text, tokens, hints, {}), text)
    assert "市监" not in names(find_spans(text, tokens, Hints("", {}, None, {}), {}), text)


def test_hints_are_features_of_their_candidate_alone():
    found = spans()
    own = {name: found.own(at) for at, name in enumerate(names(found))}
    assert "0uTrue" in own["民政"] and "0r" in own["留守儿童表"]
    assert "0uTrue" not in own["民政要"] and "0r" not in own["要"]


def test_scores_are_sums_over_first_last_inner_words_and_the_whole():
    found = spans()
    chooser = Chooser({"d民政": 0, "m要": 1, "F要": 2, "1民政要": 3}, np.array([[1], [10], [100], [1000]], np.float32),
                      np.zeros(1, np.float32))  # fmt: skip
    scores = dict(zip(names(found), score_spans(chooser, found)[:, 0].tolist(), strict=True))
    assert (scores["民政"], scores["民政要"], scores["要"]) == (1, 1111, 10)


def test_a_long_text_has_no_more_candidates_than_its_beginning():
    assert len(spans("表会" * 300, Hints("", {}, None, {})).places) == len(
        spans("表会" * 490, Hints("", {}, None, {})).places
    )


def test_nothing_has_no_candidates():
    for text in ("", " ", "。。", "😀"):
        found = spans(text, Hints("", {}, None, {}))
        assert (
            found.places == [] and len(score_spans(Chooser({}, np.zeros((0, 2), np.float32), np.zeros(2)), found)) == 0
        )


def test_words_of_classes_have_one_sign_for_numerals():
    assert class_words(["三回", " ", "表"]) == ["N回", "表"]
