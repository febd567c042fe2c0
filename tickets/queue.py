"""Lists of tickets: what a member of staff should look at next, and what lies with a unit."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from storage.models import Assignment, Outbox, Ticket, Unit
from storage.tickets import in_states
from storage.unit_of_work import UnitOfWork
from tickets import audience
from tickets.house import House
from tickets.moving import Actor
from tickets.permissions import acts
from tickets.progress import due_of, state_words
from tickets.views import UnitView, unit_view
from tickets.workflow import UNIT_ROLES, Role, State

# what waits for whom, most urgent kind first
_WORK: dict[Role, tuple[State, ...]] = {
    Role.OPERATOR: (State.RECEIVED, State.ANSWERED, State.NEEDS_INFO),
    Role.LEAD: (State.RECEIVED, State.RETURN_REVIEW, State.EXTENSION_REVIEW, State.ANSWERED, State.MERGED),
    Role.SUPERVISOR: (State.SUPERVISED, State.ON_HOLD),
    Role.SPECIAL: (
        State.RECEIVED,
        State.ANSWERED,
        State.RETURN_REVIEW,
        State.EXTENSION_REVIEW,
        State.SUPERVISED,
        State.ON_HOLD,
    ),  # of its own tickets: those nobody else sees
    Role.AUDITOR: (),
}


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue."""

    id: int
    receipt: str
    state: str
    state_name: str
    class_name: str
    unit_name: str | None
    t_class: str
    created_at: datetime
    due_at: datetime | None
    overdue: bool
    flags: tuple[str, ...]


@acts("read_ticket")
def queue(uow: UnitOfWork, house: House, actor: Actor, now: datetime, everything: bool = False) -> list[QueueRow]:
    """My work first: what is due next; with `everything` all tickets; none from outside the audience."""
    states = list(State) if everything else _WORK[actor.role]
    tickets = audience.among(uow, in_states(uow, [state.value for state in states]), actor)
    if actor.role is Role.SPECIAL and not everything:
        tickets = [ticket for ticket in tickets if ticket.special is not None]
    if actor.role is Role.AUDITOR:
        tickets = [ticket for ticket in tickets if audience.in_sample(ticket)]
    names = {unit.code: unit.name for unit in uow.session.exec(select(Unit))}
    rows = [_row(house, ticket, names, now) for ticket in tickets]
    return sorted(rows, key=lambda row: (row.t_class != "T1", row.due_at is None, row.due_at, row.id))


@acts("read_paraphrase")
def unit_queue(uow: UnitOfWork, house: House, actor: Actor) -> list[UnitView]:
    """What lies with the actor's unit, what is due next first."""
    query = select(Assignment).where(Assignment.unit_code == actor.unit_code, col(Assignment.active))
    views = [unit_view(uow, house, found, actor) for found in uow.session.exec(query)]
    return sorted(views, key=lambda view: (view.state == "closed", str(view.due_on or ""), view.dispatch_number))


@acts("read_notices")
def notices_for(uow: UnitOfWork, actor: Actor, limit: int = 50) -> list[Outbox]:
    """The newest notices of the actor's role or unit, without those about tickets out of their audience."""
    ours = f"unit:{actor.unit_code}" if actor.role in UNIT_ROLES else f"role:{actor.role.value}"
    query = select(Outbox).where(Outbox.recipient == ours, Outbox.channel == "desk")
    rows = list(uow.session.exec(query.order_by(col(Outbox.id).desc()).limit(limit)))
    if actor.role in UNIT_ROLES:
        return rows  # they carry a dispatch number and no ticket
    about = uow.session.exec(select(Ticket).where(col(Ticket.id).in_([row.ticket_id for row in rows])))
    reached = {ticket.id for ticket in audience.among(uow, list(about), actor)}
    return [row for row in rows if row.ticket_id is None or row.ticket_id in reached]


def _row(house: House, ticket: Ticket, names: dict[str, str], now: datetime) -> QueueRow:
    due = due_of(ticket)
    return QueueRow(
        id=ticket.id or 0, receipt=ticket.receipt, state=ticket.state, state_name=state_words(house, ticket),
        class_name=house.class_name(ticket.label), unit_name=names.get(ticket.unit_code or ""),
        t_class=ticket.t_class, created_at=ticket.created_at, due_at=due,
        overdue=due is not None and due < now, flags=tuple(ticket.flags),
    )  # fmt: skip
