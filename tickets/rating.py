"""The complainant's verdict: solved closes, unsolved goes round again, the third time to the supervisor."""

from datetime import datetime, timedelta

from storage.models import Rating, Ticket
from storage.tickets import assignment, ratings
from storage.unit_of_work import UnitOfWork
from texts.dates import ZONE, say_day
from tickets import guarding, notices, pressure
from tickets.errors import TooLateError, WrongStateError
from tickets.house import House
from tickets.moving import TICK, Actor, move, note
from tickets.permissions import acts, check
from tickets.workflow import Role, State

MOST_REWORKS = 2  # the third 没解决 goes to the supervisor (design §4)
CHANGE_WORKDAYS = 5  # 不满意 or a changed rating reopens within 5 working days of closing
RELAPSE_DAYS = 90
SUPERVISION_WORKDAYS = 10


@acts("speak")
def rate(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, solved: str, now: datetime) -> Rating:
    """Record solved, partly or unsolved; solved closes, unsolved reworks or escalates, partly waits for a choice."""
    if ticket.state == State.CLOSED.value:
        _require_changeable(house, ticket, now)
    elif ticket.state != State.RATING.value:
        raise WrongStateError(state=ticket.state)
    if solved == "solved" and ticket.state == State.RATING.value:
        check(uow, "close", actor, ticket)  # before anything is written: who took the call may not close
    flagged = pressure.flag_changed_rating(uow, house, ticket, actor, solved, now)
    rating = Rating(
        ticket_id=ticket.id or 0, round=ticket.rounds, solved=solved, at=now,
        by_operator=actor.staff_id if actor.role is Role.OPERATOR else None,
        data={pressure.FLAGGED: True} if flagged else {},
    )  # fmt: skip
    uow.session.add(rating)
    if solved == "solved" and ticket.state == State.RATING.value:
        close(uow, house, ticket, actor, now)
    elif solved == "unsolved":
        rework(uow, house, ticket, actor, now, solved)
    else:
        note(uow, ticket, "rate", actor, now, solved=solved)
    uow.session.flush()
    return rating


@acts("speak")
def accept(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """Part is enough: close as partly solved."""
    close(uow, house, ticket, actor, now)


@acts("speak")
def satisfy(uow: UnitOfWork, ticket: Ticket, actor: Actor, satisfaction: str, now: datetime) -> None:
    """The optional second tap: satisfied, fair, dissatisfied, kept beside the verdict of this round."""
    given = ratings(uow, ticket.id or 0)
    if not given:
        raise WrongStateError(state=ticket.state)
    given[-1].satisfaction = given[-1].satisfaction or satisfaction
    note(uow, ticket, "satisfy", actor, now, satisfaction=satisfaction)


@acts("speak")
def comment(uow: UnitOfWork, ticket: Ticket, actor: Actor, text: str, now: datetime) -> None:
    """What is missing, in the person's own (masked) words: for staff, never for the unit."""
    given = ratings(uow, ticket.id or 0)
    if given:
        given[-1].comment = text
    note(uow, ticket, "comment", actor, now)


@acts("speak")
def rework(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, now: datetime, solved: str) -> None:
    """Do it again: a new round with its own clock, or supervision when two rounds did not help."""
    if ticket.state == State.CLOSED.value:
        _require_changeable(house, ticket, now)
    if ticket.rounds >= MOST_REWORKS and ticket.state == State.RATING.value:
        move(uow, ticket, "escalate", State.SUPERVISED, actor, now)
        due = house.clock.due(now, SUPERVISION_WORKDAYS)
        notices.tell_role(uow, Role.SUPERVISOR, "desk.supervised", now, ticket)
    else:
        move(uow, ticket, "rework", State.REWORKING, actor, now)
        ticket.rounds += 1
        due = house.clock.rework_due(now)
    ticket.rework_due, ticket.closed_at = due.at, None
    found = assignment(uow, ticket.id or 0)
    if found is not None:
        reason = house.texts.say("unit.reason_partly" if solved == "partly" else "unit.reason_unsolved")
        due_on = say_day(due.at, due.provisional)
        notices.tell_unit(uow, house, found, guarding.unit_key(ticket, "rework"), now, reason=reason, due=due_on)


@acts("close")
def close(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """Close after a verdict or after the rating time-out; never done by a unit, silence is 未评价."""
    move(uow, ticket, "close", State.CLOSED, actor, now)
    ticket.closed_at = now
    found = assignment(uow, ticket.id or 0)
    if found is not None:
        notices.tell_unit(uow, house, found, guarding.unit_key(ticket, "closed"), now)
    if actor is TICK:
        line, until = closing_words(ticket, now)
        notices.tell_person(uow, house, ticket, "closed.unrated", now, line=line, until=until)


def closing_words(ticket: Ticket, now: datetime) -> tuple[str, str]:
    """The one-sentence result, and the last day on which 反弹 reopens the ticket."""
    return ticket.outcome_line or "", say_day(now + timedelta(days=RELAPSE_DAYS))


@acts("speak")
def relapse(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """反弹: the same burden is back within 90 days; the ticket is open again with at least 5 working days."""
    if ticket.closed_at is None or days_between(ticket.closed_at, now) > RELAPSE_DAYS:
        raise TooLateError
    move(uow, ticket, "relapse", State.IN_PROGRESS, actor, now)
    due = house.clock.due(now, CHANGE_WORKDAYS)
    ticket.result_due, ticket.closed_at = due.at, None
    found = assignment(uow, ticket.id or 0)
    if found is not None:
        reason, due_on = house.texts.say("unit.reason_unsolved"), say_day(due.at, due.provisional)
        notices.tell_unit(uow, house, found, guarding.unit_key(ticket, "rework"), now, reason=reason, due=due_on)


def days_between(one: datetime, other: datetime) -> int:
    """Calendar days in local time: what was promised for a day holds until that day is over."""
    return (other.astimezone(ZONE).date() - one.astimezone(ZONE).date()).days


def changeable(house: House, ticket: Ticket, now: datetime) -> bool:
    """A closing can still be turned back by a changed rating."""
    return now <= house.clock.due(ticket.closed_at or now, CHANGE_WORKDAYS).at


def _require_changeable(house: House, ticket: Ticket, now: datetime) -> None:
    if not changeable(house, ticket, now):
        raise TooLateError
