"""Working days of the State Council's holiday notices (domain §3.5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import chinese_calendar
import holidays
import yaml
from chinese_calendar import constants

SHIPPED_OVERRIDES = Path(__file__).parent / "data" / "calendar.yaml"
ONE_DAY = timedelta(days=1)


class CalendarError(ValueError):
    """The override file does not say what it must."""


@dataclass(frozen=True)
class YearNotice:
    """One year's holiday notice: days off and make-up days (调休) beyond the package's data."""

    holidays: frozenset[date] = frozenset()
    makeup_days: frozenset[date] = frozenset()


class WorkCalendar:
    """Which days are worked: overrides first, then published data, then statutory days (provisional)."""

    def __init__(self, notices: Mapping[int, YearNotice] | None = None) -> None:
        notices = notices or {}
        self._off = frozenset(d for notice in notices.values() for d in notice.holidays)
        self._on = frozenset(d for notice in notices.values() for d in notice.makeup_days)
        if clash := self._off & self._on:
            raise CalendarError(f"both holiday and make-up day: {min(clash)}")
        self._years = _packaged_years() | notices.keys()

    def is_workday(self, d: date) -> bool:
        """Monday to Friday not off, plus make-up days (domain §3.5)."""
        if d in self._on or d in self._off:
            return d in self._on
        if d.year in _packaged_years():
            return bool(chinese_calendar.is_workday(d))
        return d.weekday() < 5 and d not in _statutory_days(d.year)

    def is_provisional(self, d: date) -> bool:
        """True where no notice is published: 暂定,以国务院放假通知为准 (domain §3.5)."""
        return d.year not in self._years

    @property
    def expires_on(self) -> date:
        """The last date of unbroken published data; an alarm rings before it."""
        year = max(_packaged_years())
        while year + 1 in self._years:
            year += 1
        return date(year, 12, 31)

    def next_workday(self, d: date) -> date:
        """The first working day after d."""
        return self.add_workdays(d, 1)

    def add_workdays(self, d: date, n: int) -> date:
        """The n-th working day after d (before it when negative); d does not count (民法典 201)."""
        step = ONE_DAY if n > 0 else -ONE_DAY
        left = abs(n)
        while left:
            d += step
            left -= self.is_workday(d)
        return d

    def workdays_between(self, a: date, b: date) -> int:
        """Working days after a up to and including b; negative when b is before a (民法典 201)."""
        if b < a:
            return -self.workdays_between(b, a)
        return sum(self.is_workday(a + ONE_DAY * i) for i in range(1, (b - a).days + 1))


def load_calendar(overrides: Path | None = None) -> WorkCalendar:
    """The calendar with the override file read (the shipped one unless told)."""
    path = overrides or SHIPPED_OVERRIDES
    return WorkCalendar(parse_notices(yaml.safe_load(path.read_text(encoding="utf-8"))))


def parse_notices(document: Any) -> dict[int, YearNotice]:
    """Read the override document, refusing what it does not understand."""
    if not isinstance(document, dict) or set(document) != {"years"} or not isinstance(document["years"], dict):
        raise CalendarError("expected one key, 'years', with a mapping")
    return {int(year): _parse_notice(year, entry or {}) for year, entry in document["years"].items()}


def _parse_notice(year: Any, entry: Mapping[str, Any]) -> YearNotice:
    """Read one year; its days lie in it or in the December before (domain §3.5)."""
    if unknown := set(entry) - {"holidays", "makeup_days"}:
        raise CalendarError(f"{year}: unknown key {sorted(unknown)[0]}")
    off, on = (frozenset(_days(entry.get(key) or [])) for key in ("holidays", "makeup_days"))
    for d in off | on:
        if d.year != int(year) and (d.year, d.month) != (int(year) - 1, 12):
            raise CalendarError(f"{year}: {d} belongs to another year")
    return YearNotice(off, on)


def _days(items: Iterable[Any]) -> Iterable[date]:
    """Expand dates and inclusive ranges "first..last"."""
    for item in items:
        first, _, last = str(item).partition("..")
        try:
            start, end = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError as error:
            raise CalendarError(f"not a date or range: {item}") from error
        if end < start:
            raise CalendarError(f"range runs backwards: {item}")
        yield from (start + ONE_DAY * i for i in range((end - start).days + 1))


@cache
def _packaged_years() -> frozenset[int]:
    """Years for which chinese_calendar holds the official notice."""
    return frozenset(range(min(constants.holidays).year, max(constants.holidays).year + 1))


@cache
def _statutory_days(year: int) -> frozenset[date]:
    """The 13 statutory days without weekend compensation (放假办法 2024; domain §3.5 fallback)."""
    return frozenset(holidays.country_holidays("CN", years=year, observed=False))
