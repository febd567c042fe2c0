"""What was said but is not yet on any ticket: kept beside whatever else is asked, filed or bound after ten minutes."""

from datetime import datetime, timedelta
from typing import Any

from storage.models import Conversation, Message, Person, Ticket
from storage.people import conversation, with_drafts
from storage.tickets import by_receipt
from storage.unit_of_work import UnitOfWork
from tickets.house import House
from tickets.intake import Filed, file_ticket
from tickets.moving import complainant
from tickets.progress import OPEN_STATES
from tickets.receipts import give_receipt
from tickets.supplement import add_words

WAIT = timedelta(minutes=10)
FORGOTTEN = timedelta(days=1)
SHORT, UNCLEAR = "short", "same_or_new"  # filed, or bound to the open ticket, when nobody says more
OFFERED, REFERRED = "offered", "refer"  # not understood, or taken for a citizen: filed only when the person says so
KINDS = frozenset({SHORT, UNCLEAR, OFFERED, REFERRED})

Draft = dict[str, Any]  # kind, text, messages (ids), at (ISO), and the receipt of an unclear one


def kept(expecting: dict[str, Any] | None) -> list[Draft]:
    """All drafts of a conversation, oldest first: those set aside, then the one being asked about."""
    if not expecting:
        return []
    head = {name: value for name, value in expecting.items() if name != "parked"}
    return [*expecting.get("parked", []), *([head] if head.get("kind") in KINDS else [])]


def newest(expecting: dict[str, Any] | None, *kinds: str) -> Draft | None:
    """The newest draft of some kinds."""
    return next((draft for draft in reversed(kept(expecting)) if draft["kind"] in kinds), None)


def settle(talk: Conversation, draft: Draft) -> None:
    """A draft has found its ticket: it waits no longer."""
    expecting = talk.expecting or {}
    parked = [each for each in expecting.get("parked", []) if not _equal(each, draft)]
    head = {name: value for name, value in expecting.items() if name != "parked"}
    if _equal(head, draft):
        head = {}
    together = {**head, **({"parked": parked} if parked else {})}
    talk.expecting = together or None


def _equal(one: Draft, other: Draft) -> bool:
    return (one.get("kind"), one.get("messages")) == (other["kind"], other["messages"])


def bind(uow: UnitOfWork, draft: Draft, ticket: Ticket) -> None:
    """Bind the messages of a draft to the ticket they became."""
    for message in said(uow, draft):
        message.ticket_id = ticket.id


def said(uow: UnitOfWork, draft: Draft) -> list[Message]:
    """The messages of a draft."""
    found = [uow.session.get(Message, each) for each in draft["messages"]]
    return [message for message in found if message is not None]


def file_waiting(uow: UnitOfWork, house: House, now: datetime) -> int:
    """File every draft that has waited ten minutes; an unclear message joins the open ticket."""
    done = 0
    for person in with_drafts(uow):
        talk = conversation(uow, person)
        for draft in kept(talk.expecting):
            waited = now - datetime.fromisoformat(draft["at"])
            if waited >= FORGOTTEN and draft["kind"] in (OFFERED, REFERRED):
                settle(talk, draft)
            elif waited >= WAIT and draft["kind"] in (SHORT, UNCLEAR):
                _file_or_join(uow, house, talk, draft, now)
                done += 1
    return done


def file_draft(uow: UnitOfWork, house: House, talk: Conversation, draft: Draft, now: datetime) -> Filed:
    """Make a draft a ticket of class 待定."""
    person = uow.session.get_one(Person, talk.person)
    filed = file_ticket(uow, house, person, draft["text"], None, now)
    bind(uow, draft, filed.ticket)
    settle(talk, draft)
    return filed


def _file_or_join(uow: UnitOfWork, house: House, talk: Conversation, draft: Draft, now: datetime) -> None:
    ticket = by_receipt(uow, draft["receipt"]) if draft["kind"] == UNCLEAR else None
    if ticket is None or ticket.state not in OPEN_STATES:
        give_receipt(uow, house, file_draft(uow, house, talk, draft, now), now, kind="push")
        return
    for message in said(uow, draft):
        add_words(uow, house, ticket, complainant(talk.person), message, now)
    settle(talk, draft)
