from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.deadlines import find_limits, moment_at, read_deadline

# Counted from Tuesday 2026-11-24 15:30 in Shanghai.
TABLE = [
    ("明早八点前给", "2026-11-25T08:00"),
    ("周五前交", "2026-11-27T18:00"),
    ("周一前交", "2026-11-30T18:00"),
    ("下周三之前", "2026-12-02T18:00"),
    ("月底完成", "2026-11-30T18:00"),
    ("下月底前", "2026-12-31T18:00"),
    ("今晚十二点前必须报", "2026-11-25T00:00"),
    ("今晚必须交", "2026-11-24T23:59"),
    ("下班前报上来", "2026-11-24T18:00"),
    ("明天下班前", "2026-11-25T18:00"),
    ("两小时内报", "2026-11-24T17:30"),
    ("半小时内上报", "2026-11-24T16:00"),
    ("三天内交", "2026-11-27T18:00"),
    ("二十号前", "2026-12-20T18:00"),
    ("28号之前", "2026-11-28T18:00"),
    ("12月5日之前", "2026-12-05T18:00"),
    ("后天下午三点半前", "2026-11-26T15:30"),
    ("年底前", "2026-12-31T18:00"),
    ("季度末报", "2026-12-31T18:00"),
    ("明天就要", "2026-11-25T18:00"),
    ("中午12点前交", "2026-11-25T12:00"),
    ("早上九点发的表让十点前报", "2026-11-24T10:00"),
    ("十点前报", "2026-11-24T22:00"),
    ("周日晚上十点截止", "2026-11-29T22:00"),
    ("周三要一次", None),
    ("每周五前报", None),
    ("晚上十点群里还在接龙", None),
    ("两点开到六点半", None),
    ("昨天交了", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "moment"), TABLE)
def test_deadline(text, moment, tuesday):
    found = read_deadline(text, tuesday)
    assert (found and found.isoformat()) == (moment and f"{moment}:00+08:00")


def test_without_a_moment_there_is_no_deadline():
    assert read_deadline("明早八点前给", None) is None


def test_a_moment_without_a_zone_is_in_shanghai():
    assert read_deadline("明早八点前给", datetime(2026, 11, 24, 20)).isoformat() == "2026-11-25T08:00:00+08:00"


def test_any_zone_is_read_as_shanghai():
    at = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)  # already Wednesday in Shanghai
    assert read_deadline("明早八点前给", at).isoformat() == "2026-11-26T08:00:00+08:00"


@given(st.text(alphabet="明后今早晚上下周月底年前内号日点半一二三十3分小时天交报要", max_size=20))
def test_any_run_of_time_words_is_read_or_left(text):
    read_deadline(text, datetime(2026, 1, 31, 12, tzinfo=UTC))


def test_limits_are_found_without_a_moment():
    text = "明早八点前给,两小时内报"
    assert {text[start:end] for start, end in find_limits(text)} >= {"明早八点前", "两小时内"}
    assert find_limits("每周五前报") == []


def test_words_name_a_moment_even_where_they_are_no_limit(tuesday):
    assert moment_at("下周三那张表", 0, 3, tuesday).isoformat() == "2026-12-02T18:00:00+08:00"
    assert moment_at("下周三那张表", 4, 6, tuesday) is None
