"""Who else says the same: other persons' complaints of the same class about the same unit and thing (domain §3.6)."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from storage.models import Ticket
from storage.unit_of_work import UnitOfWork
from tickets.likeness import likeness, pieces
from tickets.workflow import State

WITHIN = timedelta(days=30)
ALIKE = 0.5
GONE = (State.WITHDRAWN.value, State.DECLINED.value)


def others(uow: UnitOfWork, ticket: Ticket, now: datetime) -> int:
    """How many other persons reported the same matter within 30 days."""
    query = select(Ticket).where(
        Ticket.unit_code == ticket.unit_code, Ticket.label == ticket.label, Ticket.person != ticket.person,
        col(Ticket.created_at) >= now - WITHIN, col(Ticket.state).not_in(GONE),
    )  # fmt: skip
    return len({found.person for found in uow.session.exec(query) if same(ticket, found)})


def same(one: Ticket, other: Ticket) -> bool:
    """The same thing by name; where a name is missing, much the same words."""
    mine, theirs = one.slots.get("object"), other.slots.get("object")
    if mine and theirs:
        return mine in theirs or theirs in mine
    return likeness(pieces(one.words), pieces(other.words)) >= ALIKE
