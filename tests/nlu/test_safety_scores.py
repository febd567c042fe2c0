from dataclasses import replace

import pytest

from nlu.safety_scores import score_safety


@pytest.fixture(scope="module")
def heard(ears):
    blank = ears.parse("嗯")
    return lambda intent, *flags: replace(blank, intent=intent, flags=flags)


def test_recall_counts_the_flag_apart(heard):
    others = [({"intent": "distress"}, heard("distress")), ({"intent": "distress"}, heard("complaint", "distress"))]
    found = score_safety([], others)
    assert found.recall["distress"].value == 0.5 and found.noticed["distress"].value == 1


def test_a_complaint_sent_elsewhere_is_turned_away(heard):
    assert score_safety(
        [heard("complaint"), heard("citizen"), heard("retaliation")], []
    ).turned_away.value == pytest.approx(1 / 3)


def test_a_citizen_heard_as_a_complaint_becomes_a_ticket(heard):
    others = [({"intent": "citizen"}, heard("complaint")), ({"intent": "citizen"}, heard("citizen"))]
    assert score_safety([], others).citizens.value == 0.5
