"""What the ticket page shows, read in one go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from console.desk import Desk
from console.drafts import StaffDraft
from console.present import require_present
from console.purging import Piece, pieces
from console.staff import acting, display_names
from storage.models import Ticket
from storage.tickets import assignment
from storage.unit_of_work import UnitOfWork
from tickets import moving, reading, routing
from tickets.guarding import guessable
from tickets.paraphrase import suggest
from tickets.progress import stage
from tickets.views import StaffView, staff_view
from tickets.workflow import Role


@dataclass(frozen=True)
class TicketSheet:
    """A staff view with what belongs around it: clocks, units to choose from, names, the suggestion."""

    view: StaffView
    stage: int
    clocks: tuple[tuple[str, datetime], ...]
    units: Mapping[str, str]
    names: Mapping[str, str]
    suggestion: str
    assigned: bool
    small_counties: frozenset[str]  # units whose 县区 is fewer than five bodies
    pieces: tuple[Piece, ...] = ()  # what may be purged, for those who read the words

    def draft(self) -> StaffDraft:
        """The beginning of a draft."""
        view = self.view
        return StaffDraft(
            paraphrase=view.paraphrase or self.suggestion, suggested=self.suggestion, unit_code=view.unit_code,
            reach=view.reach, t_class=view.t_class,
        )  # fmt: skip


def load_ticket(uow: UnitOfWork, desk: Desk, staff_id: int, role: Role, ticket_id: int) -> TicketSheet:
    """Read a ticket for a member of staff; UnknownTicketError, NotAllowedError."""
    actor = acting(uow, staff_id, role)
    ticket = uow.session.get(Ticket, ticket_id) or moving.load(uow, ticket_id)
    view = staff_view(uow, desk.house, ticket, actor)
    units = routing.all_units(uow)
    return TicketSheet(
        view=view, stage=stage(ticket.state), clocks=_clocks(ticket),
        units={unit.code: unit.name for unit in units}, names=_names(uow, view),
        suggestion=suggest(uow, desk.house, ticket), assigned=assignment(uow, ticket_id) is not None,
        pieces=pieces(uow, desk.house, ticket, actor),
        small_counties=frozenset(unit.code for unit in units if guessable(uow, "县区", unit.code)),
    )  # fmt: skip


def open_ticket(desk: Desk, staff_id: int, role: Role, ticket_id: int) -> TicketSheet:
    """The sheet for a page: the read of original words stands in the audit log before anything is shown."""

    def work(uow: UnitOfWork) -> TicketSheet:
        require_present(uow, desk)
        sheet = load_ticket(uow, desk, staff_id, role, ticket_id)
        if sheet.view.words is not None:
            reading.note_words(uow, moving.load(uow, ticket_id), acting(uow, staff_id, role), desk.now())
        return sheet

    return desk.database.run(work)


def version_of(uow: UnitOfWork, ticket_id: int) -> int | None:
    """The version now, to notice colleagues."""
    return uow.session.exec(select(Ticket.version).where(Ticket.id == ticket_id)).first()


def _clocks(ticket: Ticket) -> tuple[tuple[str, datetime], ...]:
    """The moments of a ticket that are set, by the name of their label."""
    found = {
        "created": ticket.created_at, "release": ticket.release_at, "sign": ticket.sign_due,
        "result": ticket.result_due, "rework": ticket.rework_due,
    }  # fmt: skip
    return tuple((name, moment) for name, moment in found.items() if moment is not None)


def _names(uow: UnitOfWork, view: StaffView) -> dict[str, str]:
    """Display names of the staff in the history, by the id that stands there."""
    ids = [int(event.actor) for event in view.history if event.actor.isdigit()]
    return {str(number): name for number, name in display_names(uow, ids).items()}
