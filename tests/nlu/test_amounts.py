import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.amounts import count_candidates, hour_candidates, period_candidates

COUNTS = [
    ("填了三回", 3),
    ("十几个文件", 10),
    ("七八回", 7),
    ("两百多条", 200),
    ("第五遍了", 5),
    ("民政要一遍,残联要一遍,妇联又要一遍", 3),
]


@pytest.mark.parametrize(("text", "value"), COUNTS)
def test_the_count_is_among_the_candidates(text, value):
    assert value in [amount.value for amount in count_candidates(text, None)]


@pytest.mark.parametrize("text", ["八百字", "六十岁", "百分之五十号", "几次", ""])
def test_words_ages_and_dates_are_no_counts(text):
    assert count_candidates(text[-3:], None) == []


PERIODS = [
    ("一天四次", "day"),
    ("每周报", "week"),
    ("这个月六拨", "month"),
    ("季季报", "quarter"),
    ("今年第五次", "year"),
]


@pytest.mark.parametrize(("text", "kind"), PERIODS)
def test_the_stretch_of_time_is_among_the_candidates(text, kind):
    assert kind in [amount.value for amount in period_candidates(text, None)]


def test_hours_are_candidates_and_minutes_of_no_weight_are_not():
    assert [amount.value for amount in hour_candidates("开了两个半小时", None)] == [2.5]
    assert hour_candidates("翻了两分钟", None) == []


def test_marks_tell_what_stands_around():
    (amount,) = count_candidates("一周开九个会", None)[1:]
    assert "after 个" in amount.marks and "before 开" in amount.marks and "period week True" in amount.marks


def test_a_page_of_figures_has_few_candidates():
    assert max(len(find("12个3天4时5月" * 200, None)) for find in (count_candidates, period_candidates)) <= 60


@given(st.text(alphabet="一二三两半几十百每天周月年小时分钟上午第次回个点到:,。0123456789", max_size=40))
def test_any_run_of_figures_is_read_or_left(text):
    for find in (count_candidates, period_candidates, hour_candidates):
        for amount in find(text, "repeat_reports"):
            assert 0 <= amount.start < amount.end <= len(text)
