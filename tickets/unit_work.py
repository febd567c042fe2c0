"""What a unit does: sign, draft an answer, release it. It never closes a ticket."""

from dataclasses import dataclass
from datetime import datetime

from storage.models import Answer, Assignment, Ticket
from storage.tickets import assignment as active_assignment
from storage.tickets import last_answer
from storage.unit_of_work import UnitOfWork
from tickets import notices
from tickets.errors import MissingFieldError, NotAllowedError
from tickets.house import House
from tickets.moving import Actor, move, note
from tickets.workflow import Role, State, require


@dataclass(frozen=True)
class Fields:
    """The four short fields of an answer (是否属实、怎么改、何时改完、依据)."""

    true_as_told: str
    measure: str
    done_by: str
    basis: str


def own_assignment(uow: UnitOfWork, ticket: Ticket, actor: Actor) -> Assignment:
    """The active assignment, if it is the actor's unit's; NotAllowedError otherwise."""
    found = active_assignment(uow, ticket.id or 0)
    if found is None or found.unit_code != actor.unit_code:
        raise NotAllowedError(role=actor.role.value)
    return found


def sign(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """Sign for a ticket; the first unit to sign stays responsible to the end (首办责任制)."""
    found = own_assignment(uow, ticket, actor)
    move(uow, ticket, "sign", State.IN_PROGRESS, actor, now)
    found.signed_at = now
    ticket.first_handler = ticket.first_handler or found.unit_code


def draft_answer(uow: UnitOfWork, ticket: Ticket, actor: Actor, fields: Fields, now: datetime) -> Answer:
    """Write or change the draft of this round; released answers stay as they are."""
    found = own_assignment(uow, ticket, actor)
    require(State(ticket.state), "answer", State.ANSWERED, Role.APPROVER)
    draft = last_answer(uow, ticket.id or 0)
    if draft is None or draft.released_at is not None:
        draft = Answer(
            ticket_id=ticket.id or 0, unit_code=found.unit_code, round=ticket.rounds, true_as_told="", measure="",
            done_by="", basis="",
        )  # fmt: skip
        uow.session.add(draft)
    draft.true_as_told, draft.measure = fields.true_as_told.strip(), fields.measure.strip()
    draft.done_by, draft.basis = fields.done_by.strip(), fields.basis.strip()
    draft.drafted_by = actor.staff_id
    note(uow, ticket, "draft_answer", actor, now)
    return draft


def release_answer(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """The approver signs the answer off; the hotline checks it next."""
    found = own_assignment(uow, ticket, actor)
    draft = last_answer(uow, ticket.id or 0)
    if draft is None or draft.released_at is not None:
        raise MissingFieldError(field="measure")
    for name in ("true_as_told", "measure", "done_by", "basis"):
        if not getattr(draft, name):
            raise MissingFieldError(field=name)
    move(uow, ticket, "answer", State.ANSWERED, actor, now)
    draft.released_by, draft.released_at = actor.staff_id, now
    notices.tell_role(uow, Role.OPERATOR, "desk.answered", now, ticket, number=found.dispatch_number)
