import json

import pytest

from nlu.errors import DataError
from nlu.quality import measure_ears

FACTS = {"units": ["民政"], "object": None, "times": 9, "per": "week", "hours": None, "deadline": None}
ROWS = {
    "complaints": [{"text": "一周开九个会", "label": "meeting_overload", "subcode": "1"}],
    "intents": [{"text": "转人工", "intent": "human"}, {"text": "不想活了", "intent": "distress"}],
    "slots": [{"text": "民政一周开九个会", **FACTS}],
    "safety": [{"text": "村口着火了快来人", "intent": "emergency"}, {"text": "一周开九个会", "intent": "complaint"}],
}


@pytest.fixture
def folder(tmp_path):
    for name, rows in ROWS.items():
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path


def test_figures_and_shape(model_dir, folder):
    found = measure_ears(folder, model_dir)
    figures = (found.classes.accuracy, found.intents.accuracy, found.first_two, found.subcode)
    assert [figure.value for figure in figures] == [1, 1, 1, 1]
    assert found.safety.recall["distress"].value == found.hard.recall["emergency"].value == 1
    assert found.slots.times.value == found.slots.per.value == found.slots.units.value == 1
    assert set(found.as_json()) == {
        "classes", "intents", "first_two", "subcode", "outcomes", "safety", "hard", "slots", "voices",
    }  # fmt: skip
    assert "INTENTS" in found.as_text() and "LEFT-OUT" not in found.as_text()


def test_voices_left_out_are_printed(model_dir, folder, tmp_path):
    (tmp_path / "train" / "complaints").mkdir(parents=True)
    rows = [
        {"text": f"{voice}{word}太多", "label": label, "voice": voice}
        for voice in "甲乙丙丁" for word, label in (("会", "meeting_overload"), ("章", "excess_seals"))
    ]  # fmt: skip
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "train" / "complaints" / "rows.jsonl").write_text(text, encoding="utf-8")
    found = measure_ears(folder, model_dir, tmp_path / "train")
    assert found.voices is not None and set(found.voices.voices) == set("甲乙丙丁")
    assert "LEFT-OUT" in found.as_text()


def test_nothing_there_is_an_error(model_dir, tmp_path):
    with pytest.raises(DataError):
        measure_ears(tmp_path, model_dir)
