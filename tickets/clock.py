"""Deadlines as pure arithmetic on business hours and working days (design §4, domain §3.4, §3.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from tickets.calendar import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
SIGN_WORKDAYS = 1
REWORK_WORKDAYS = 5
RESUME_WORKDAYS = 5


@dataclass(frozen=True)
class BusinessHours:
    """The department's hours, all local time; every value is a setting (design §4)."""

    spans: tuple[tuple[time, time], ...] = ((time(8, 30), time(12)), (time(14), time(18)))
    late_after: time = time(17, 30)
    review_within: timedelta = timedelta(hours=2)
    review_latest: time = time(10)
    releases: tuple[time, ...] = (time(10), time(16))
    quiet_from: time = time(21)
    quiet_to: time = time(8)

    def __post_init__(self) -> None:
        """Refuse spans or releases that are empty, overlap or run backwards."""
        edges = [edge for span in self.spans for edge in span]
        for moments in (edges, list(self.releases), [self.quiet_to, self.quiet_from]):
            if not moments or any(a >= b for a, b in pairwise(moments)):
                raise ValueError("business hours must be given and rise through the day")
        if self.late_after > self.closes:
            raise ValueError("late_after must not be later than closing time")

    @property
    def opens(self) -> time:
        """Start of the working day."""
        return self.spans[0][0]

    @property
    def closes(self) -> time:
        """End of the working day, when a limit in days runs out (民法典 203)."""
        return self.spans[-1][1]


@dataclass(frozen=True)
class Due:
    """A deadline in Asia/Shanghai; provisional means 暂定 (domain §3.5)."""

    at: datetime
    provisional: bool


@dataclass(frozen=True)
class Limit:
    """An amount of time: natural hours, working days or calendar days (domain §3.4)."""

    amount: int
    unit: Literal["hours", "workdays", "days"]


@dataclass(frozen=True)
class TimeClass:
    """Limits of one T-class; interim are the working days of the interim notes (domain §3.4)."""

    first_contact: Limit
    result: Limit
    interim: tuple[int, ...] = ()


AT_ONCE = TimeClass(Limit(0, "hours"), Limit(0, "hours"))
URGENT = TimeClass(Limit(2, "hours"), Limit(24, "hours"))
PROFILES: Mapping[str, Mapping[str, TimeClass]] = {
    "default": {
        "T0": AT_ONCE,
        "T1": URGENT,
        "T2": TimeClass(Limit(1, "workdays"), Limit(5, "workdays")),
        "T3": TimeClass(Limit(1, "workdays"), Limit(15, "workdays"), interim=(5, 10)),
    },
    "beijing": {
        "T0": AT_ONCE,
        "T1": URGENT,
        "T2": TimeClass(Limit(24, "hours"), Limit(7, "days")),
        "T3": TimeClass(Limit(24, "hours"), Limit(15, "days"), interim=(5, 10)),
    },
}


