"""Erasing for good: identity (L4) and original words (L3). Statistics, history, audit and tombstones survive.

Source: design §4, §5; domain §4.4.11.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, select

from storage import audit, erasing
from storage.models import Message, Outbox, Person, Rating, Ticket
from storage.tickets import of_person
from storage.unit_of_work import UnitOfWork
from tickets.moving import Actor, note
from tickets.permissions import acts
from tickets.workflow import State

ENDED = frozenset({State.CLOSED.value, State.ARCHIVED.value, State.WITHDRAWN.value, State.DECLINED.value})
ASKED = "asked"
FIGURES = ("times", "per", "hours")  # what statistics need of the slots; names and objects go with the words


@dataclass(frozen=True)
class Erased:
    """What went: sealed values, tickets whose words went too, tickets that are still on their way."""

    sealed: int
    closed: int
    running: int


@acts("erase")
def erase_identity(
    uow: UnitOfWork, person: Person, actor: Actor, why: str, now: datetime, keep_rows: frozenset[int] = frozenset()
) -> Erased:
    """Erase who somebody is; when they asked for it, also the words of what has ended; `keep_rows` are last answers."""
    words = why == ASKED
    tickets = of_person(uow, person.pseudonym)
    ended = [ticket for ticket in tickets if ticket.state in ENDED]
    person.erased_at, person.erased_why, person.discreet = now, why, False
    uow.session.flush()
    staying = [ticket.id or 0 for ticket in tickets if not words or ticket not in ended]
    files = erasing.attachments_of(uow, staying)
    copies = {file.cleaned_entry_id for file in files if file.cleaned_entry_id is not None}
    sealed = erasing.vault_entries(uow, person.pseudonym, copies)
    erasing.forget_expected(uow, person.pseudonym)
    _forget_sending(uow, person.pseudonym, keep_rows)
    if words:
        _forget_said(uow, person, [ticket for ticket in ended if ticket.words_erased_at is None], actor, now, keep_rows)
    _bury(uow, "identity", f"person:{person.pseudonym}", actor, why, now, sealed=sealed)
    return Erased(sealed, len(ended), len(tickets) - len(ended))


def _forget_said(
    uow: UnitOfWork, person: Person, ended: list[Ticket], actor: Actor, now: datetime, keep_rows: frozenset[int]
) -> None:
    """What was said on no ticket, and on tickets that have ended."""
    erasing.blank_messages(uow, person.pseudonym, None)
    erasing.told(uow, person.pseudonym, None, set(keep_rows))
    for ticket in ended:
        erase_words(uow, ticket, actor, ASKED, now)


@acts("erase")
def erase_words(uow: UnitOfWork, ticket: Ticket, actor: Actor, why: str, now: datetime) -> None:
    """Erase what was said on a ticket: words, messages, comments, files, what was told to the person about it."""
    number = ticket.id or 0
    moments = list(uow.session.exec(select(Message.at).where(Message.ticket_id == number)))
    erase_originals(uow, ticket, now)
    for file in erasing.attachments_of(uow, [number]):
        if file.cleaned_entry_id is not None:
            erasing.vault_entry(uow, file.cleaned_entry_id)
        file.purged_at = file.purged_at or now
    erasing.original_words(uow, ticket.person, moments)
    uow.session.exec(update(Message).where(col(Message.ticket_id) == number).values(text=""))
    uow.session.exec(update(Rating).where(col(Rating.ticket_id) == number).values(comment=None, data={}))
    erasing.told(uow, ticket.person, number, set())
    ticket.words, ticket.words_erased_at = "", now
    ticket.slots = {name: ticket.slots[name] for name in FIGURES if ticket.slots.get(name) is not None}
    note(uow, ticket, "erase_words", actor, now, why=why)
    _bury(uow, "words", f"ticket:{number}", actor, why, now, messages=len(moments))


def erase_originals(uow: UnitOfWork, ticket: Ticket, now: datetime) -> int:
    """Erase the original files of a ticket (L4); copies without metadata stay until the words go."""
    files = erasing.attachments_of(uow, [ticket.id or 0])
    return sum(erasing.vault_entry(uow, file.vault_entry_id) for file in files)


def _forget_sending(uow: UnitOfWork, person: str, keep_rows: frozenset[int]) -> None:
    """What waits for sending cannot leave any more; the channel's own message ids lead back to a chat."""
    theirs = (col(Outbox.recipient) == person, col(Outbox.id).not_in(set(keep_rows)))
    unsent = select(Outbox.id).where(*theirs, col(Outbox.sent_at).is_(None))
    uow.session.exec(update(Outbox).where(col(Outbox.edit_of).in_(unsent)).values(edit_of=None))
    uow.session.exec(delete(Outbox).where(*theirs, col(Outbox.sent_at).is_(None)))
    uow.session.exec(update(Outbox).where(*theirs).values(external_id=None))


def _bury(
    uow: UnitOfWork, what: str, subject: str, actor: Actor, why: str, now: datetime, **counts: int
) -> None:  # fmt: skip
    erasing.bury(uow, what, subject, actor.role.value, actor.id, why, now, **counts)
    audit.write(uow, f"erase_{what}", actor.role.value, actor.id, now, subject, why=why)
