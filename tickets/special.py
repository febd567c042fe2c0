"""What only the special desk handles: tickets about the department or the hotline, and those handed over to it."""

from datetime import datetime

from storage.models import Ticket, Unit
from storage.unit_of_work import UnitOfWork
from tickets import audience, cases, notices
from tickets.errors import MissingFieldError, OnlyOnceError, OnlySpecialError, WrongStateError
from tickets.house import House
from tickets.moving import TICK, Actor, trace
from tickets.permissions import acts
from tickets.workflow import TERMINAL, Role, State

REASONS = ("department", "hotline", "leak", "retaliation")
CASE_REASONS = frozenset({"leak", "retaliation"})  # these are somebody's danger: a case with the T1 clock


def place(uow: UnitOfWork, house: House, ticket: Ticket, now: datetime, said: str = "") -> None:
    """Send a new or longer complaint to the special desk when it is about the department or the hotline itself."""
    if ticket.special is None:
        ticket.special = audience.why_special(uow, said or ticket.words, audience.complained_of(uow, ticket))
        if ticket.special is not None:
            trace(uow, ticket.id or 0, "to_special", TICK, now, hidden=True, why=ticket.special)


def hear_more(uow: UnitOfWork, house: House, ticket: Ticket, said: str, now: datetime) -> None:
    """A later word may name the department or the hotline, or a unit whose people must not see the ticket."""
    named = [unit.known for unit in house.ears.parse(said, now).units if unit.known]
    known = list(dict.fromkeys([*ticket.slots.get("known_units", []), *named]))
    if named:
        ticket.slots = {**ticket.slots, "known_units": known}
    before = ticket.special
    place(uow, house, ticket, now, said)
    if ticket.special != before:
        notices.tell_person(uow, house, ticket, "receipt.special", now, kind="reply")


def check_unit(uow: UnitOfWork, unit_code: str, actor: Actor) -> None:
    """Nobody but the special desk assigns a ticket to the department that runs the hotline."""
    unit = uow.session.get(Unit, unit_code)
    if unit is not None and unit.kind == audience.HOST and actor.role is not Role.SPECIAL:
        raise OnlySpecialError


@acts("hand_over")
def hand_over(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, reason: str, now: datetime) -> None:
    """转专办: from now on only the special desk sees the ticket; the unit notices nothing."""
    if reason not in REASONS:
        raise MissingFieldError(field="reason")
    if State(ticket.state) in TERMINAL:
        raise WrongStateError(state=ticket.state)
    if ticket.special is not None:
        raise OnlyOnceError
    ticket.special = reason
    trace(uow, ticket.id or 0, "hand_over", actor, now, hidden=True, why=reason)
    if reason in CASE_REASONS:
        cases.open_case(uow, house, reason, now, person=ticket.person, ticket=ticket)
    else:
        why = house.texts.say(f"special.why.{reason}")
        notices.tell_role(uow, Role.SPECIAL, "desk.handed_over", now, ticket, why=why)
