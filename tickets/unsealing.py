"""Opening an identity (domain §4.4.9): a reason, two approvals, seen once, written down, and the person is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import col, select

from storage.models import Ticket, Unsealing, VaultEntry
from storage.unit_of_work import UnitOfWork
from texts.dates import say_day
from tickets import audience, notices
from tickets.errors import MissingFieldError, NotAllowedError, OnlyOnceError, SamePersonError, TooLateError
from tickets.house import House
from tickets.moving import Actor, trace
from tickets.permissions import acts, check
from tickets.workflow import Role

GROUNDS = ("danger", "court")  # expected use: personal danger, court order
TO_APPROVE = timedelta(hours=72)
TO_OPEN = timedelta(hours=24)  # from the second approval on
IDENTITY = ("chat:", "phone")  # kinds of vault entries that say who somebody is

Stand = Literal["waiting", "approved", "opened", "refused", "expired"]


@dataclass(frozen=True)
class UnsealingView:
    """A request as special desk and auditor read it; the identity itself is never in here."""

    id: int
    receipt: str
    ticket_id: int
    ground: str
    reason: str
    untold_because: str | None
    requested_by: int
    requested_at: datetime
    special_by: int | None
    auditor_by: int | None
    refusal: str | None
    expires_at: datetime
    stand: Stand


@acts("ask_unsealing")
def request(
    uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, ground: str, reason: str, now: datetime,
    untold_because: str = "",
) -> Unsealing:  # fmt: skip
    """Ask to learn who is behind a ticket; `untold_because` names the law that forbids telling the person."""
    for name, value in (("ground", ground if ground in GROUNDS else ""), ("reason", reason.strip())):
        if not value:
            raise MissingFieldError(field=name)
    row = Unsealing(
        person=ticket.person, ticket_id=ticket.id or 0, ground=ground, reason=reason.strip(),
        untold_because=untold_because.strip() or None, requested_by=actor.staff_id or 0, requested_at=now,
        expires_at=now + TO_APPROVE,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    trace(uow, row.ticket_id, "ask_unsealing", actor, now, hidden=True, request=row.id, ground=ground)
    for role in (Role.SPECIAL, Role.AUDITOR):
        notices.tell_role(uow, role, "desk.unsealing_asked", now, number=row.id or 0)
    return row


@acts("approve_unsealing")
def approve(uow: UnitOfWork, house: House, row: Unsealing, actor: Actor, now: datetime) -> None:
    """One of two approvals: a member of the special desk other than the requester, and the auditor; three persons."""
    _pending(uow, row, actor, now)
    if actor.staff_id in (row.requested_by, row.special_by, row.auditor_by):
        raise SamePersonError
    if actor.role is Role.SPECIAL:
        if row.special_by is not None:
            raise OnlyOnceError
        row.special_by, row.special_at = actor.staff_id, now
    else:
        if row.auditor_by is not None:
            raise OnlyOnceError
        row.auditor_by, row.auditor_at = actor.staff_id, now
    trace(uow, row.ticket_id, "approve_unsealing", actor, now, hidden=True, request=row.id)
    if row.special_by is not None and row.auditor_by is not None:
        row.expires_at = now + TO_OPEN
        notices.tell_role(uow, Role.SPECIAL, "desk.unsealing_approved", now, number=row.id or 0)


@acts("approve_unsealing")
def refuse(uow: UnitOfWork, house: House, row: Unsealing, actor: Actor, why: str, now: datetime) -> None:
    """Either side may refuse with a reason; that is the end of the request."""
    _pending(uow, row, actor, now)
    if not why.strip():
        raise MissingFieldError(field="reason")
    if actor.staff_id == row.requested_by:
        raise SamePersonError
    row.refused_by, row.refused_at, row.refusal = actor.staff_id, now, why.strip()
    trace(uow, row.ticket_id, "refuse_unsealing", actor, now, hidden=True, request=row.id)
    notices.tell_role(uow, Role.SPECIAL, "desk.unsealing_refused", now, number=row.id or 0)


@acts("open_identity")
def open_identity(
    uow: UnitOfWork, house: House, row: Unsealing, actor: Actor, now: datetime
) -> tuple[tuple[str, str], ...]:
    """(kind, value) of the person's addresses, once, for the requester; the person is told unless a law forbids it."""
    check(uow, "open_identity", actor, uow.session.get_one(Ticket, row.ticket_id))
    if row.requested_by != actor.staff_id:
        raise NotAllowedError(role=actor.role.value)
    match stand_of(row, now):
        case "opened":
            raise OnlyOnceError
        case "expired":
            raise TooLateError
        case "approved":
            pass
        case _:
            raise NotAllowedError(role=actor.role.value)
    row.opened_at = now
    ticket = uow.session.get_one(Ticket, row.ticket_id)
    found = _identity(uow, row.person)
    trace(
        uow, row.ticket_id, "open_identity", actor, now, hidden=True, level="L4", request=row.id,
        kinds=[kind for kind, _ in found],
    )  # fmt: skip
    if row.untold_because is None:
        ground = house.texts.say(f"special.ground.{row.ground}")
        notices.tell_person(uow, house, ticket, "unsealed.told", now, ground=ground, day=say_day(now))
    return found


@acts("read_unsealings")
def requests(uow: UnitOfWork, actor: Actor, now: datetime) -> list[UnsealingView]:
    """All requests, newest first, as far as their tickets reach the reader."""
    rows = uow.session.exec(select(Unsealing).order_by(col(Unsealing.id).desc()))
    return [view for row in rows if (view := _view(uow, row, actor, now)) is not None]


def stand_of(row: Unsealing, now: datetime) -> Stand:
    """Where a request stands."""
    if row.refused_at is not None:
        return "refused"
    if row.opened_at is not None:
        return "opened"
    if now >= row.expires_at:
        return "expired"
    return "approved" if row.special_by is not None and row.auditor_by is not None else "waiting"


def _view(uow: UnitOfWork, row: Unsealing, actor: Actor, now: datetime) -> UnsealingView | None:
    ticket = uow.session.get_one(Ticket, row.ticket_id)
    if not audience.reaches(uow, ticket, actor):
        return None
    return UnsealingView(
        row.id or 0, ticket.receipt, row.ticket_id, row.ground, row.reason, row.untold_because, row.requested_by,
        row.requested_at, row.special_by, row.auditor_by, row.refusal, row.expires_at, stand_of(row, now),
    )  # fmt: skip


def _pending(uow: UnitOfWork, row: Unsealing, actor: Actor, now: datetime) -> None:
    check(uow, "approve_unsealing", actor, uow.session.get_one(Ticket, row.ticket_id))
    match stand_of(row, now):
        case "expired":
            raise TooLateError
        case "waiting":
            return
        case _:
            raise OnlyOnceError


def _identity(uow: UnitOfWork, person: str) -> tuple[tuple[str, str], ...]:
    entries = uow.session.exec(select(VaultEntry).where(VaultEntry.person == person).order_by(col(VaultEntry.id)))
    return tuple(
        (entry.kind, uow.vault.open(entry.sealed).decode()) for entry in entries if entry.kind.startswith(IDENTITY)
    )
