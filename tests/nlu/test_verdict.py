import pytest

from nlu.safety import load_safety
from nlu.verdict import decide, outcome

SAFETY = load_safety()
LISTEN_COMPLAINT = {"complaint": 0.9, "other": 0.1}
LISTEN_OTHER = {"complaint": 0.1, "other": 0.9}


def verdict(text, intents, rest=None):
    return decide(text, intents, SAFETY.check(text), SAFETY, lambda _: rest or intents)


def test_the_model_decides_where_no_rule_fires():
    found = verdict("会太多", {"complaint": 0.8, "other": 0.2})
    assert (found.intent, found.confidence, found.flags, found.referral) == ("complaint", 0.8, (), None)


def test_danger_overrules_the_model():
    found = verdict("不想活了", {"complaint": 0.8, "distress": 0.2})
    assert (found.intent, found.referral, found.flags) == ("distress", "12356", ("distress",))


def test_a_sure_complaint_overrules_a_loose_rule_but_keeps_the_flag():
    found = verdict("填表填得不想活了", {"complaint": 0.99, "distress": 0.01})
    assert (found.intent, found.flags) == ("complaint", ("distress",))


def test_abuse_beside_a_matter_is_a_complaint():
    found = verdict("你们这帮废物,表填了三遍还要", {"abuse_spam": 0.9, "complaint": 0.1}, LISTEN_COMPLAINT)
    assert (found.intent, found.flags) == ("complaint", ("abuse",))


def test_abuse_alone_is_abuse():
    found = verdict("你们这帮废物", LISTEN_COMPLAINT)
    assert (found.intent, found.flags) == ("abuse_spam", ("abuse",))


def test_a_secrecy_mark_alone_is_other():
    found = verdict("机密★一年", LISTEN_COMPLAINT)
    assert (found.intent, found.flags, found.referral) == ("other", ("secret",), None)


def test_fear_inside_a_complaint_is_a_flag_and_alone_an_intent():
    text = "怕被报复,但那个检查一周三拨"
    assert verdict(text, LISTEN_OTHER, LISTEN_COMPLAINT).flags == ("retaliation_fear",)
    alone = verdict("领导在查是谁反映的", LISTEN_COMPLAINT)
    assert (alone.intent, alone.flags) == ("retaliation", ())


def test_a_pending_lawsuit_goes_its_own_way():
    found = verdict("法院已经立案了", LISTEN_OTHER)
    assert (found.intent, found.referral) == ("other", "appeal")


@pytest.mark.parametrize(
    ("scores", "word"),
    [
        ({"a": 0.6, "b": 0.4}, "sure"),
        ({"a": 0.5, "b": 0.4}, "close"),
        ({"a": 0.2, "b": 0.1}, "unsure"),
        ({"a": 1.0}, "sure"),
        ({}, "unsure"),
    ],
)
def test_outcome(scores, word):
    assert outcome(scores, close=0.15, unsure=0.3) == word


def test_a_hint_raises_what_the_model_half_hears():
    text = "我爬上水塔坐着"
    assert verdict(text, {"distress": 0.3, "other": 0.4, "complaint": 0.3}).intent == "distress"
    found = verdict(text, {"distress": 0.05, "other": 0.05, "complaint": 0.9})
    assert (found.intent, found.flags) == ("complaint", ())
