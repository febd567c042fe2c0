import numpy as np

from nlu.features import char_grams, fit_features


def test_grams_have_ends_and_no_blanks():
    assert char_grams("表 多", 1, 2) == ["\x02", "表", "多", "\x03", "\x02表", "表多", "多\x03"]


def test_each_kind_has_length_one():
    features = fit_features([[["a", "b"], ["x"]], [["a"], ["y"]]])
    index, values = features.row([["a", "b", "unseen"], ["x"]])
    names = features.names()
    by_name = {names[column]: value for column, value in zip(index, values, strict=True)}
    assert np.isclose(by_name["a"] ** 2 + by_name["b"] ** 2, 1)
    assert np.isclose(by_name["x"], 1)
    assert by_name["b"] > by_name["a"]  # seen in fewer documents


def test_nothing_known_is_an_empty_row():
    index, values = fit_features([[["a"]]]).row([["z"]])
    assert len(index) == len(values) == 0
