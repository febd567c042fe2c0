import threading
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlu.normalise import normalise, simplifier
from nlu.rasa.engine import ENGINE, FALLBACK, RasaEars
from nlu.rasa.opinion import Opinion
from nlu.taxonomy import load_taxonomy
from tests.fakes.rasa import FakeRasa

TAXONOMY = load_taxonomy()
LABELS = [item.code for item in TAXONOMY.classes] + [name for name in TAXONOMY.intents if name != "complaint"]
BURDEN = "同一张留守儿童表民政要一遍残联又要一遍,填了三回"


class Clock:
    """Real time plus what a test adds."""

    ahead = 0.0

    def __call__(self):
        return time.monotonic() + self.ahead


@pytest.fixture
def stub():
    with FakeRasa(LABELS).running() as server:
        yield server


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rasa(ears, stub, clock):
    engine = RasaEars(ears, TAXONOMY, stub.url, "se cret&", 0.4, clock)
    yield engine
    engine.close()


def test_the_server_s_opinion_counts_and_our_facts_stay(rasa, ears, stub):
    stub.reply = stub.answer(excess_seals=0.6, meeting_overload=0.32)
    found, local = rasa.parse(BURDEN), ears.parse(BURDEN)
    assert (found.engine, found.intent, found.label, found.outcome) == (ENGINE, "complaint", "excess_seals", "sure")
    assert found.confidence == found.scores["excess_seals"] > 0.6
    assert list(found.scores)[:2] == ["excess_seals", "meeting_overload"] and len(found.scores) == 8
    assert sum(found.scores.values()) == pytest.approx(1)
    assert found.label2 == "meeting_overload" and found.subcode is None
    assert (found.units, found.times, found.object) == (local.units, 3, local.object)


def test_where_both_agree_our_details_stay(rasa, ears, stub):
    stub.reply = stub.answer(repeat_reports=0.9)
    found, local = rasa.parse(BURDEN), ears.parse(BURDEN)
    assert (found.label, found.subcode, found.why) == (local.label, local.subcode, local.why)
    assert found.engine == ENGINE and found.subcode


def test_near_classes_are_close(rasa, stub):
    stub.reply = stub.answer(excess_seals=0.4, excess_traces=0.39)
    assert rasa.parse(BURDEN).outcome == "close"


def test_other_intents_have_no_class(rasa, stub):
    stub.reply = stub.answer(urge=0.8)
    found = rasa.parse("都一个礼拜了,催一催")
    assert (found.intent, found.label, found.subcode, found.parts) == ("urge", None, None, ())


def test_a_referral_follows_the_intent(rasa, stub):
    stub.reply = stub.answer(citizen=0.9)
    assert rasa.parse("我们小区停水三天了没人管").referral == "12345"


@pytest.mark.parametrize(
    ("text", "intent", "referral"),
    [("仓库着火了,快来人", "emergency", "119"), ("活着没意思,不想活了", "distress", "12356")],
)
def test_safety_rules_come_first(rasa, stub, text, intent, referral):
    stub.reply = stub.answer(greeting=0.97)
    found = rasa.parse(text)
    assert (found.intent, found.referral, found.outcome, found.engine) == (intent, referral, "sure", ENGINE)
    assert found.why and all(piece in text for piece in found.why)


@pytest.mark.parametrize("cry", ["emergency", "distress"])
def test_a_cry_for_help_only_our_model_hears_is_not_lost(ears, cry):
    heard = replace(ears.parse(BURDEN), intent=cry, label=None)
    scores = {"meeting_overload": 0.97, "urge": 0.03}
    normal = normalise(BURDEN, simplifier())
    assert Opinion(TAXONOMY).merged(heard, normal, scores, lambda text: scores) == heard


def test_despair_our_ears_hear_stays_flagged(rasa, ears, stub):
    text = "我真的熬不下去了,药都攒好了"
    stub.reply = stub.answer(meeting_overload=0.97)
    assert "distress" in ears.parse(text).flags
    assert "distress" in rasa.parse(text).flags


def test_what_stands_beside_an_insult_is_asked_for_apart(rasa, stub):
    text = "你们这帮废物,一周开九个会"
    stub.reply = lambda asked: stub.answer(**({"abuse_spam": 0.9} if "废物" in asked else {"meeting_overload": 0.9}))
    found = rasa.parse(text)
    assert (found.intent, found.flags) == ("complaint", ("abuse",))
    assert any("废物" not in asked for _, asked in stub.asked)


