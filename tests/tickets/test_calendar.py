"""Working days: published notices, overrides, the provisional fallback (domain.md 3.5)."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.calendar import CalendarError, WorkCalendar, load_calendar

DAYS = st.dates(date(2003, 1, 1), date(2040, 12, 31))
NOTICE_2027 = """
years:
  2027:
    holidays: [2026-12-31, 2027-01-01, "2027-02-05..2027-02-12"]
    makeup_days: [2027-02-20]
"""


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return load_calendar()


def with_file(tmp_path: Path, text: str) -> WorkCalendar:
    path = tmp_path / "calendar.yaml"
    path.write_text(text, encoding="utf-8")
    return load_calendar(path)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 9, 20), True),  # make-up Sunday
        (date(2026, 10, 10), True),  # make-up Saturday
        (date(2026, 9, 25), False),  # 中秋
        (date(2026, 10, 7), False),
        (date(2026, 11, 24), True),
        (date(2026, 11, 28), False),
        (date(2027, 1, 1), False),
        (date(2027, 2, 5), False),  # 除夕, statutory since 2025
        (date(2027, 2, 8), False),
        (date(2027, 4, 5), False),  # 清明
        (date(2027, 6, 9), False),  # 端午
        (date(2027, 9, 15), False),  # 中秋
        (date(2027, 10, 1), False),
        (date(2027, 10, 4), True),  # no compensation before the notice
        (date(2027, 1, 4), True),
    ],
)
def test_known_days(calendar: WorkCalendar, day: date, works: bool) -> None:
    assert calendar.is_workday(day) is works


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_published_year_has_248_working_days(calendar: WorkCalendar, year: int) -> None:
    assert calendar.workdays_between(date(year - 1, 12, 31), date(year, 12, 31)) == 248


@pytest.mark.parametrize("year", range(2027, 2041))
def test_a_later_year_loses_at_most_its_13_statutory_days(calendar: WorkCalendar, year: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=i) for i in range(365))
    off = sum(day.weekday() < 5 and not calendar.is_workday(day) for day in days)
    assert 4 <= off <= 13


def test_data_end_with_2026(calendar: WorkCalendar) -> None:
    assert calendar.expires_on == date(2026, 12, 31)
    assert not calendar.is_provisional(date(2026, 12, 31))
    assert calendar.is_provisional(date(2027, 1, 1))


def test_a_listed_year_counts_as_published(tmp_path: Path) -> None:
    calendar = with_file(tmp_path, NOTICE_2027)
    assert calendar.expires_on == date(2027, 12, 31)
    assert not calendar.is_provisional(date(2027, 6, 1))
    assert calendar.is_workday(date(2027, 2, 20))
    assert not calendar.is_workday(date(2027, 2, 12))


def test_a_notice_may_reach_into_the_december_before(tmp_path: Path) -> None:
    assert not with_file(tmp_path, NOTICE_2027).is_workday(date(2026, 12, 31))


def test_a_gap_does_not_move_the_alarm(tmp_path: Path) -> None:
    calendar = with_file(tmp_path, "years: {2028: {}}")
    assert calendar.expires_on == date(2026, 12, 31)
    assert calendar.is_provisional(date(2027, 5, 1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "years: []",
        "years: {2027: {holiday: [2027-01-01]}}",
        "years: {2027: {holidays: [2028-01-01]}}",
        "years: {2027: {holidays: [tomorrow]}}",
        "years: {2027: {holidays: ['2027-02-05..2027-02-01']}}",
        "years: {2027: {holidays: [2027-01-01], makeup_days: [2027-01-01]}}",
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CalendarError):
        with_file(tmp_path, text)


@given(day=DAYS, n=st.integers(-30, 30))
def test_adding_and_counting_agree(calendar: WorkCalendar, day: date, n: int) -> None:
    end = calendar.add_workdays(day, n)
    forth = calendar.workdays_between(day, end)
    assert n == 0 or calendar.is_workday(end)
    assert forth == n if n >= 0 else forth in (n, n + 1)  # the start day counts backwards when it is worked


@given(day=DAYS)
def test_next_workday_skips_only_rest_days(calendar: WorkCalendar, day: date) -> None:
    following = calendar.next_workday(day)
    between = (day + timedelta(days=i) for i in range(1, (following - day).days))
    assert following > day
    assert calendar.is_workday(following)
    assert not any(map(calendar.is_workday, between))
