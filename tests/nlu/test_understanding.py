import json

KEYS = [
    "intent", "label", "label2", "subcode", "outcome", "confidence", "scores", "units", "object", "times", "per",
    "hours", "deadline", "parts", "flags", "referral", "why", "engine",
]  # fmt: skip


def test_json_shape(ears, tuesday):
    found = ears.parse("民政要一遍残联要一遍,同一张留守儿童表填了三回,明早八点前给", tuesday).as_json()
    assert list(found) == KEYS
    assert json.loads(json.dumps(found)) == found
    assert found["units"] == ["民政", "残联"]
    assert found["deadline"] == "2026-11-25T08:00:00+08:00"
    assert found["engine"] == "local"
    assert len(found["scores"]) == 8 and abs(sum(found["scores"].values()) - 1) < 0.01


def test_json_of_something_else(ears):
    found = ears.parse("山上着火了,快来人").as_json()
    assert (found["intent"], found["label"], found["subcode"], found["referral"]) == ("emergency", None, None, "119")
    assert found["deadline"] is None and found["parts"] == []
