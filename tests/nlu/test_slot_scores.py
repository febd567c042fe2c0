from dataclasses import replace

import pytest

from nlu.slot_scores import overlap, score_slots
from nlu.understanding import Unit

NOTHING = {"units": [], "object": None, "times": None, "per": None, "hours": None, "deadline": None}


@pytest.fixture(scope="module")
def blank(ears):
    heard = ears.parse("嗯")
    return replace(heard, units=(), object=None, times=None, per=None, hours=None, deadline=None)


def test_overlap_by_hand():
    assert overlap("留守儿童表", "留守儿童表") == 1
    assert overlap("留守儿童表", "儿童表") == pytest.approx(6 / 8)
    assert overlap("台账", None) == overlap(None, None) == overlap("会", "表") == 0


def test_units_count_names(blank):
    rows = [NOTHING | {"units": ["民政", "残联"]}, NOTHING]
    heard = [replace(blank, units=(Unit("民政", None), Unit("妇联", None))), blank]
    assert score_slots(rows, heard).units.value == pytest.approx(2 / 4)


def test_values_count_when_equal(blank):
    rows = [NOTHING | {"times": 3, "hours": 0.67}, NOTHING | {"times": 2}, NOTHING]
    heard = [replace(blank, times=3, hours=2 / 3), replace(blank, times=5), replace(blank, times=1)]
    found = score_slots(rows, heard)
    assert found.times.value == pytest.approx(2 * 1 / (3 + 2)) and found.hours.value == 1


def test_rows_without_an_object_on_either_side_say_nothing(blank):
    rows = [NOTHING | {"object": "台账"}, NOTHING]
    assert score_slots(rows, [replace(blank, object="台账"), blank]).object.rows == 1
