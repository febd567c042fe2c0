"""Who sits at the desk when, and an honest word about when somebody is there."""

from datetime import date, datetime, time, timedelta

from sqlmodel import col, select

from storage.models import Duty, StaffRole
from storage.unit_of_work import UnitOfWork
from texts.dates import ZONE, say_moment
from tickets.house import House
from tickets.workflow import Role

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD = 15  # days; the longest official holiday is eight


def on_duty(uow: UnitOfWork, house: House, now: datetime, on_call: bool = False, role: Role = Role.OPERATOR) -> bool:
    """True when somebody in a role sits at the desk (or, with `on_call`, can be reached) at this moment."""
    local = now.astimezone(ZONE)
    minute = local.hour * 60 + local.minute
    duties = [duty for duty in _duties(uow, house, local.date(), role) if on_call or not duty.on_call]
    return any(duty.from_minute <= minute < duty.to_minute for duty in duties)


def next_duty(uow: UnitOfWork, house: House, now: datetime, role: Role = Role.OPERATOR) -> datetime | None:
    """When somebody in a role is next at the desk, or None when the roster is empty."""
    local = now.astimezone(ZONE)
    for offset in range(LOOK_AHEAD):
        day = local.date() + timedelta(days=offset)
        starts = sorted(duty.from_minute for duty in _duties(uow, house, day, role) if not duty.on_call)
        for minute in starts:
            moment = datetime.combine(day, time(minute // 60, minute % 60), ZONE)
            if moment > local:
                return moment
    return None


def say_next_duty(uow: UnitOfWork, house: House, now: datetime, role: Role = Role.OPERATOR) -> str:
    """The next duty moment in words; without a roster the next working morning."""
    moment = next_duty(uow, house, now, role)
    if moment is None:
        following = house.clock.calendar.next_workday(now.astimezone(ZONE).date())
        moment = datetime.combine(following, house.clock.hours.opens, ZONE)
    return say_moment(moment)


def _duties(uow: UnitOfWork, house: House, day: date, role: Role) -> list[Duty]:
    holders = select(StaffRole.staff_id).where(StaffRole.role == role.value)
    query = select(Duty).where(col(Duty.day) == _kind_of(house, day), col(Duty.staff_id).in_(holders))
    return list(uow.session.exec(query))


def _kind_of(house: House, day: date) -> str:
    working, weekend = house.clock.calendar.is_workday(day), day.weekday() >= 5
    if working and weekend:
        return "makeup"
    if not working and not weekend:
        return "holiday"
    return DAYS[day.weekday()]
