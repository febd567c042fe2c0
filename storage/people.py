"""People as the rest of the house knows them: pseudonyms, their conversations and messages."""

import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, update
from sqlmodel import col, select

from storage.models import (
    Attachment,
    Conversation,
    HumanRequest,
    Message,
    Outbox,
    Person,
    SeenMessage,
    SpecialCase,
    Ticket,
    Unsealing,
    VaultEntry,
)
from storage.unit_of_work import UnitOfWork


def find_or_make(uow: UnitOfWork, channel: str, address: str, now: datetime) -> Person:
    """The person behind an address; a new pseudonym when the address is unknown. Addresses go to the vault."""
    kind = f"chat:{channel}"
    pseudonym = uow.vault.find(uow.session, kind, address)
    if pseudonym is None:
        pseudonym = new_person(uow, channel, now).pseudonym
        uow.vault.put(uow.session, pseudonym, kind, address.encode(), now, findable=True)
    person = uow.session.get_one(Person, pseudonym)
    person.channel = channel  # answers go where they wrote from last
    return person


def new_person(uow: UnitOfWork, channel: str, now: datetime) -> Person:
    """A new pseudonym with an empty conversation."""
    person = Person(pseudonym="p" + secrets.token_hex(8), channel=channel, created_at=now)
    uow.session.add(person)
    uow.session.flush()
    uow.session.add(Conversation(person=person.pseudonym, updated_at=now))
    return person


def conversation(uow: UnitOfWork, person: str) -> Conversation:
    """The conversation row of a person, locked: another process handling the same person waits here."""
    return uow.session.get_one(Conversation, person, with_for_update=True)


def handled_for(uow: UnitOfWork, channel: str, key: str) -> str | None:
    """For whom this message id was handled before, or None when it is new."""
    query = select(SeenMessage.person).where(SeenMessage.channel == channel, SeenMessage.key == key)
    return uow.session.exec(query).first()


def remember(uow: UnitOfWork, person: str, channel: str, key: str, text: str, kind: str, now: datetime) -> Message:
    """Note a message id as handled and keep its masked text."""
    uow.session.add(SeenMessage(channel=channel, key=key, person=person, at=now))
    message = Message(person=person, key=key, text=text, kind=kind, at=now)
    uow.session.add(message)
    uow.session.flush()
    return message


def replies_to(uow: UnitOfWork, person: str, key: str) -> list[Outbox]:
    """What was answered to one message."""
    query = select(Outbox).where(Outbox.recipient == person, Outbox.reply_to == key)
    return list(uow.session.exec(query.order_by(col(Outbox.id))))


def recent_messages(uow: UnitOfWork, person: str, since: datetime) -> int:
    """How many messages a person sent since a moment (flood guard)."""
    query = select(func.count()).select_from(Message).where(Message.person == person, col(Message.at) >= since)
    return uow.session.exec(query).one()


def talk(uow: UnitOfWork, person: str, limit: int = 200) -> list[Message]:
    """The person's own messages, oldest first."""
    query = select(Message).where(Message.person == person).order_by(col(Message.id).desc()).limit(limit)
    return list(reversed(uow.session.exec(query).all()))


def with_drafts(uow: UnitOfWork) -> list[str]:
    """People whose conversation keeps messages that are on no ticket yet."""
    kept = cast(col(Conversation.expecting), String).like('%"messages"%')
    return list(uow.session.exec(select(Conversation.person).where(kept)))


def open_human_request(uow: UnitOfWork, person: str, reason: str) -> HumanRequest | None:
    """A request for a human with this reason that nobody has taken yet."""
    query = select(HumanRequest).where(HumanRequest.person == person, HumanRequest.reason == reason)
    return uow.session.exec(query.where(col(HumanRequest.taken_at).is_(None))).first()


def offered_buttons(uow: UnitOfWork, person: str, since: datetime, limit: int = 30) -> list[Outbox]:
    """The newest messages told to a person, newest first; the callers look at their buttons."""
    query = select(Outbox).where(Outbox.recipient == person, col(Outbox.created_at) >= since)
    return list(uow.session.exec(query.order_by(col(Outbox.id).desc()).limit(limit)))


def move_ticket(uow: UnitOfWork, ticket: Ticket, person: Person) -> None:
    """Give a ticket, its messages and what was told about it to another pseudonym (another device)."""
    _move_sealed(uow, ticket, person.pseudonym)
    uow.session.exec(update(Message).where(_said_about(ticket)).values(person=person.pseudonym))
    for table in (SpecialCase, Unsealing):
        theirs = (col(table.ticket_id) == ticket.id, col(table.person) == ticket.person)
        uow.session.exec(update(table).where(*theirs).values(person=person.pseudonym))
    ticket.person, ticket.channel = person.pseudonym, person.channel
    told = col(Outbox.ticket_id) == ticket.id, ~col(Outbox.recipient).startswith("role:")
    uow.session.exec(update(Outbox).where(*told).values(recipient=person.pseudonym))
    waiting = (*told, col(Outbox.sent_at).is_(None))
    uow.session.exec(update(Outbox).where(*waiting).values(channel=person.channel))


def _said_about(ticket: Ticket) -> ColumnElement[bool]:
    """Said on the ticket, or to the special desk about it."""
    cases = select(SpecialCase.id).where(SpecialCase.ticket_id == ticket.id)
    return or_(col(Message.ticket_id) == ticket.id, col(Message.case_id).in_(cases))


def _move_sealed(uow: UnitOfWork, ticket: Ticket, person: str) -> None:
    """Files and unmasked words of a ticket belong to whoever holds the ticket, and are erased with them."""
    files = uow.session.exec(select(Attachment).where(Attachment.ticket_id == ticket.id)).all()
    numbers = [number for file in files for number in (file.vault_entry_id, file.cleaned_entry_id) if number]
    names = [f"file_name:{number}" for number in numbers]
    moments = uow.session.exec(select(Message.at).where(_said_about(ticket))).all()
    words = and_(
        col(VaultEntry.person) == ticket.person,
        col(VaultEntry.kind) == "words",
        col(VaultEntry.created_at).in_(moments),
    )
    theirs = or_(col(VaultEntry.id).in_(numbers), col(VaultEntry.kind).in_(names), words)
    uow.session.exec(update(VaultEntry).where(theirs).values(person=person))
