"""How long things are kept: identity until 30 days after the archive, words one year, the rest by the file rules.

Source: design §4; domain §4.4.11. Called by the tick, done once a day.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_, update
from sqlmodel import col, select

from storage import slots
from storage.erasing import not_in_open_case
from storage.models import (
    Attachment,
    Event,
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
from texts.dates import ZONE
from tickets.erasing import ASKED, ENDED, erase_identity, erase_originals, erase_words
from tickets.house import House
from tickets.moving import TICK
from tickets.workflow import TERMINAL

IDENTITY = timedelta(days=30)  # after the last ticket was archived or withdrawn, and nothing was said since
WORDS = timedelta(days=365)  # after a ticket was closed
SEEN = timedelta(days=90)  # ids of handled messages: no channel delivers again after that
LEFTOVER = timedelta(days=2)  # a last answer that never left; it carries its address sealed
JOB, EXPIRED = "retention", "expired"
FINAL = [state.value for state in TERMINAL]


def keep_no_longer(uow: UnitOfWork, house: House, now: datetime) -> int:
    """Erase what is over its time, once a day."""
    if not slots.first(uow, JOB, now.astimezone(ZONE).date().isoformat(), now):
        return 0
    return _words(uow, now) + _originals(uow, now) + _identities(uow, now) + _rest(uow, now)


def _words(uow: UnitOfWork, now: datetime) -> int:
    """Words of tickets that ended a year ago, or whose complainant had asked for erasure."""
    found = list(_ended_without_words(uow, now))
    for ticket in found:
        erase_words(uow, ticket, TICK, EXPIRED, now)
    return len(found)


def _ended_without_words(uow: UnitOfWork, now: datetime) -> Iterator[Ticket]:
    last = select(func.max(Event.at)).where(
        Event.ticket_id == Ticket.id, col(Event.action).in_(("close", "decline", "withdraw"))
    )
    query = select(Ticket).join(Person).where(
        col(Ticket.words_erased_at).is_(None), col(Ticket.state).in_(ENDED),
        or_(col(Person.erased_why) == ASKED, last.scalar_subquery() <= now - WORDS),
    )  # fmt: skip
    yield from uow.session.exec(query.order_by(col(Ticket.id))).all()


def _originals(uow: UnitOfWork, now: datetime) -> int:
    """Original files of tickets archived or withdrawn 30 days ago, although the person still has others."""
    last = select(func.max(Event.at)).where(
        Event.ticket_id == Ticket.id, col(Event.action).in_(("archive", "withdraw"))
    )
    held = exists().where(col(Attachment.ticket_id) == Ticket.id, col(VaultEntry.id) == Attachment.vault_entry_id)
    query = select(Ticket).where(col(Ticket.state).in_(FINAL), last.scalar_subquery() <= now - IDENTITY, held)
    return sum(erase_originals(uow, ticket, now) for ticket in uow.session.exec(query).all())


def _identities(uow: UnitOfWork, now: datetime) -> int:
    """People all of whose tickets are over for 30 days and who said nothing since, nor wait for anybody.

    While the special desk looks after somebody, or an unsealing is under way, the way to them stays.
    """
    running = exists().where(col(Ticket.person) == Person.pseudonym, col(Ticket.state).not_in(FINAL))
    waiting = exists().where(col(HumanRequest.person) == Person.pseudonym, col(HumanRequest.taken_at).is_(None))
    cared = exists().where(col(SpecialCase.person) == Person.pseudonym, col(SpecialCase.closed_at).is_(None))
    asked = exists().where(
        col(Unsealing.person) == Person.pseudonym, col(Unsealing.opened_at).is_(None),
        col(Unsealing.refused_at).is_(None), col(Unsealing.expires_at) > now,
    )  # fmt: skip
    said = select(func.max(Message.at)).where(Message.person == Person.pseudonym).scalar_subquery()
    over = select(func.max(Event.at)).join(Ticket).where(
        Ticket.person == Person.pseudonym, col(Event.action).in_(("archive", "withdraw"))
    ).scalar_subquery()  # fmt: skip
    limit = now - IDENTITY
    query = select(Person).where(
        col(Person.erased_at).is_(None), col(Person.created_at) <= limit, ~running, ~waiting, ~cared, ~asked,
        func.coalesce(said, Person.created_at) <= limit, func.coalesce(over, Person.created_at) <= limit,
    )  # fmt: skip
    found = uow.session.exec(query).all()
    for person in found:
        erase_identity(uow, person, TICK, EXPIRED, now)
    return len(found)


def _rest(uow: UnitOfWork, now: datetime) -> int:
    """Words on no ticket after a year or of erased people, ids of handled messages, addresses of lost answers."""
    erased = select(Person.pseudonym).where(Person.erased_why == ASKED)
    over = or_(col(Message.at) <= now - WORDS, col(Message.person).in_(erased))  # a case that ended after the erasure
    loose = (col(Message.ticket_id).is_(None), col(Message.text) != "", not_in_open_case(), over)
    done = uow.session.exec(update(Message).where(*loose).values(text="")).rowcount
    done += uow.session.exec(delete(SeenMessage).where(col(SeenMessage.at) <= now - SEEN)).rowcount
    left = (col(Outbox.recipient).in_(select(Person.pseudonym).where(col(Person.erased_at).is_not(None))),
            col(Outbox.sealed).is_not(None), col(Outbox.created_at) <= now - LEFTOVER)  # fmt: skip
    done += uow.session.exec(
        update(Outbox).where(*left, col(Outbox.sent_at).is_(None)).values(sealed=None, undeliverable=True)
    ).rowcount
    return done
