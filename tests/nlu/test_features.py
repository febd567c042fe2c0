import numpy as np

from nlu.features import Document, char_grams, fit_features


def test_grams_have_ends_and_no_blanks():
    assert char_grams("表 多", 1, 2) == ["\x02", "表", "多", "\x03", "\x02表", "表多", "多\x03"]


def test_each_kind_has_length_one_and_marks_a_fixed_weight():
    features = fit_features([Document([["a", "b"], ["x"]], ["m"]), Document([["a"], ["y"]])])
    index, values = features.row(Document([["a", "b", "unseen"], ["x"]], ["m", "unseen"]))
    names = features.names()
    by_name = {names[column]: value for column, value in zip(index, values, strict=True)}
    assert np.isclose(by_name["a"] ** 2 + by_name["b"] ** 2, 1)
    assert np.isclose(by_name["x"], 1)
    assert np.isclose(by_name["m"], 0.3)
    assert by_name["b"] > by_name["a"]  # seen in fewer documents


def test_nothing_known_is_an_empty_row():
    index, values = fit_features([Document([["a"]])]).row(Document([["z"]]))
    assert len(index) == len(values) == 0
