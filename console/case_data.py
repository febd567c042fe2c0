"""What the special desk sees and does with its cases: each step with a fresh actor, each a use case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from console.desk import Desk
from console.present import require_present
from console.staff import acting, display_names
from storage.models import SpecialCase
from storage.unit_of_work import UnitOfWork
from tickets import cases, reading
from tickets.cases import CaseView
from tickets.errors import UnknownTicketError
from tickets.workflow import Role


@dataclass
class CaseDraft:
    """What is being typed on a case page."""

    text: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class CaseRow:
    """One line of the special desk's list of cases."""

    id: int
    number: str
    kind: str
    contact_due: datetime
    contacted: bool
    taken: bool


@dataclass(frozen=True)
class CaseSheet:
    """A case, who took it by name, and whether that is the reader."""

    view: CaseView
    taken_by: str
    mine: bool


CaseAction = Callable[[UnitOfWork, Desk, int, int, CaseDraft], None]


def case_rows(uow: UnitOfWork, desk: Desk, staff_id: int) -> list[CaseRow]:
    """The open cases of the special desk."""
    say = desk.house.texts.say
    return [
        CaseRow(
            case.id or 0, cases.number_of(case), say(f"special.kind.{case.kind}"), case.contact_due,
            case.contacted_at is not None, case.taken_by is not None,
        )
        for case in cases.open_cases(uow, acting(uow, staff_id, Role.SPECIAL))
    ]  # fmt: skip


def load_case(uow: UnitOfWork, staff_id: int, case_id: int) -> CaseSheet:
    """Read a case; UnknownTicketError, NotAllowedError."""
    view = cases.read_case(uow, _find(uow, case_id), acting(uow, staff_id, Role.SPECIAL))
    names = display_names(uow, [view.taken_by] if view.taken_by else [])
    return CaseSheet(view, names.get(view.taken_by or 0, ""), view.taken_by == staff_id)


def open_sheet(desk: Desk, staff_id: int, case_id: int) -> CaseSheet:
    """The sheet for a page: the read of what was said stands in the audit log before anything is shown."""

    def work(uow: UnitOfWork) -> CaseSheet:
        require_present(uow, desk)
        sheet = load_case(uow, staff_id, case_id)
        reading.note_case(uow, _find(uow, case_id), acting(uow, staff_id, Role.SPECIAL), desk.now())
        return sheet

    return desk.database.run(work)


def take(uow: UnitOfWork, desk: Desk, staff_id: int, case_id: int, _draft: CaseDraft) -> None:
    """接手."""
    cases.take(uow, desk.house, _find(uow, case_id), acting(uow, staff_id, Role.SPECIAL), desk.now())


def write(uow: UnitOfWork, desk: Desk, staff_id: int, case_id: int, draft: CaseDraft) -> None:
    """给反映人留言."""
    cases.write(uow, desk.house, _find(uow, case_id), acting(uow, staff_id, Role.SPECIAL), draft.text, desk.now())


def close(uow: UnitOfWork, desk: Desk, staff_id: int, case_id: int, draft: CaseDraft) -> None:
    """办完."""
    cases.close(uow, desk.house, _find(uow, case_id), acting(uow, staff_id, Role.SPECIAL), draft.outcome, desk.now())


CASE_ACTIONS: Mapping[str, CaseAction] = {"take": take, "write": write, "close": close}


def _find(uow: UnitOfWork, case_id: int) -> SpecialCase:
    found = uow.session.get(SpecialCase, case_id)
    if found is None:
        raise UnknownTicketError
    return found
