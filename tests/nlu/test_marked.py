import json

import pytest

from nlu.errors import DataError
from nlu.marked import places, read_marked
from nlu.taxonomy import DATA, load_taxonomy

ROW = {"text": "民政要３份,殘聯要1份", "label": "repeat_reports", "units": ["民政", "殘聯"], "object": None, "times": 3,
       "per": None, "hours": None, "deadline": None}  # fmt: skip


def read(tmp_path, *rows):
    (tmp_path / "slots").mkdir()
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (tmp_path / "slots" / "few.jsonl").write_text(text, encoding="utf-8")
    return read_marked(tmp_path, lambda text: text.replace("殘聯", "残联"))


def test_rows_are_read_in_their_clean_form_and_count_once(tmp_path):
    (row,) = read(tmp_path, ROW, ROW)
    assert (row.text, row.units, row.times, row.voice) == ("民政要3份,残联要1份", ("民政", "残联"), 3, "few")


def test_a_row_without_a_fact_is_an_error(tmp_path):
    with pytest.raises(DataError, match="object"):
        read(tmp_path, {key: value for key, value in ROW.items() if key != "object"})


def test_no_folder_is_no_rows(tmp_path):
    assert read_marked(tmp_path, str) == []


def test_places_are_all_places():
    assert places("表和表", "表") == [(0, 1), (2, 3)]
    assert places("表", None) == places("表", "会") == []


def test_shipped_rows_stand_in_their_texts():
    rows = read_marked(DATA, str)
    assert len(rows) > 3000
    assert {row.label for row in rows} == {item.code for item in load_taxonomy().classes}
    for row in rows:
        for name in (*row.units, row.object, row.deadline):
            assert name is None or name in row.text
        assert row.per in (None, "day", "week", "month", "quarter", "year")
