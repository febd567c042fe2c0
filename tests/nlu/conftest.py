"""A small model, trained once for all tests of the ears on a part of the shipped data."""

import json
from datetime import datetime

import pytest

from nlu.deadlines import SHANGHAI
from nlu.ears import load_ears
from nlu.rows import read_lines
from nlu.taxonomy import DATA
from nlu.train import train_ears

WHOLE = {"plain", "first"}  # bare statements and bare intents: few, and each teaches
UNITS = {"青岚市民政局": ["市民政局", "民政局", "民政"], "青岚市残联": ["残联"]}


@pytest.fixture(scope="session")
def small_data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    for kind, share in (("complaints", 6), ("intents", 2), ("slots", 2)):
        (folder / kind).mkdir()
        kept = []
        for path in sorted((DATA / kind).glob("*.jsonl")):
            kept += read_lines(path)[:: 1 if path.stem in WHOLE else share]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept)
        (folder / kind / "rows.jsonl").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def model_dir(small_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    train_ears(small_data, folder)
    return folder


@pytest.fixture(scope="session")
def ears(model_dir):
    return load_ears(model_dir, UNITS)


@pytest.fixture(scope="session")
def tuesday():
    return datetime(2026, 11, 24, 15, 30, tzinfo=SHANGHAI)
