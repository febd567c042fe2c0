from nlu.cues import load_cues

CUES = load_cues()


def test_cues_rules_and_length():
    assert CUES("不想活了") == ["cue despair", "rule distress", "length 0"]
    assert "cue homes" in CUES("楼上装修到半夜,物业不管")
    assert CUES("") == ["length 0"]
    assert CUES("表" * 101)[-1] == "length 6"
