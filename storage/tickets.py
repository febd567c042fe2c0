"""Ticket queries: by receipt, by person, what the clock must look at, the history."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from storage.models import Answer, Assignment, Event, Message, Rating, Ticket
from storage.unit_of_work import UnitOfWork


def by_receipt(uow: UnitOfWork, receipt: str) -> Ticket | None:
    """The ticket with this receipt."""
    return uow.session.exec(select(Ticket).where(Ticket.receipt == receipt)).first()


def of_person(uow: UnitOfWork, person: str, states: Sequence[str] | None = None) -> list[Ticket]:
    """Tickets of a person, newest first, optionally only in some states."""
    query = select(Ticket).where(Ticket.person == person)
    if states is not None:
        query = query.where(col(Ticket.state).in_(states))
    return list(uow.session.exec(query.order_by(col(Ticket.id).desc())))


def in_states(uow: UnitOfWork, states: Sequence[str], unit_code: str | None = None) -> list[Ticket]:
    """Tickets in some states, oldest first; `unit_code` keeps those assigned to one unit now."""
    query = select(Ticket).where(col(Ticket.state).in_(states))
    if unit_code is not None:
        query = query.join(Assignment).where(Assignment.unit_code == unit_code, col(Assignment.active))
    return list(uow.session.exec(query.order_by(col(Ticket.id))))


def due_for(uow: UnitOfWork, state: str, column: str, now: datetime) -> list[Ticket]:
    """Tickets in `state` whose moment in `column` has come."""
    moment = getattr(Ticket, column)
    query = select(Ticket).where(Ticket.state == state, moment.is_not(None), moment <= now)
    return list(uow.session.exec(query.order_by(col(Ticket.id))))


def history(uow: UnitOfWork, ticket_id: int) -> list[Event]:
    """The events of a ticket in order."""
    return list(uow.session.exec(select(Event).where(Event.ticket_id == ticket_id).order_by(col(Event.id))))


def messages(uow: UnitOfWork, ticket_id: int) -> list[Message]:
    """The masked messages bound to a ticket, in order."""
    return list(uow.session.exec(select(Message).where(Message.ticket_id == ticket_id).order_by(col(Message.id))))


def assignment(uow: UnitOfWork, ticket_id: int) -> Assignment | None:
    """The active main assignment."""
    query = select(Assignment).where(Assignment.ticket_id == ticket_id, col(Assignment.active), col(Assignment.main))
    return uow.session.exec(query.order_by(col(Assignment.id).desc())).first()


def by_dispatch(uow: UnitOfWork, number: str) -> Assignment | None:
    """The assignment with this dispatch number."""
    return uow.session.exec(select(Assignment).where(Assignment.dispatch_number == number)).first()


def last_answer(uow: UnitOfWork, ticket_id: int) -> Answer | None:
    """The newest answer, draft or released."""
    return uow.session.exec(select(Answer).where(Answer.ticket_id == ticket_id).order_by(col(Answer.id).desc())).first()


def ratings(uow: UnitOfWork, ticket_id: int) -> list[Rating]:
    """All ratings in order; the first one is never overwritten."""
    return list(uow.session.exec(select(Rating).where(Rating.ticket_id == ticket_id).order_by(col(Rating.id))))
