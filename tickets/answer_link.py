"""A link with which a unit's dispatch can be answered without an account: one dispatch, a few days, four fields.

It opens nothing but the unit's view of that dispatch and cannot release: the approver still signs off (domain §4.1).
It lasts to the end of the third day: long enough for a colleague who is out today or at the week-end, short enough that
a forgotten message on somebody's telephone is worth nothing next week; a new one is one click. It ends earlier with any
move of the ticket. Only days are said, like everywhere on a unit's pages.
"""

import hashlib
import hmac
import secrets
from dataclasses import astuple, dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import update
from sqlmodel import col, func, select

from storage.models import AnswerLink, Assignment, Event, Staff, StaffRole, Ticket
from storage.tokens import hash_token
from storage.unit_of_work import UnitOfWork
from texts.dates import ZONE
from tickets.errors import ChangedMeanwhileError, DeadLinkError, NotAllowedError
from tickets.house import House
from tickets.moving import Actor, load, trace
from tickets.permissions import acts
from tickets.unit_work import Fields, draft_answer, own_assignment, refuse_probe
from tickets.views import UnitView, unit_view
from tickets.workflow import UNIT_ROLES, Role, State, require

DAYS = 3


@dataclass(frozen=True)
class LinkedDispatch:
    """What whoever holds the link may know; `seen` marks the draft they saw."""

    view: UnitView
    until: date
    seen: str


def end_of(now: datetime) -> datetime:
    """When a link made now ends: the midnight after its last day."""
    return datetime.combine(now.astimezone(ZONE).date() + timedelta(days=DAYS + 1), time(), ZONE)


def last_day(row: AnswerLink) -> date:
    """The last day on which a link works."""
    return row.expires_at.astimezone(ZONE).date() - timedelta(days=1)


@acts("draft_answer")
def make_link(uow: UnitOfWork, ticket: Ticket, actor: Actor, now: datetime) -> tuple[AnswerLink, str]:
    """A link and its token for the actor's own dispatch while it can be answered; an earlier one ends."""
    found = own_assignment(uow, ticket, actor)
    require(State(ticket.state), "answer", State.ANSWERED, Role.APPROVER)
    if actor.role not in UNIT_ROLES or actor.staff_id is None:
        raise NotAllowedError(role=actor.role.value)
    revoke_links(uow, ticket, actor, now)
    token = secrets.token_urlsafe(32)
    row = AnswerLink(
        token_hash=hash_token(token), assignment_id=found.id or 0, made_by=actor.staff_id, made_at=now,
        expires_at=end_of(now), after_event=_last_move(uow, ticket),
    )  # fmt: skip
    uow.session.add(row)
    trace(uow, ticket.id or 0, "make_answer_link", actor, now)  # no new version: a colleague's page stays good
    return row, token


@acts("draft_answer")
def revoke_links(uow: UnitOfWork, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """End the links of the actor's own dispatch."""
    found = own_assignment(uow, ticket, actor)
    still = col(AnswerLink.assignment_id) == found.id, col(AnswerLink.revoked_at).is_(None)
    if uow.session.exec(update(AnswerLink).where(*still).values(revoked_at=now)).rowcount:
        trace(uow, ticket.id or 0, "revoke_answer_link", actor, now)


def open_link(uow: UnitOfWork, ticket: Ticket, now: datetime) -> AnswerLink | None:
    """The link of a ticket that still works, for the page that made it."""
    query = select(AnswerLink).join(Assignment).where(Assignment.ticket_id == ticket.id)
    return next((row for row in uow.session.exec(query) if _alive(uow, row, now)), None)


def look_through(uow: UnitOfWork, house: House, token: str, now: datetime) -> LinkedDispatch:
    """The dispatch behind a link; DeadLinkError says the same for unknown, expired, revoked and overtaken ones."""
    row, found, actor = _find(uow, token, now)
    view = unit_view(uow, house, found, actor)
    return LinkedDispatch(view, last_day(row), _mark(token, view))


def answer_through(uow: UnitOfWork, house: House, token: str, fields: Fields, seen: str, now: datetime) -> bool:
    """Save the draft; ChangedMeanwhileError when it was changed meanwhile; False when it asks who complained."""
    _, found, actor = _find(uow, token, now)
    ticket = load(uow, found.ticket_id)
    if not hmac.compare_digest(seen.encode(), _mark(token, unit_view(uow, house, found, actor)).encode()):
        raise ChangedMeanwhileError
    if refuse_probe(uow, house, ticket, actor, astuple(fields), now):
        return False
    draft_answer(uow, ticket, actor, fields, now)
    return True


def _find(uow: UnitOfWork, token: str, now: datetime) -> tuple[AnswerLink, Assignment, Actor]:
    row = uow.session.get(AnswerLink, hash_token(token))
    if row is None or not _alive(uow, row, now):
        raise DeadLinkError
    found = uow.session.get_one(Assignment, row.assignment_id)
    # "link:7" is no staff id: the history says that a link answered, and whose it was, not that its maker did
    return row, found, Actor(Role.CONTACT, f"link:{row.made_by}", found.unit_code)


def _alive(uow: UnitOfWork, row: AnswerLink, now: datetime) -> bool:
    """Not over, the dispatch still where it was, and its maker still of the unit."""
    found = uow.session.get_one(Assignment, row.assignment_id)
    if row.revoked_at is not None or now >= row.expires_at or not found.active:
        return False
    maker = uow.session.get_one(Staff, row.made_by)
    roles = set(uow.session.exec(select(StaffRole.role).where(StaffRole.staff_id == row.made_by)))
    of_unit = maker.active and maker.unit_code == found.unit_code and bool(roles & {role.value for role in UNIT_ROLES})
    ticket = uow.session.get_one(Ticket, found.ticket_id)
    return of_unit and _last_move(uow, ticket) == row.after_event


def _last_move(uow: UnitOfWork, ticket: Ticket) -> int:
    """The newest event that moved the ticket from state to state."""
    query = select(func.max(Event.id)).where(Event.ticket_id == ticket.id, col(Event.target).is_not(None))
    return uow.session.exec(query).one() or 0


def _mark(token: str, view: UnitView) -> str:
    """Marks the draft, not the ticket's version: that also rises with what the complainant does."""
    return hmac.new(token.encode(), repr(view.draft).encode(), hashlib.sha256).hexdigest()[:16]
