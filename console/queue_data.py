"""What the queue page shows, read in one go, and the cheap fingerprint that tells when to read again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from console.desk import Desk
from console.staff import acting
from storage import outbox
from storage.models import Event, HumanRequest, Message, Outbox
from storage.people import talk
from storage.unit_of_work import UnitOfWork
from texts.render import render
from tickets import human, reading
from tickets.errors import ChangedMeanwhileError, NotAllowedError, UnknownTicketError
from tickets.moving import Actor
from tickets.queue import QueueRow, notices_for, queue
from tickets.workflow import Role

MOST_NOTICES = 30
MOST_WAITING = 20
NUMBER_ROLES = frozenset({Role.LEAD, Role.SPECIAL})  # who may see both numbers (tickets.views.dispatch_of)
SPECIAL_REASONS = frozenset({"retaliation", "identity_probe"})
HUMAN_ROLES = frozenset({Role.OPERATOR, Role.LEAD, Role.SPECIAL})


@dataclass(frozen=True)
class Notice:
    """A notice ready to be read."""

    text: str
    at: datetime
    ticket_id: int | None


@dataclass(frozen=True)
class Waiting:
    """Somebody who asked for a person; `mine` when the reader has taken it."""

    id: int
    reason: str
    at: datetime
    ticket_id: int | None
    mine: bool
    alert: bool


@dataclass(frozen=True)
class QueueSheet:
    """Everything on the queue page."""

    rows: list[QueueRow]
    notices: list[Notice]
    waiting: list[Waiting]


def fingerprint(uow: UnitOfWork) -> tuple[int, ...]:
    """Changes whenever something on a queue page may have changed."""
    numbers = (
        func.max(Event.id),
        func.max(Outbox.id),
        func.max(HumanRequest.id),
        func.count(col(HumanRequest.taken_by)),
    )
    return tuple(uow.session.exec(select(number)).one() or 0 for number in numbers)


def load_sheet(uow: UnitOfWork, desk: Desk, staff_id: int, role: Role, everything: bool) -> QueueSheet:
    """The queue of a role, its notices and the people waiting for it; checks that the role is still held."""
    actor = acting(uow, staff_id, role)
    notices = [_notice(uow, desk, row, role) for row in notices_for(uow, f"role:{role.value}", MOST_NOTICES)]
    return QueueSheet(queue(uow, desk.house, actor, desk.now(), everything), notices, _waiting(uow, desk, actor))


def take_request(uow: UnitOfWork, desk: Desk, staff_id: int, role: Role, request_id: int) -> None:
    """Take a waiting person; the second of two takers is told so."""
    actor = acting(uow, staff_id, role)
    request = uow.session.get(HumanRequest, request_id, with_for_update=True)
    if request is None:
        raise UnknownTicketError
    if not _may_take(request, role):
        raise NotAllowedError(role=role.value)
    if request.taken_at is not None:
        raise ChangedMeanwhileError
    human.take(uow, request, actor, desk.now())


def read_talk(uow: UnitOfWork, staff_id: int, role: Role, request_id: int) -> list[Message]:
    """The masked words of a person, for whoever took their request."""
    actor = acting(uow, staff_id, role)
    request = uow.session.get(HumanRequest, request_id)
    if request is None or request.taken_by != actor.staff_id:
        raise NotAllowedError(role=role.value)
    return talk(uow, request.person, limit=MOST_WAITING)


def read_noted(desk: Desk, staff_id: int, role: Role, request_id: int) -> list[Message]:
    """The same with its audit row, committed before anything is shown."""

    def work(uow: UnitOfWork) -> list[Message]:
        said = read_talk(uow, staff_id, role, request_id)
        request = uow.session.get_one(HumanRequest, request_id)
        reading.note_talk(uow, request.person, acting(uow, staff_id, role), desk.now())
        return said

    return desk.database.run(work)


def _may_take(request: HumanRequest, role: Role) -> bool:
    return role in HUMAN_ROLES and (request.reason in SPECIAL_REASONS) == (role is Role.SPECIAL)


def _waiting(uow: UnitOfWork, desk: Desk, actor: Actor) -> list[Waiting]:
    """Open requests first, then those the reader took, newest first."""
    mine = col(HumanRequest.taken_by) == actor.staff_id
    query = select(HumanRequest).where(col(HumanRequest.taken_at).is_(None) | mine)
    found = uow.session.exec(query.order_by(col(HumanRequest.id).desc()).limit(MOST_WAITING * 2))
    rows = sorted((each for each in found if _may_take(each, actor.role)), key=lambda each: each.taken_at is not None)
    say = desk.house.texts.say
    return [
        Waiting(
            each.id or 0,
            say(f"reason.{each.reason}"),
            each.at,
            each.ticket_id,
            each.taken_at is not None,
            each.reason in human.ALERTS,
        )
        for each in rows[:MOST_WAITING]
    ]


def _notice(uow: UnitOfWork, desk: Desk, row: Outbox, role: Role) -> Notice:
    """A notice in words; the dispatch number stays hidden from roles that may not see both numbers."""
    params = outbox.parameters(uow, row)
    if "number" in params and "receipt" in params and role not in NUMBER_ROLES:
        params["number"] = params["receipt"]
    return Notice(render(desk.house.texts, row.key, params, []).text, row.created_at, row.ticket_id)
