import json

import pytest

from nlu.errors import DataError
from nlu.rows import labelled, read_folder


def write(folder, kind, rows):
    (folder / kind).mkdir(parents=True, exist_ok=True)
    (folder / kind / "a.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")


def test_both_folders_are_read(tmp_path):
    write(
        tmp_path,
        "complaints",
        [{"text": "甲", "label": "repeat_reports", "label2": None, "subcode": "2", "voice": "v"}],
    )
    write(tmp_path, "intents", [{"text": "乙", "intent": "urge"}, {"text": "甲", "intent": "other"}])
    complaint, urge = read_folder(tmp_path)
    assert (complaint.intent, complaint.label, complaint.subcode) == ("complaint", "repeat_reports", "repeat_reports-2")
    assert (urge.intent, urge.label, urge.voice) == ("urge", None, "a")


@pytest.mark.parametrize("row", [{"text": "甲"}, {"label": "x"}])
def test_a_row_without_its_fields_is_an_error(tmp_path, row):
    write(tmp_path, "complaints", [row])
    with pytest.raises(DataError):
        read_folder(tmp_path)


def test_empty_or_broken_data_is_an_error(tmp_path):
    with pytest.raises(DataError):
        read_folder(tmp_path)
    write(tmp_path, "intents", [])
    (tmp_path / "intents" / "a.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(DataError):
        read_folder(tmp_path)


def test_labelled_rows_of_any_set():
    assert labelled([{"text": "a", "label": 1}]) == (["a"], ["1"])
    for rows in ([], [{"text": "a"}], [None]):
        with pytest.raises(DataError):
            labelled(rows)
