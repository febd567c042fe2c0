"""Outbox queries: put a message down, lease it, mark it sent, find what a dead process left behind."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, or_, update
from sqlmodel import col, select

from storage.models import Outbox
from storage.unit_of_work import UnitOfWork

Buttons = list[list[dict[str, str]]]

LAST, ADDRESS = "last", "to"  # of rows to somebody whose address the vault has forgotten: it travels sealed
ERASE = "erase"  # key of a row that asks the channel to remove an earlier message

# channels whose reader looks at the rows themselves (the web page, the desk): the commit is the delivery
MAILBOXES = frozenset({"web", "desk"})


def put(
    uow: UnitOfWork,
    recipient: str,
    channel: str,
    key: str,
    now: datetime,
    *,
    params: dict[str, Any] | None = None,
    secrets: dict[str, str] | None = None,
    buttons: Buttons | None = None,
    kind: str = "reply",
    ticket_id: int | None = None,
    reply_to: str | None = None,
    edit_of: int | None = None,
    not_before: datetime | None = None,
) -> Outbox:
    """Write one message; this process holds its lease so that it can send right after the commit.

    `secrets` are parameters that may not lie readable in the database (a claim code): they are sealed.
    """
    mailbox = channel in MAILBOXES
    ready = not mailbox and (not_before is None or not_before <= now)
    row = Outbox(
        recipient=recipient, channel=channel, key=key, params=params or {}, buttons=buttons or [],
        sealed=uow.vault.seal(json.dumps(secrets).encode()).decode() if secrets else None,
        kind=kind, ticket_id=ticket_id, reply_to=reply_to, edit_of=edit_of, created_at=now,
        not_before=not_before,
        sent_at=now if mailbox else None,
        lease_owner=uow.owner if ready else None,
        lease_until=now + timedelta(seconds=uow.lease_seconds) if ready else None,
    )  # fmt: skip
    uow.session.add(row)
    uow.outgoing.append(row)  # its id comes with the next flush, at the latest with the commit
    return row


def parameters(uow: UnitOfWork, row: Outbox) -> dict[str, Any]:
    """All parameters of a row, sealed ones opened."""
    opened = json.loads(uow.vault.open(row.sealed.encode())) if row.sealed else {}
    return {**row.params, **opened}


def blocked(uow: UnitOfWork, row: Outbox) -> bool:
    """True when an earlier message for the same recipient and channel is still unsent (order per chat)."""
    earlier = select(Outbox.id).where(
        Outbox.recipient == row.recipient, Outbox.channel == row.channel, col(Outbox.id) < (row.id or 0),
        col(Outbox.sent_at).is_(None), col(Outbox.undeliverable).is_(False),
        # a push held back for quiet hours must not hold back an answer to the person's own message
        or_(col(Outbox.not_before).is_(None), col(Outbox.not_before) <= row.created_at),
    )  # fmt: skip
    return uow.session.exec(earlier.limit(1)).first() is not None


def due(uow: UnitOfWork, now: datetime, limit: int = 500) -> list[tuple[int, str]]:
    """(id, recipient) of unsent rows that nobody holds a lease on any more and that may leave now."""
    query = select(Outbox.id, Outbox.recipient).where(
        col(Outbox.sent_at).is_(None), col(Outbox.undeliverable).is_(False),
        or_(col(Outbox.lease_until).is_(None), col(Outbox.lease_until) <= now),
        or_(col(Outbox.not_before).is_(None), col(Outbox.not_before) <= now),
    )  # fmt: skip
    return [(number or 0, who) for number, who in uow.session.exec(query.order_by(col(Outbox.id)).limit(limit))]


def lease(uow: UnitOfWork, row_id: int, now: datetime) -> Outbox | None:
    """Take the lease of an unsent row, or None when it is sent, dead or held by another process.

    An earlier attempt that was neither marked sent nor failed died in between: this one may be a repeat.
    """
    ours = and_(col(Outbox.lease_owner) == uow.owner, col(Outbox.attempts) == 0)  # the lease taken at the commit
    free = or_(col(Outbox.lease_until).is_(None), col(Outbox.lease_until) <= now, ours)
    died = and_(col(Outbox.attempts) > 0, col(Outbox.error).is_(None))
    taken = uow.session.exec(  # one statement: two processes cannot both win
        update(Outbox)
        .where(col(Outbox.id) == row_id, col(Outbox.sent_at).is_(None), col(Outbox.undeliverable).is_(False), free)
        .values(lease_owner=uow.owner, lease_until=now + timedelta(seconds=uow.lease_seconds),
                attempts=Outbox.attempts + 1, error=None,
                repeats=Outbox.repeats + case((died, 1), else_=0))
    )  # fmt: skip
    return uow.session.get(Outbox, row_id, populate_existing=True) if taken.rowcount == 1 else None


def mark_sent(uow: UnitOfWork, row_id: int, external_id: str | None, now: datetime) -> None:
    """The channel accepted the message; `external_id` is its own id there, needed for edits."""
    row = uow.session.get_one(Outbox, row_id)
    row.sent_at, row.external_id, row.lease_until, row.error = now, external_id, None, None
    if LAST in row.params:
        row.sealed = row.external_id = None


def mark_failed(
    uow: UnitOfWork, row_id: int, error: str, retry_at: datetime | None, maybe_accepted: bool = False
) -> None:
    """The channel refused: try again at `retry_at`, or never (None): undeliverable, seen at the desk.

    `maybe_accepted`: the answer was lost, so the next attempt may be a repeat, and is counted.
    """
    row = uow.session.get_one(Outbox, row_id)
    row.repeats += maybe_accepted
    row.error, row.undeliverable, row.lease_until = error[:200], retry_at is None, retry_at
    if LAST in row.params and retry_at is None:
        row.sealed = None


def mailbox(uow: UnitOfWork, recipient: str, after: int = 0, limit: int = 500) -> list[Outbox]:
    """Sent rows of a recipient with id greater than `after`, oldest first."""
    query = select(Outbox).where(
        Outbox.recipient == recipient, col(Outbox.id) > after, col(Outbox.sent_at).is_not(None)
    )
    return list(uow.session.exec(query.order_by(col(Outbox.id)).limit(limit)))


def held_back(uow: UnitOfWork, recipient: str, ticket_id: int) -> list[Outbox]:
    """Discreet pushes about a ticket whose words the person has not looked at yet."""
    query = select(Outbox).where(Outbox.recipient == recipient, Outbox.ticket_id == ticket_id)
    rows = uow.session.exec(query.where(Outbox.key == "quiet.news").order_by(col(Outbox.id)))
    return [row for row in rows if "hidden" in row.params]


def erasable(uow: UnitOfWork, recipient: str, since: datetime) -> list[Outbox]:
    """Messages of a recipient that a channel may still take back."""
    query = select(Outbox).where(
        Outbox.recipient == recipient, col(Outbox.external_id).is_not(None), col(Outbox.sent_at) > since,
        col(Outbox.edit_of).is_(None), Outbox.key != ERASE,
    )  # fmt: skip
    return list(uow.session.exec(query.order_by(col(Outbox.id))))


def recipients_of(uow: UnitOfWork, ids: list[int]) -> list[str]:
    """Whom some rows are for."""
    return list(uow.session.exec(select(Outbox.recipient).where(col(Outbox.id).in_(ids)).distinct()))
