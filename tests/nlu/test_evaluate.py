import numpy as np
import pytest

from nlu.errors import DataError
from nlu.evaluate import calibration_error, evaluate, score
from nlu.train import train


def test_figures_by_hand():
    found = score(["a", "a", "b", "b"], ["a", "b", "b", "b"], [0.9, 0.6, 0.8, 0.7])
    assert found.accuracy.value == 0.75 and found.accuracy.rows == 4
    assert found.macro_f1.value == pytest.approx((2 / 3 + 0.8) / 2, abs=1e-4)
    assert found.confusion == {"a": {"a": 1, "b": 1}, "b": {"b": 2}}
    assert [figures.rows for figures in found.classes] == [2, 2]


def test_calibration():
    assert calibration_error(np.array([0.0]), np.array([1.0])) == 1
    assert calibration_error(np.array([1.0, 0.0] * 50), np.array([0.9, 0.1] * 50)) == pytest.approx(0.1)


def test_bins_hold_equally_many_rows():
    # Twenty rows, all but one between 0.9 and 1: equal-width bins would average them away.
    sure = np.linspace(0.9, 1.0, 20)
    right = (np.arange(20) % 2 == 0).astype(float)
    assert calibration_error(right, sure) == pytest.approx(float((sure - 0.5).mean()))


def test_shapes(tmp_path):
    rows = [{"text": text, "label": text} for text in ("开会", "报表", "盖章") for _ in range(3)]
    train(rows, tmp_path)
    found = evaluate(rows, tmp_path)
    assert found.accuracy.value == found.macro_f1.value == 1
    assert {"accuracy", "macro_f1", "ece", "classes", "confusion"} <= set(found.as_json())
    assert found.as_json()["accuracy"] == 1
    assert "macro-F1 1.000" in found.as_text() and "盖章" in found.as_text()


def test_nothing_to_evaluate_is_an_error(tmp_path):
    with pytest.raises(DataError):
        evaluate([], tmp_path)