@dataclass(frozen=True)
class Clock:
    """Every deadline of a ticket, asked with the moment as an argument."""

    calendar: WorkCalendar
    hours: BusinessHours = field(default_factory=BusinessHours)
    profile: str = "default"

    def __post_init__(self) -> None:
        """Refuse a profile that is not in the table."""
        if self.profile not in PROFILES:
            raise ValueError(f"unknown profile {self.profile!r}")

    def counts_from(self, received_at: datetime) -> datetime:
        """Receipt after 17:30 or on a rest day counts from the next working day's start (domain §3.5)."""
        at = local(received_at)
        if self.calendar.is_workday(at.date()) and at.time() <= self.hours.late_after:
            return at
        return _at(self.calendar.next_workday(at.date()), self.hours.opens)

    def due(self, received_at: datetime, workdays: int) -> Due:
        """Closing time of the n-th working day; the day of receipt does not count (民法典 201, 203)."""
        if workdays < 0:
            raise ValueError("a limit cannot be negative")
        start = self.counts_from(received_at).date()
        return self._due(start, _at(self.calendar.add_workdays(start, workdays), self.hours.closes))

    def calendar_due(self, received_at: datetime, days: int) -> Due:
        """Calendar days; a last day that is a rest day moves to the next working day (民法典 201, 203)."""
        if days < 0:
            raise ValueError("a limit cannot be negative")
        start = self.counts_from(received_at).date()
        last = start + timedelta(days=days)
        if not self.calendar.is_workday(last):
            last = self.calendar.next_workday(last)
        return self._due(start, _at(last, self.hours.closes))

    def natural_due(self, at: datetime, hours: int) -> Due:
        """T1 hours run through nights and holidays (domain §3.5)."""
        if hours < 0:
            raise ValueError("a limit cannot be negative")
        return Due(local(local(at) + timedelta(hours=hours)), provisional=False)

    def limit_due(self, at: datetime, limit: Limit) -> Due:
        """The deadline of a limit from the T-class table (domain §3.4)."""
        count = {"hours": self.natural_due, "workdays": self.due, "days": self.calendar_due}[limit.unit]
        return count(at, limit.amount)

    def first_contact_due(self, at: datetime, t_class: str) -> Due:
        """When the person must have heard from us (domain §3.4)."""
        return self.limit_due(at, PROFILES[self.profile][t_class].first_contact)

    def result_due(self, assigned_at: datetime, t_class: str) -> Due:
        """When the unit's answer is due, counted from `assigned` (design §4, domain §3.4)."""
        return self.limit_due(assigned_at, PROFILES[self.profile][t_class].result)

    def review_due(self, received_at: datetime) -> Due:
        """Two business hours from receipt, at latest the next working day 10:00 (design §4).

        Counted from the whole minute: what arrives at 10:00:05 is promised for 12:00, not for the afternoon.
        """
        at = local(received_at).replace(second=0, microsecond=0)
        latest = _at(self.calendar.next_workday(at.date()), self.hours.review_latest)
        return self._due(at.date(), min(self.add_business(at, self.hours.review_within), latest))

    def add_business(self, at: datetime, amount: timedelta) -> datetime:
        """The moment when an amount of business time has passed; reached at a span's end, it ends there."""
        at = local(at)
        day = at.date()
        while True:
            for first, last in self.hours.spans if self.calendar.is_workday(day) else ():
                start = max(at, _at(day, first))
                room = _at(day, last) - start
                if room >= amount:
                    return start + amount
                amount -= max(room, timedelta(0))
            day = self.calendar.next_workday(day)

    def sign_due(self, assigned_at: datetime) -> Due:
        """The unit signs within 1 working day (domain §3.3, S20)."""
        return self.due(assigned_at, SIGN_WORKDAYS)

    def rework_due(self, at: datetime) -> Due:
        """Rework has its own 5 working days (design §4)."""
        return self.due(at, REWORK_WORKDAYS)

    def resume_due(self, at: datetime, remaining: int) -> Due:
        """Back from a hold the remaining days count, at least 5 (design §4)."""
        return self.due(at, max(remaining, RESUME_WORKDAYS))

    def remaining_workdays(self, at: datetime, due_at: datetime) -> int:
        """Working days after today up to the due day; 0 on that day, negative when overdue by days."""
        return self.calendar.workdays_between(local(at).date(), local(due_at).date())

    def quiet(self, at: datetime) -> bool:
        """21:00-08:00 and rest days hold pushes (design §4)."""
        at = local(at)
        awake = self.hours.quiet_to <= at.time() < self.hours.quiet_from
        return not (awake and self.calendar.is_workday(at.date()))

    def quiet_until(self, at: datetime) -> datetime:
        """The first moment from `at` on when a push may go (design §4)."""
        at = local(at)
        if not self.quiet(at):
            return at
        early = self.calendar.is_workday(at.date()) and at.time() < self.hours.quiet_to
        day = at.date() if early else self.calendar.next_workday(at.date())
        return _at(day, self.hours.quiet_to)

    def next_release(self, at: datetime) -> datetime:
        """The first batch strictly after `at`: 10:00 and 16:00 on working days (design §4)."""
        at = local(at)
        if self.calendar.is_workday(at.date()):
            for moment in self.hours.releases:
                if moment > at.time():
                    return _at(at.date(), moment)
        return _at(self.calendar.next_workday(at.date()), self.hours.releases[0])

    def _due(self, start: date, at: datetime) -> Due:
        """A deadline is provisional when either end lies beyond the published calendar."""
        return Due(at, any(map(self.calendar.is_provisional, (start, at.date()))))


def local(at: datetime) -> datetime:
    """The same moment in Asia/Shanghai; naive moments are refused (domain §3.5)."""
    if at.utcoffset() is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(SHANGHAI)


def _at(day: date, moment: time) -> datetime:
    """A local moment of a day."""
    return datetime.combine(day, moment, tzinfo=SHANGHAI)
