import json

import numpy as np
import pytest

from nlu.errors import ModelError
from nlu.features import Document, fit_features
from nlu.head import Head
from nlu.model import ARRAYS, CARD, Model, load_model


@pytest.fixture
def model():
    head = Head(("甲", "乙"), np.array([[1, 0], [0, 1]], np.float32), np.zeros(2, np.float32), 0.5)
    return Model(
        fit_features([Document([["表"]]), Document([["会"]])]),
        {"label": head},
        {"chars": [1, 2], "cues": False},
        "plain",
    )


def test_there_and_back(model, tmp_path):
    model.save(tmp_path / "m")
    again = load_model(tmp_path / "m")
    row = again.features.row(Document([["表"]]))
    assert again.features.columns == model.features.columns
    assert again.heads["label"].scores(row) == pytest.approx(model.heads["label"].scores(row))
    assert (again.options, again.name) == (model.options, "plain")


def test_a_model_of_another_format_is_an_error(model, tmp_path):
    model.save(tmp_path)
    card = (tmp_path / CARD).read_text(encoding="utf-8").replace('"format": ', '"format": 9')
    (tmp_path / CARD).write_text(card, encoding="utf-8")
    with pytest.raises(ModelError, match="train again"):
        load_model(tmp_path)


def test_no_pickle_and_no_leftovers(model, tmp_path):
    model.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [CARD, ARRAYS]
    with np.load(tmp_path / ARRAYS, allow_pickle=False) as arrays:
        assert "label_weights" in arrays.files


@pytest.mark.parametrize("broken", ["", "{}", "[]", json.dumps({"name": "x", "options": {}, "heads": {"label": {}}})])
def test_a_broken_folder_is_one_kind_of_error(model, tmp_path, broken):
    with pytest.raises(ModelError):
        load_model(tmp_path / "nothing")
    model.save(tmp_path)
    (tmp_path / CARD).write_text(broken, encoding="utf-8")
    if broken != "{}":
        with pytest.raises(ModelError):
            load_model(tmp_path)
    (tmp_path / ARRAYS).write_bytes(b"not an archive")
    with pytest.raises(ModelError):
        load_model(tmp_path)
