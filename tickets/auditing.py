"""Reading the audit log: the auditor all of it, a supervisor what was changed on tickets (domain §4.3)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from storage import audit
from storage.models import Audit, Ticket
from storage.unit_of_work import UnitOfWork
from tickets import audience
from tickets.moving import HIDDEN, Actor
from tickets.permissions import acts
from tickets.workflow import Role

ABOUT = "ticket:"


@dataclass(frozen=True)
class LogPage:
    """Rows, newest first; `older` is where the next page begins, None at the end."""

    rows: list[Audit]
    older: int | None


@acts("read_audit")
def read_log(uow: UnitOfWork, actor: Actor, now: datetime, before: int, limit: int) -> LogPage:
    """A page of the log as far as its tickets reach the reader; the look itself stands in the log."""
    query = select(Audit).order_by(col(Audit.id).desc()).limit(limit)
    query = query.where(col(Audit.id) < before) if before else query
    if actor.role is not Role.AUDITOR:
        query = query.where(col(Audit.level).is_(None), col(Audit.subject).startswith(ABOUT))
    found = list(uow.session.exec(query))
    rows = _for(uow, found, actor)
    audit.write(uow, "read_audit", actor.role.value, actor.id, now)
    return LogPage(rows, found[-1].id if found else None)


def _for(uow: UnitOfWork, found: list[Audit], actor: Actor) -> list[Audit]:
    """Without tickets of the reader's own unit (回避), and but for the auditor without the special desk's steps."""
    subjects = {row.id: row.subject or "" for row in found}
    numbers = {id: int(said.removeprefix(ABOUT)) for id, said in subjects.items() if said.startswith(ABOUT)}
    tickets = list(uow.session.exec(select(Ticket).where(col(Ticket.id).in_(set(numbers.values())))))
    reached = {ticket.id for ticket in audience.among(uow, tickets, actor)}
    rows = [row for row in found if row.id not in numbers or numbers[row.id] in reached]
    return rows if actor.role is Role.AUDITOR else [row for row in rows if not row.detail.get(HIDDEN)]
