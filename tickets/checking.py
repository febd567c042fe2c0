"""The staff check of an answer: is it an answer, has it a basis and a date, does it give nobody away."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from storage.models import Answer, Event, Ticket
from storage.tickets import assignment, last_answer
from storage.unit_of_work import UnitOfWork
from texts.dates import say_day
from tickets import notices
from tickets.errors import MissingFieldError, SamePersonError, WrongStateError
from tickets.house import House
from tickets.moving import Actor, move
from tickets.permissions import acts
from tickets.workflow import State, edges_from

CHECKLIST = ("答所问", "有依据", "措施有日期", "不泄露身份")


@acts("check")
def pass_answer(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, line: str, now: datetime) -> None:
    """Pass the answer on: the complainant gets it together with the one-tap rating."""
    answer = _checkable(uow, ticket, actor)
    if not line.strip():
        raise MissingFieldError(field="line")
    move(uow, ticket, "pass", State.RATING, actor, now)
    answer.checked_by, answer.checked_at, answer.passed = actor.staff_id, now, True
    ticket.outcome_line = line.strip()
    ticket.rating_asked_at, ticket.rating_reminded = now, False
    notices.tell_person(
        uow, house, ticket, "answer.told", now, true_as_told=answer.true_as_told, measure=answer.measure,
        done_by=answer.done_by, basis=answer.basis, below=rating_buttons(ticket.receipt),
    )  # fmt: skip


@acts("check")
def send_back(
    uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, missing: Sequence[str], now: datetime
) -> None:
    """Send the answer back to where it came from; the clock runs on."""
    answer = _checkable(uow, ticket, actor)
    if not missing:
        raise MissingFieldError(field="missing")
    back = answered_from(uow, ticket)
    move(uow, ticket, "send_back", back, actor, now, missing=list(missing))
    answer.checked_by, answer.checked_at, answer.passed, answer.missing = actor.staff_id, now, False, list(missing)
    found = assignment(uow, ticket.id or 0)
    due = ticket.rework_due if back is not State.IN_PROGRESS else ticket.result_due
    if found is not None and due is not None:
        notices.tell_unit(uow, house, found, "unit.sent_back", now, missing="、".join(missing), due=say_day(due))


def answered_from(uow: UnitOfWork, ticket: Ticket) -> State:
    """The state in which the last answer was given."""
    query = select(Event.source).where(Event.ticket_id == ticket.id, Event.action == "answer")
    source = uow.session.exec(query.order_by(col(Event.id).desc())).first()
    return State(source or State.IN_PROGRESS)


def rating_buttons(receipt: str) -> list[list[dict[str, str]]]:
    """解决了 / 部分解决 / 没解决."""
    return notices.buttons(
        [(f"button.{value}", notices.payload("rate", receipt, value)) for value in ("solved", "partly", "unsolved")]
    )


def _checkable(uow: UnitOfWork, ticket: Ticket, actor: Actor) -> Answer:
    if not edges_from(State(ticket.state), "pass"):
        raise WrongStateError(state=ticket.state)
    if ticket.intake_by is not None and ticket.intake_by == actor.staff_id:
        raise SamePersonError
    answer = last_answer(uow, ticket.id or 0)
    if answer is None:
        raise MissingFieldError(field="measure")
    if actor.staff_id is not None and actor.staff_id in _checkers_of_earlier_rounds(uow, ticket):
        raise SamePersonError  # the person was promised 换人核验
    return answer


def _checkers_of_earlier_rounds(uow: UnitOfWork, ticket: Ticket) -> list[int | None]:
    query = select(Answer.checked_by).where(Answer.ticket_id == ticket.id, Answer.round < ticket.rounds)
    return list(uow.session.exec(query))
