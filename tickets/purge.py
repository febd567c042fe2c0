"""Secrecy purge: staff remove a file or message with a secrecy mark; nothing of it stays but a tombstone.

Source: design §5 (in an image → purged by staff with one key); domain §7 (state or work secrets).
"""

from datetime import datetime

from storage import audit, erasing
from storage.models import Attachment, Message, Ticket
from storage.unit_of_work import UnitOfWork
from tickets import intake, notices
from tickets.errors import UnknownTicketError
from tickets.house import House
from tickets.moving import Actor, note
from tickets.permissions import acts

MARK = "〔已清除〕"
SECRECY = "secrecy"
SHORTEST = 4  # characters; shorter pieces stand in every sentence


@acts("purge")
def purge_file(uow: UnitOfWork, house: House, ticket: Ticket, number: int, actor: Actor, now: datetime) -> None:
    """Remove original, name and copy of a file; the words beside it are a message of their own."""
    file = uow.session.get(Attachment, number)
    if file is None or file.ticket_id != ticket.id or file.purged_at is not None:
        raise UnknownTicketError
    entries = [entry for entry in (file.vault_entry_id, file.cleaned_entry_id) if entry is not None]
    gone = sum(erasing.vault_entry(uow, entry) for entry in entries)
    file.purged_at, file.cleaned_entry_id = now, None
    _finish(uow, house, ticket, "attachment", number, actor, now, entries=gone)


@acts("purge")
def purge_message(uow: UnitOfWork, house: House, ticket: Ticket, number: int, actor: Actor, now: datetime) -> None:
    """Remove a message and every place its words were copied to: ticket, slots, drafts, outbox, history."""
    message = uow.session.get(Message, number)
    if message is None or message.ticket_id != ticket.id or not message.text:
        raise UnknownTicketError
    pieces = _pieces(message.text)
    gone = erasing.original_words(uow, message.person, [message.at])
    message.text = ""
    uow.session.flush()
    rows = erasing.replace_everywhere(uow, pieces, MARK, message.person, ticket.id or 0)
    uow.session.expire_all()
    _hear_the_rest(house, ticket, now)
    _finish(uow, house, ticket, "message", number, actor, now, entries=gone, rows=rows)


def _pieces(text: str) -> list[str]:
    """The whole and its lines, longest first; whole words of a ticket may have joined it with others."""
    lines = {line.strip() for line in text.splitlines() if len(line.strip()) >= SHORTEST}
    return sorted({text, *lines}, key=len, reverse=True)


def _hear_the_rest(house: House, ticket: Ticket, now: datetime) -> None:
    """What was understood of the purged words goes with them; the class, decided or not, stays."""
    rest = ticket.words.replace(MARK, "").strip()
    answers = ticket.slots.get("answers")
    fresh = intake.slots(house.ears.parse(rest.replace("\n", "，"), now)) if rest else {}
    ticket.slots = {**fresh, **({"answers": answers} if answers else {})}


def _finish(
    uow: UnitOfWork, house: House, ticket: Ticket, what: str, number: int, actor: Actor, now: datetime, **counts: int
) -> None:
    subject = f"{what}:{number}"
    note(uow, ticket, "purge", actor, now, what=what, why=SECRECY)
    erasing.bury(uow, what, subject, actor.role.value, actor.id, SECRECY, now, **counts)
    audit.write(uow, f"purge_{what}", actor.role.value, actor.id, now, subject, ticket=ticket.id)
    key = "purged.file" if what == "attachment" else "purged.message"
    notices.tell_person(uow, house, ticket, key, now)
