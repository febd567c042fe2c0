"""Deadlines: the vectors of domain.md 3.5, design.md 4, and what must hold for any moment."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.calendar import load_calendar
from tickets.clock import PROFILES, SHANGHAI, BusinessHours, Clock, Due

CLOCK = Clock(load_calendar())
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.sampled_from([UTC, SHANGHAI]))

# received, counts from, limit in working days, due, provisional
VECTORS = [
    ("2026-09-18 10:00", "2026-09-18", 1, "2026-09-20", False),
    ("2026-09-18 10:00", "2026-09-18", 5, "2026-09-24", False),
    ("2026-09-25 10:00", "2026-09-28", 5, "2026-10-10", False),
    ("2026-09-30 10:00", "2026-09-30", 5, "2026-10-13", False),
    ("2026-09-30 17:40", "2026-10-08", 1, "2026-10-09", False),
    ("2026-02-13 16:00", "2026-02-13", 1, "2026-02-14", False),
    ("2026-02-13 16:00", "2026-02-13", 5, "2026-02-27", False),
    ("2026-02-14 09:00", "2026-02-14", 5, "2026-02-28", False),
    ("2026-02-20 09:00", "2026-02-24", 2, "2026-02-26", False),
    ("2026-04-30 10:00", "2026-04-30", 5, "2026-05-11", False),
    ("2026-01-04 09:00", "2026-01-04", 2, "2026-01-06", False),
    ("2025-01-27 09:00", "2025-01-27", 5, "2025-02-10", False),
    ("2025-09-30 10:00", "2025-09-30", 5, "2025-10-14", False),
    ("2026-11-24 10:00", "2026-11-24", 15, "2026-12-15", False),
    ("2026-12-30 10:00", "2026-12-30", 5, "2027-01-07", True),
]

# Tuesday 2026-11-24 unless told; Saturday is 2026-11-28
REVIEWS = [
    ("2026-11-24 07:00", "2026-11-24 10:30"),
    ("2026-11-24 10:00", "2026-11-24 12:00"),
    ("2026-11-24 11:00", "2026-11-24 15:00"),
    ("2026-11-24 12:30", "2026-11-24 16:00"),
    ("2026-11-24 16:00", "2026-11-24 18:00"),
    ("2026-11-24 17:00", "2026-11-25 09:30"),
    ("2026-11-24 17:40", "2026-11-25 10:00"),
    ("2026-11-24 23:00", "2026-11-25 10:00"),
    ("2026-11-28 09:00", "2026-11-30 10:00"),
    ("2026-09-19 09:00", "2026-09-20 10:00"),  # the Sunday after is a make-up day
    ("2026-09-30 17:40", "2026-10-08 10:00"),
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(("received", "counts", "limit", "due", "provisional"), VECTORS)
def test_dossier_vectors(received: str, counts: str, limit: int, due: str, provisional: bool) -> None:
    assert CLOCK.counts_from(at(received)).date() == date.fromisoformat(counts)
    assert CLOCK.due(at(received), limit) == Due(at(f"{due} 18:00"), provisional)


@pytest.mark.parametrize(("received", "due"), REVIEWS)
def test_review_due(received: str, due: str) -> None:
    assert CLOCK.review_due(at(received)) == Due(at(due), provisional=False)


def test_review_due_into_2027_is_provisional() -> None:
    assert CLOCK.review_due(at("2026-12-31 17:40")) == Due(at("2027-01-04 10:00"), provisional=True)


def test_late_receipt_counts_from_the_next_opening() -> None:
    assert CLOCK.counts_from(at("2026-11-24 17:30")) == at("2026-11-24 17:30")
    assert CLOCK.counts_from(at("2026-11-24 17:31")) == at("2026-11-25 08:30")


def test_utc_and_local_moments_are_the_same_moment() -> None:
    moment = at("2026-11-24 17:40")
    assert CLOCK.due(moment.astimezone(UTC), 5) == CLOCK.due(moment, 5)
    assert CLOCK.due(moment.astimezone(UTC), 5).at.tzinfo is SHANGHAI


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CLOCK.due(datetime(2026, 11, 24, 10), 5)


def test_short_limits() -> None:
    assert CLOCK.sign_due(at("2026-11-24 16:00")).at == at("2026-11-25 18:00")
    assert CLOCK.rework_due(at("2026-11-24 16:00")).at == at("2026-12-01 18:00")
    assert CLOCK.resume_due(at("2026-11-24 16:00"), 2).at == at("2026-12-01 18:00")
    assert CLOCK.resume_due(at("2026-11-24 16:00"), 8).at == at("2026-12-04 18:00")


@pytest.mark.parametrize(
    ("profile", "t_class", "contact", "result"),
    [
        ("default", "T0", "2026-11-27 16:00", "2026-11-27 16:00"),
        ("default", "T1", "2026-11-27 18:00", "2026-11-28 16:00"),  # nights and Saturdays run
        ("default", "T2", "2026-11-30 18:00", "2026-12-04 18:00"),
        ("default", "T3", "2026-11-30 18:00", "2026-12-18 18:00"),
        ("beijing", "T1", "2026-11-27 18:00", "2026-11-28 16:00"),
        ("beijing", "T2", "2026-11-28 16:00", "2026-12-04 18:00"),
        ("beijing", "T3", "2026-11-28 16:00", "2026-12-14 18:00"),  # day 15 is a Saturday
    ],
)
def test_profiles(profile: str, t_class: str, contact: str, result: str) -> None:
    clock = Clock(CLOCK.calendar, profile=profile)
    friday = at("2026-11-27 16:00")
    assert clock.first_contact_due(friday, t_class).at == at(contact)
    assert clock.result_due(friday, t_class).at == at(result)


def test_profiles_have_the_same_classes() -> None:
    assert {tuple(table) for table in PROFILES.values()} == {("T0", "T1", "T2", "T3")}
    with pytest.raises(ValueError, match="profile"):
        Clock(CLOCK.calendar, profile="nowhere")


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-11-24 07:59", "2026-11-24 08:00"),
        ("2026-11-24 08:00", None),
        ("2026-11-24 20:59", None),
        ("2026-11-24 21:00", "2026-11-25 08:00"),
        ("2026-11-27 22:00", "2026-11-30 08:00"),
        ("2026-11-28 12:00", "2026-11-30 08:00"),
        ("2026-09-20 12:00", None),  # make-up Sunday
    ],
)
def test_quiet_hours(moment: str, until: str | None) -> None:
    assert CLOCK.quiet(at(moment)) is (until is not None)
    assert CLOCK.quiet_until(at(moment)) == at(until or moment)


@pytest.mark.parametrize(
    ("moment", "release"),
    [
        ("2026-11-24 08:00", "2026-11-24 10:00"),
        ("2026-11-24 10:00", "2026-11-24 16:00"),
        ("2026-11-24 16:01", "2026-11-25 10:00"),
        ("2026-11-27 17:00", "2026-11-30 10:00"),
        ("2026-11-28 09:00", "2026-11-30 10:00"),
    ],
)
def test_next_release(moment: str, release: str) -> None:
    assert CLOCK.next_release(at(moment)) == at(release)


def test_remaining_workdays() -> None:
    due = at("2026-12-01 18:00")
    moments = ("2026-11-24 09:00", "2026-11-28 09:00", "2026-12-01 09:00", "2026-12-03 09:00")
    assert [CLOCK.remaining_workdays(at(moment), due) for moment in moments] == [5, 2, 0, -2]


@pytest.mark.parametrize(
    "wrong",
    [
        {"spans": ()},
        {"spans": ((time(12), time(8)),)},
        {"releases": (time(16), time(10))},
        {"late_after": time(19)},
    ],
)
def test_senseless_hours_are_refused(wrong: dict[str, tuple[time, ...]]) -> None:
    with pytest.raises(ValueError, match=r"business hours|late_after"):
        BusinessHours(**wrong)  # type: ignore[arg-type]


@given(moment=MOMENTS, days=st.integers(0, 20))
def test_due_is_a_working_day_at_closing_and_never_backwards(moment: datetime, days: int) -> None:
    for due in (CLOCK.due(moment, days).at, CLOCK.calendar_due(moment, days).at):
        assert due >= moment
        assert CLOCK.calendar.is_workday(due.date())
        assert due.time() == time(18)


@given(moment=MOMENTS, days=st.integers(0, 20), later=st.timedeltas(timedelta(0), timedelta(days=12)))
def test_more_days_or_a_later_start_are_never_earlier(moment: datetime, days: int, later: timedelta) -> None:
    assert CLOCK.due(moment, days + 1).at > CLOCK.due(moment, days).at
    assert CLOCK.calendar_due(moment, days + 1).at >= CLOCK.calendar_due(moment, days).at
    assert CLOCK.due(moment + later, days).at >= CLOCK.due(moment, days).at
    assert CLOCK.review_due(moment + later).at >= CLOCK.review_due(moment).at


@given(moment=MOMENTS)
def test_review_falls_in_business_hours_of_this_or_the_next_working_day(moment: datetime) -> None:
    due = CLOCK.review_due(moment).at
    assert due > moment
    assert CLOCK.calendar.is_workday(due.date())
    assert any(first <= due.time() <= last for first, last in CLOCK.hours.spans)
    assert CLOCK.remaining_workdays(moment, due) <= 1


@given(moment=MOMENTS)
def test_pushes_and_releases_go_forward(moment: datetime) -> None:
    until, release = CLOCK.quiet_until(moment), CLOCK.next_release(moment)
    assert until >= moment
    assert not CLOCK.quiet(until)
    assert CLOCK.quiet(moment) or until == moment
    assert release > moment
    assert release.time() in CLOCK.hours.releases
    assert CLOCK.calendar.is_workday(release.date())


@given(moment=MOMENTS, days=st.integers(0, 20))
def test_remaining_days_of_a_fresh_deadline(moment: datetime, days: int) -> None:
    start = CLOCK.counts_from(moment)
    assert CLOCK.remaining_workdays(start, CLOCK.due(moment, days).at) == days
