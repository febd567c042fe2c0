"""What the queue page shows, read in one go, and the cheap fingerprint that tells when to read again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from console.case_data import CaseRow, case_rows
from console.desk import Desk
from console.present import require_present
from console.staff import acting
from storage import outbox
from storage.models import Event, HumanRequest, Message, Outbox, SpecialCase
from storage.unit_of_work import UnitOfWork
from texts.render import render
from tickets import human, reading
from tickets.errors import UnknownTicketError
from tickets.moving import Actor
from tickets.permissions import grant, may
from tickets.queue import QueueRow, notices_for, queue
from tickets.workflow import Role

MOST_NOTICES = 30
MOST_WAITING = 20


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
    cases: list[CaseRow]


def fingerprint(uow: UnitOfWork) -> tuple[int, ...]:
    """Changes whenever something on a queue page may have changed."""
    numbers = (
        func.max(Event.id),
        func.max(Outbox.id),
        func.max(HumanRequest.id),
        func.count(col(HumanRequest.taken_by)),
        func.max(SpecialCase.id),
        func.count(col(SpecialCase.taken_by)),
        func.count(col(SpecialCase.closed_by)),
    )
    return tuple(uow.session.exec(select(number)).one() or 0 for number in numbers)


def load_sheet(uow: UnitOfWork, desk: Desk, staff_id: int, role: Role, everything: bool) -> QueueSheet:
    """The queue of a role, its notices and the people waiting for it; checks that the role is still held."""
    actor = acting(uow, staff_id, role)
    notices = [_notice(uow, desk, row, role) for row in notices_for(uow, actor, MOST_NOTICES)]
    rows = queue(uow, desk.house, actor, desk.now(), everything)
    found = case_rows(uow, desk, staff_id) if may(uow, "work_case", actor) else []
    return QueueSheet(rows, notices, _waiting(uow, desk, actor), found)


def take_request(uow: UnitOfWork, desk: Desk, staff_id: int, role: Role, request_id: int) -> None:
    """Take a waiting person; the second of two takers is told so."""
    human.take(uow, _find(uow, request_id), acting(uow, staff_id, role), desk.now())


def read_talk(uow: UnitOfWork, staff_id: int, role: Role, request_id: int) -> list[Message]:
    """The masked words of a person, for whoever took their request."""
    return human.read_talk(uow, _find(uow, request_id), acting(uow, staff_id, role), MOST_WAITING)


def read_noted(desk: Desk, staff_id: int, role: Role, request_id: int) -> list[Message]:
    """The same with its audit row, committed before anything is shown."""

    def work(uow: UnitOfWork) -> list[Message]:
        require_present(uow, desk, clicked=True)
        said = read_talk(uow, staff_id, role, request_id)
        request = uow.session.get_one(HumanRequest, request_id)
        reading.note_talk(uow, request.person, acting(uow, staff_id, role), desk.now())
        return said

    return desk.database.run(work)


def _find(uow: UnitOfWork, request_id: int) -> HumanRequest:
    found = uow.session.get(HumanRequest, request_id, with_for_update=True)
    if found is None:
        raise UnknownTicketError
    return found


def _waiting(uow: UnitOfWork, desk: Desk, actor: Actor) -> list[Waiting]:
    """Who waits, as the page shows it; nobody for roles that do not take people."""
    if not may(uow, "take_person", actor):
        return []
    say = desk.house.texts.say
    return [
        Waiting(
            each.id or 0, say(f"reason.{each.reason}"), each.at, each.ticket_id, each.taken_at is not None,
            each.reason in human.ALERTS,
        )
        for each in human.waiting(uow, actor, MOST_WAITING)
    ]  # fmt: skip


def _notice(uow: UnitOfWork, desk: Desk, row: Outbox, role: Role) -> Notice:
    """A notice in words; the dispatch number stays hidden from roles that may not see both numbers."""
    params = outbox.parameters(uow, row)
    if "number" in params and "receipt" in params and grant("read_number", role) == "no":
        params["number"] = params["receipt"]
    return Notice(render(desk.house.texts, row.key, params, []).text, row.created_at, row.ticket_id)