def test_the_clean_text_is_asked_with_the_token(rasa, stub):
    rasa.parse("民政要壹遍,殘聯要一遍")
    path, asked = stub.asked[0]
    assert path == "/model/parse?token=se+cret%26" and "残联" in asked


@pytest.mark.parametrize("text", ["/repeat_reports", '/greeting{"x": 1}', " / /urge", "／催"])
def test_nobody_names_an_intent_to_the_server(rasa, stub, text):
    rasa.parse(text)
    assert all(not asked.startswith("/") for _, asked in stub.asked)


@pytest.mark.parametrize("text", ["", " ", "///", "\u200b", "\ud800"])
def test_nothing_is_asked_about_nothing(rasa, ears, stub, text):
    assert rasa.parse(text) == ears.parse(text)
    assert stub.asked == []


BAD = [
    (500, b"{}"),
    (401, b'{"status": "failure"}'),
    (302, b""),
    (200, b""),
    (200, b"\xff\xfe"),
    (200, b"<html>"),
    (200, b"[1]"),
    (200, b'{"intent_ranking": null}'),
    (200, b'{"intent_ranking": []}'),
    (200, b'{"intent_ranking": [{"name": "urge"}]}'),
    (200, b'{"intent_ranking": [{"name": [], "confidence": 1}]}'),
    (200, b'{"intent_ranking": [{"name": "urge", "confidence": NaN}]}'),
    (200, b'{"intent_ranking": [{"name": "urge", "confidence": "1"}]}'),
    (200, b'{"intent_ranking": [{"name": "urge", "confidence": 1}]}'),
    (200, b'{"intent_ranking": [{"name": "nlu_fallback", "confidence": 1}]}'),
    (200, b"[" * 100_000),
    (200, b'{"intent_ranking": "' + b"x" * 300_000 + b'"}'),
]


@pytest.mark.parametrize("reply", BAD, ids=[f"{status} {body[:40]!r}" for status, body in BAD])
def test_a_bad_answer_is_replaced_by_our_own(rasa, ears, stub, reply):
    stub.reply = reply
    found, local = rasa.parse(BURDEN), ears.parse(BURDEN)
    assert found.engine == FALLBACK
    assert found.as_json() | {"engine": "local"} == local.as_json()


@pytest.mark.parametrize(("wait", "drip"), [(5.0, 0.0), (0.0, 0.1)], ids=["silence", "drops"])
def test_a_slow_server_is_not_waited_for(rasa, stub, wait, drip):
    stub.wait, stub.drip = wait, drip
    started = time.monotonic()
    assert rasa.parse(BURDEN).engine == FALLBACK
    assert time.monotonic() - started < 2


def test_nobody_there(ears, stub, clock):
    with FakeRasa(LABELS) as gone:
        port = gone.server_port
    engine = RasaEars(ears, TAXONOMY, f"http://127.0.0.1:{port}", "t", 0.4, clock)
    assert engine.parse(BURDEN).engine == FALLBACK


def test_after_a_failure_the_server_is_left_alone_for_ten_seconds(rasa, stub, clock):
    stub.reply = (500, b"")
    rasa.parse(BURDEN)
    stub.reply = stub.answer(repeat_reports=0.9)
    clock.ahead = 8
    assert rasa.parse(BURDEN).engine == FALLBACK and len(stub.asked) == 1
    clock.ahead = 11
    assert rasa.parse(BURDEN).engine == ENGINE and len(stub.asked) == 2


def test_many_at_once(rasa, stub):
    stub.reply = stub.answer(repeat_reports=0.9)
    assert [found.engine for found in rasa.parse_many([BURDEN, "", "催一催"])] == [ENGINE, "local", ENGINE]


def test_threads_share_the_engine(rasa, stub):
    stub.reply = stub.answer(repeat_reports=0.9)
    found = []

    def work():
        found.extend(rasa.parse(BURDEN).engine for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [ENGINE] * 80


def test_the_token_is_not_logged(rasa, caplog):
    caplog.set_level(0)
    rasa.parse(BURDEN)
    assert "cret" not in caplog.text


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(), max_size=80), label=st.sampled_from(LABELS))
def test_any_text_is_understood_somehow(rasa, stub, tuesday, text, label):
    stub.reply = stub.answer(**{label: 0.9})
    found = rasa.parse(text, tuesday)
    assert found.text == text and found.engine in (ENGINE, "local")
    assert (found.label is None) == (found.intent != "complaint")
    assert 0 <= found.confidence <= 1
    assert all(piece in text for piece in (*found.why, *found.parts))
    found.as_json()
