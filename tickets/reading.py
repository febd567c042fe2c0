"""Reads of original words (L3) and of original files (L4): first the audit row, then the content (domain §4.4.15)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from storage import audit
from storage.models import Attachment, Message, SpecialCase, Ticket, VaultEntry
from storage.tickets import messages
from storage.unit_of_work import UnitOfWork
from tickets.errors import NotAllowedError, UnknownTicketError
from tickets.file_types import suffix
from tickets.moving import Actor
from tickets.permissions import acts, check
from tickets.workflow import Role


@dataclass(frozen=True)
class ReadFile:
    """What a member of staff gets of a file: its own name never, only what it is."""

    content: bytes
    media_type: str
    name: str


@acts("read_words")
def note_words(uow: UnitOfWork, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """Original words of a ticket are about to be shown."""
    audit.write(uow, "read_words", actor.role.value, actor.id, now, f"ticket:{ticket.id}", "L3")


@acts("take_person")
def note_talk(uow: UnitOfWork, person: str, actor: Actor, now: datetime) -> None:
    """The last words of a person are about to be shown."""
    audit.write(uow, "read_talk", actor.role.value, actor.id, now, f"person:{person}", "L3")


@acts("work_case")
def note_case(uow: UnitOfWork, case: SpecialCase, actor: Actor, now: datetime) -> None:
    """What a person said to the special desk is about to be shown."""
    audit.write(uow, "read_case", actor.role.value, actor.id, now, f"case:{case.id}", "L3")


@acts("read_words")
def read_file(uow: UnitOfWork, number: int, actor: Actor, now: datetime) -> ReadFile:
    """The copy without metadata, or the original where there is none; the latter is a read of identity."""
    file = uow.session.get(Attachment, number)
    if file is None or file.purged_at is not None:
        raise UnknownTicketError
    check(uow, "read_words", actor, uow.session.get_one(Ticket, file.ticket_id))
    level = "L4" if file.cleaned_entry_id is None else "L3"
    if level == "L4" and actor.role is Role.AUDITOR:  # an auditor's sample is masked (domain §4.3)
        raise NotAllowedError(role=actor.role.value)
    entry = uow.session.get(VaultEntry, file.cleaned_entry_id or file.vault_entry_id)
    if entry is None:
        raise UnknownTicketError
    detail = {"ticket": file.ticket_id}
    audit.write(uow, "read_file", actor.role.value, actor.id, now, f"attachment:{number}", level, **detail)
    media_type = file.media_type or "application/octet-stream"
    return ReadFile(uow.vault.open(entry.sealed), media_type, f"{file.ticket_id}-{number}.{suffix(media_type)}")


@acts("read_words")
def files_of(uow: UnitOfWork, ticket: Ticket, actor: Actor) -> list[Attachment]:
    """The files of a ticket, purged ones too: their tombstone is shown."""
    query = select(Attachment).where(Attachment.ticket_id == ticket.id)
    return list(uow.session.exec(query.order_by(col(Attachment.id))))


@acts("read_words")
def said_on(uow: UnitOfWork, ticket: Ticket, actor: Actor) -> list[Message]:
    """Messages of a ticket that still have words."""
    return [message for message in messages(uow, ticket.id or 0) if message.text and message.kind != "button"]
