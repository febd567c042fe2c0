"""A person behind the bot: a row that staff see, and an honest word about when somebody is there."""

from datetime import date, datetime, time, timedelta

from sqlmodel import col, select

from storage.models import Duty, HumanRequest, Ticket
from storage.people import open_human_request
from storage.unit_of_work import UnitOfWork
from texts.dates import ZONE, say_moment
from tickets import notices
from tickets.errors import ChangedMeanwhileError
from tickets.house import House
from tickets.moving import TICK, Actor, note
from tickets.workflow import Role

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD = 15  # days; the longest official holiday is eight
ALERTS = frozenset({"distress", "emergency", "retaliation"})


def request(
    uow: UnitOfWork, house: House, person: str, reason: str, now: datetime, ticket: Ticket | None = None
) -> bool:
    """Ask for a human; False when this person already waits for one with the same reason; alerts always ring."""
    if reason not in ALERTS and open_human_request(uow, person, reason) is not None:
        return False
    uow.session.add(HumanRequest(person=person, reason=reason, at=now, ticket_id=ticket.id if ticket else None))
    key = "desk.alert" if reason in ALERTS else "desk.human"
    role = Role.SPECIAL if reason == "retaliation" else Role.OPERATOR
    notices.tell_role(uow, role, key, now, reason=house.texts.say(f"reason.{reason}"))
    return True


def take(uow: UnitOfWork, waiting: HumanRequest, actor: Actor, now: datetime) -> None:
    """A member of staff takes the request, the first one only."""
    if waiting.taken_at is not None:
        raise ChangedMeanwhileError
    waiting.taken_by, waiting.taken_at = actor.staff_id, now


def on_duty(uow: UnitOfWork, house: House, now: datetime, on_call: bool = False) -> bool:
    """True when somebody sits at the desk (or, with `on_call`, can be reached) at this moment."""
    local = now.astimezone(ZONE)
    minute = local.hour * 60 + local.minute
    duties = [duty for duty in _duties(uow, house, local.date()) if on_call or not duty.on_call]
    return any(duty.from_minute <= minute < duty.to_minute for duty in duties)


def next_duty(uow: UnitOfWork, house: House, now: datetime) -> datetime | None:
    """When the desk is next staffed, or None when the roster is empty."""
    local = now.astimezone(ZONE)
    for offset in range(LOOK_AHEAD):
        day = local.date() + timedelta(days=offset)
        starts = sorted(duty.from_minute for duty in _duties(uow, house, day) if not duty.on_call)
        for minute in starts:
            moment = datetime.combine(day, time(minute // 60, minute % 60), ZONE)
            if moment > local:
                return moment
    return None


def say_next_duty(uow: UnitOfWork, house: House, now: datetime) -> str:
    """The next duty moment in words; without a roster the next working morning."""
    moment = next_duty(uow, house, now)
    if moment is None:
        following = house.clock.calendar.next_workday(now.astimezone(ZONE).date())
        moment = datetime.combine(following, house.clock.hours.opens, ZONE)
    return say_moment(moment)


def mark_urgent(uow: UnitOfWork, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """The complainant says it is due tonight: proposed T1, the lead decides."""
    ticket.t_class = "T1"
    note(uow, ticket, "mark_urgent", actor, now)
    notices.tell_role(uow, Role.LEAD, "desk.urgent", now, ticket)


def propose_urgent(uow: UnitOfWork, ticket: Ticket, now: datetime, why: str) -> None:
    """The words themselves say that it is urgent: the bot proposes T1, the lead decides."""
    ticket.t_class = "T1"
    note(uow, ticket, "propose_t1", TICK, now, why=why)
    notices.tell_role(uow, Role.LEAD, "desk.urgent", now, ticket)


def say_by(moment: datetime, now: datetime) -> str:
    """A moment as a clock time, with its day when that is not today."""
    local = moment.astimezone(ZONE)
    return f"{local:%H:%M}" if local.date() == now.astimezone(ZONE).date() else say_moment(moment)


def _duties(uow: UnitOfWork, house: House, day: date) -> list[Duty]:
    return list(uow.session.exec(select(Duty).where(col(Duty.day) == _kind_of(house, day))))


def _kind_of(house: House, day: date) -> str:
    working, weekend = house.clock.calendar.is_workday(day), day.weekday() >= 5
    if working and weekend:
        return "makeup"
    if not working and not weekend:
        return "holiday"
    return DAYS[day.weekday()]
