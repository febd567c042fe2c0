import json

import pytest

from nlu.errors import DataError
from nlu.quality import measure_ears


def test_figures_and_shape(model_dir, tmp_path):
    complaints = [{"text": "一周开九个会", "label": "meeting_overload", "subcode": "1"}]
    others = [{"text": "转人工", "intent": "human"}, {"text": "不想活了", "intent": "distress"}]
    for name, rows in (("complaints", complaints), ("intents", others)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    found = measure_ears(tmp_path, model_dir)
    assert found.classes.accuracy == found.intents.accuracy == found.first_two == found.subcode == 1
    assert set(found.as_json()) == {"classes", "intents", "first_two", "subcode", "outcomes"}
    assert "INTENTS" in found.as_text()


def test_nothing_there_is_an_error(model_dir, tmp_path):
    with pytest.raises(DataError):
        measure_ears(tmp_path, model_dir)
