"""What a unit does: sign, draft an answer, release it. It never closes a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.models import Answer, Assignment, Ticket
from storage.tickets import assignment as active_assignment
from storage.tickets import last_answer
from storage.unit_of_work import UnitOfWork
from tickets import notices
from tickets.errors import MissingFieldError, NotAllowedError, ProbeError, WrongStateError
from tickets.house import House
from tickets.masking import mask
from tickets.moving import Actor, move, note, trace
from tickets.permissions import acts
from tickets.probing import asks_who, record
from tickets.workflow import TERMINAL, Role, State, edges_from, require


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


@acts("sign")
def sign(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """Sign for a ticket; the first unit to sign stays responsible to the end (首办责任制)."""
    found = own_assignment(uow, ticket, actor)
    move(uow, ticket, "sign", State.IN_PROGRESS, actor, now)
    found.signed_at = now
    ticket.first_handler = ticket.first_handler or found.unit_code


@acts("draft_answer")
def draft_answer(uow: UnitOfWork, ticket: Ticket, actor: Actor, fields: Fields, now: datetime) -> Answer:
    """Write or change the draft of this round; released answers stay as they are."""
    found = own_assignment(uow, ticket, actor)
    if asks_who(fields.true_as_told, fields.measure, fields.done_by, fields.basis):
        raise ProbeError
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


@acts("release_answer")
def release_answer(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """The approver signs the answer off; the hotline checks it next."""
    found = own_assignment(uow, ticket, actor)
    if not edges_from(State(ticket.state), "answer"):
        raise WrongStateError(state=ticket.state)
    draft = last_answer(uow, ticket.id or 0)
    if draft is None or draft.released_at is not None:
        raise MissingFieldError(field="measure")
    for name in ("true_as_told", "measure", "done_by", "basis"):
        if not getattr(draft, name):
            raise MissingFieldError(field=name)
    move(uow, ticket, "answer", State.ANSWERED, actor, now)
    draft.released_by, draft.released_at = actor.staff_id, now
    notices.tell_role(uow, Role.OPERATOR, "desk.answered", now, ticket, number=found.dispatch_number)


@acts("ask_hotline")
def ask(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, text: str, now: datetime) -> bool:
    """A question of the unit goes to staff, who rephrase it; False when it asks who complained (domain §4.4.7, §7).

    Such a question reaches nobody but the special desk.
    """
    found = own_assignment(uow, ticket, actor)
    if not text.strip():
        raise MissingFieldError(field="question")
    if State(ticket.state) in TERMINAL:
        raise WrongStateError(state=ticket.state)
    if refuse_probe(uow, house, ticket, actor, (text,), now):
        return False
    trace(uow, ticket.id or 0, "unit_asked", actor, now, question=mask(text.strip()).text)
    notices.tell_role(
        uow, Role.OPERATOR, "desk.unit_asked", now, ticket, number=found.dispatch_number,
        question=mask(text.strip()).text,
    )  # fmt: skip
    return True


@acts("ask_hotline")
def refuse_probe(
    uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, texts: Sequence[str], now: datetime
) -> bool:
    """True when a text of the unit asks who complained: logged, raised to the special desk, nothing of it is kept."""
    if not asks_who(*texts):
        return False
    record(uow, house, actor, now, ticket)
    return True
