"""The one place where a ticket changes state: checks the table, raises the version, writes the event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage import audit
from storage.models import Event, Ticket
from storage.unit_of_work import UnitOfWork
from tickets.errors import ChangedMeanwhileError, UnknownTicketError
from tickets.workflow import Role, State, require


@dataclass(frozen=True)
class Actor:
    """Who acts: a role, an id (staff id as text, pseudonym, or "tick") and for unit people their unit."""

    role: Role
    id: str
    unit_code: str | None = None

    @property
    def staff_id(self) -> int | None:
        """The staff id, or None for a complainant or the clock."""
        return int(self.id) if self.id.isdigit() else None


HIDDEN = "special_only"  # in an event's data: only the special desk and the auditor read the line
TICK = Actor(Role.TICK, "tick")


def complainant(person: str) -> Actor:
    """The complainant behind a pseudonym."""
    return Actor(Role.COMPLAINANT, person)


def load(uow: UnitOfWork, ticket_id: int, version: int | None = None) -> Ticket:
    """The ticket for changing; ChangedMeanwhileError when the page the actor saw is out of date."""
    ticket = uow.session.get(Ticket, ticket_id, with_for_update=True)
    if ticket is None:
        raise UnknownTicketError
    if version is not None and ticket.version != version:
        raise ChangedMeanwhileError
    return ticket


def move(
    uow: UnitOfWork, ticket: Ticket, action: str, target: State, actor: Actor, now: datetime, **data: Any
) -> Event:
    """Move a ticket along an edge of the table; WrongStateError or NotAllowedError, then nothing changed."""
    source = State(ticket.state)
    require(source, action, target, actor.role)
    ticket.state = target.value
    return note(uow, ticket, action, actor, now, source=source.value, target=target.value, **data)


def trace(
    uow: UnitOfWork, ticket_id: int, action: str, actor: Actor, now: datetime, hidden: bool = False,
    level: str | None = None, **data: Any,
) -> Event:  # fmt: skip
    """Append a line without raising the version: a read, or what a colleague's or a unit's page may not notice.

    `hidden` lines are for the special desk alone; `level` marks a read of words (L3) or identity (L4).
    """
    mark = {HIDDEN: True} if hidden else {}
    event = Event(
        ticket_id=ticket_id, at=now, action=action, role=actor.role.value, actor=actor.id,
        data={**data, **mark},
    )  # fmt: skip
    uow.session.add(event)
    audit.write(uow, action, actor.role.value, actor.id, now, f"ticket:{ticket_id}", level, **mark)
    return event


def note(
    uow: UnitOfWork,
    ticket: Ticket,
    action: str,
    actor: Actor,
    now: datetime,
    source: str | None = None,
    target: str | None = None,
    **data: Any,
) -> Event:
    """Append a line to the history and raise the version, with or without a change of state."""
    ticket.version += 1
    event = Event(
        ticket_id=ticket.id or 0, at=now, action=action, role=actor.role.value, actor=actor.id,
        source=source, target=target, data=data,
    )  # fmt: skip
    uow.session.add(event)
    audit.write(uow, action, actor.role.value, actor.id, now, f"ticket:{ticket.id}")
    return event
