"""Too-short messages that nobody completed: after ten minutes they become tickets, never nothing."""

from datetime import datetime, timedelta

from storage.models import Conversation, Message, Person
from storage.people import conversation, waiting_drafts
from storage.tickets import by_receipt
from storage.unit_of_work import UnitOfWork
from tickets.house import House
from tickets.intake import Filed, file_ticket
from tickets.moving import complainant
from tickets.receipts import give_receipt
from tickets.supplement import add_words

WAIT = timedelta(minutes=10)
SHORT, UNCLEAR = "short", "same_or_new"


def file_waiting(uow: UnitOfWork, house: House, now: datetime) -> int:
    """File every draft that has waited ten minutes; an unclear message joins the open ticket."""
    short = waiting_drafts(uow, SHORT, WAIT, now)
    for talk in short:
        person = uow.session.get_one(Person, talk.person)
        filed = file_draft(uow, house, person, now)
        give_receipt(uow, house, filed, now, kind="push")
    unclear = waiting_drafts(uow, UNCLEAR, WAIT, now)
    for talk in unclear:
        _join_unclear(uow, house, talk, now)
    return len(short) + len(unclear)


def file_draft(uow: UnitOfWork, house: House, person: Person, now: datetime) -> Filed:
    """Make the waiting draft a ticket of class 待定."""
    talk = conversation(uow, person.pseudonym)
    draft = talk.expecting or {}
    filed = file_ticket(uow, house, person, draft["text"], None, now)
    message = uow.session.get(Message, draft["message"])
    if message is not None:
        message.ticket_id = filed.ticket.id
    talk.expecting = None
    return filed


def _join_unclear(uow: UnitOfWork, house: House, talk: Conversation, now: datetime) -> None:
    waiting = talk.expecting or {}
    ticket = by_receipt(uow, waiting["receipt"])
    message = uow.session.get(Message, waiting["message"])
    if ticket is not None and message is not None:
        add_words(uow, house, ticket, complainant(talk.person), message, now)
    talk.expecting = None
