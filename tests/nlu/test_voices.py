import json

from nlu.voices import leave_voices_out

SAID = {"meeting_overload": "会", "repeat_reports": "表", "excess_seals": "章"}


def write(folder, voices):
    (folder / "complaints").mkdir()
    rows = [
        {"text": f"{voice}{number}{word}太多", "label": label if voice != "wrong" else "excess_seals", "voice": voice}
        for voice in voices for label, word in SAID.items() for number in "甲乙丙丁"
    ]  # fmt: skip
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "complaints" / "rows.jsonl").write_text(text, encoding="utf-8")


def test_every_voice_is_heard_by_the_others(tmp_path):
    write(tmp_path, ["a", "b", "c", "d"])
    found = leave_voices_out(tmp_path)
    assert found.all.value == 1 and found.all.rows == 48 and set(found.voices) == set("abcd")


def test_a_voice_that_labels_otherwise_comes_first(tmp_path):
    write(tmp_path, ["a", "b", "c", "wrong"])
    found = leave_voices_out(tmp_path)
    assert found.voices["wrong"].value < 0.5 < found.voices["a"].value
    assert found.as_text().splitlines()[1].startswith("wrong")
