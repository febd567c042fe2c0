"""Requests to open an identity as the desk handles them: each step a use case with a fresh actor."""

from collections.abc import Mapping
from dataclasses import dataclass

from console.desk import Desk
from console.staff import acting, display_names
from storage.models import Unsealing
from storage.tickets import by_receipt
from storage.unit_of_work import UnitOfWork
from tickets import unsealing
from tickets.errors import UnknownTicketError
from tickets.receipt import read_receipt
from tickets.unsealing import UnsealingView
from tickets.workflow import Role

ROLES = (Role.SPECIAL, Role.AUDITOR)


@dataclass
class UnsealingDraft:
    """What is being typed on the page."""

    receipt: str = ""
    ground: str = ""
    reason: str = ""
    untold_because: str = ""
    refusal: str = ""


@dataclass(frozen=True)
class UnsealingSheet:
    """All requests that reach the reader, with names."""

    rows: list[UnsealingView]
    names: Mapping[int, str]


def load_requests(uow: UnitOfWork, desk: Desk, staff_id: int, role: Role) -> UnsealingSheet:
    """Read them; NotAllowedError for other roles."""
    rows = unsealing.requests(uow, acting(uow, staff_id, role), desk.now())
    ids = [each for row in rows for each in (row.requested_by, row.special_by, row.auditor_by) if each]
    return UnsealingSheet(rows, display_names(uow, ids))


def ask(uow: UnitOfWork, desk: Desk, staff_id: int, draft: UnsealingDraft) -> None:
    """申请启封."""
    actor = acting(uow, staff_id, Role.SPECIAL)
    ticket = by_receipt(uow, read_receipt(draft.receipt).value or "")
    if ticket is None:
        raise UnknownTicketError
    unsealing.request(
        uow, desk.house, ticket, actor, draft.ground, draft.reason, desk.now(), untold_because=draft.untold_because
    )


def approve(uow: UnitOfWork, desk: Desk, staff_id: int, role: Role, row_id: int) -> None:
    """批准."""
    unsealing.approve(uow, desk.house, _find(uow, row_id), acting(uow, staff_id, role), desk.now())


def refuse(uow: UnitOfWork, desk: Desk, staff_id: int, role: Role, row_id: int, why: str) -> None:
    """不批准."""
    unsealing.refuse(uow, desk.house, _find(uow, row_id), acting(uow, staff_id, role), why, desk.now())


def open_once(uow: UnitOfWork, desk: Desk, staff_id: int, row_id: int) -> tuple[tuple[str, str], ...]:
    """查看: once, by whoever asked."""
    return unsealing.open_identity(uow, desk.house, _find(uow, row_id), acting(uow, staff_id, Role.SPECIAL), desk.now())


def _find(uow: UnitOfWork, row_id: int) -> Unsealing:
    found = uow.session.get(Unsealing, row_id, with_for_update=True)
    if found is None:
        raise UnknownTicketError
    return found
