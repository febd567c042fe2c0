import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.due import due_candidates

TABLE = ["明早八点前", "今天下班前", "两小时内", "周五之前", "三天里头", "不过夜", "月底前", "随见随清", "国庆前"]


@pytest.mark.parametrize("words", TABLE)
def test_the_words_are_a_candidate(words):
    text = f"说{words},又要报"
    assert words in [text[amount.start : amount.end] for amount in due_candidates(text, None)]


def test_words_that_rules_take_for_a_limit_are_marked():
    (limit,) = due_candidates("明早八点前交", None)
    (meeting,) = due_candidates("明早八点开会", None)
    assert "rule True" in limit.marks and "rule False" in meeting.marks


def test_no_words_no_candidates():
    assert due_candidates("", None) == due_candidates("又要填表", None) == []


@given(st.text(alphabet="明后今早晚上下周月底年前内号日点半一二三十3分小时天交报要,。", max_size=40))
def test_any_run_of_time_words_is_read_or_left(text):
    for amount in due_candidates(text, None):
        assert 0 <= amount.start < amount.end <= len(text)
