"""Pressure: a withdrawal or a changed rating soon after the unit reached the person (domain §7, last rows)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

from storage.models import Event, Rating, SpecialCase, Ticket
from storage.tickets import ratings
from storage.unit_of_work import UnitOfWork
from tickets import cases
from tickets.house import House
from tickets.moving import Actor, trace
from tickets.permissions import acts

WITHIN = timedelta(hours=48)
FLAGGED = "after_contact"  # in a rating's data: it does not take the place of the first
CONTACT_KINDS = ("retaliation", "identity_probe")  # the person, or a refused question, told us of the unit's interest


@acts("note_contact")
def note_contact(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """Staff learned that the unit reached the person; the unit's page does not notice."""
    trace(uow, ticket.id or 0, "note_contact", actor, now, hidden=True)


def last_contact(uow: UnitOfWork, ticket: Ticket) -> datetime | None:
    """When we last heard that the unit reached for the person behind a ticket."""
    noted = select(Event.at).where(Event.ticket_id == ticket.id, Event.action == "note_contact")
    told = select(SpecialCase.opened_at).where(
        SpecialCase.ticket_id == ticket.id, col(SpecialCase.kind).in_(CONTACT_KINDS)
    )
    moments = [*uow.session.exec(noted), *uow.session.exec(told)]
    return max(moments, default=None)


def flag_withdrawal(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """The withdrawal stands; the special desk looks whether it was free."""
    _flag(uow, house, ticket, now, what="withdraw")


def flag_changed_rating(
    uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, solved: str, now: datetime
) -> bool:
    """True when a verdict of this round is changed within 48 hours after a contact: the first one goes on counting."""
    given = [rating for rating in ratings(uow, ticket.id or 0) if rating.round == ticket.rounds]
    if not given or given[0].solved == solved:
        return False
    return _flag(uow, house, ticket, now, what="rating", first=given[0].solved, then=solved)


def counted(given: Sequence[Rating]) -> Rating | None:
    """The verdict that counts: the newest one that was not given under pressure."""
    free = [rating for rating in given if not rating.data.get(FLAGGED)]
    return free[-1] if free else None


def _flag(uow: UnitOfWork, house: House, ticket: Ticket, now: datetime, **data: str) -> bool:
    contact = last_contact(uow, ticket)
    if contact is None or now - contact > WITHIN:
        return False
    cases.open_case(
        uow, house, "pressure", now, person=ticket.person, ticket=ticket, contact=contact.isoformat(), **data
    )
    return True
