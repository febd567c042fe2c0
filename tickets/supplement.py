"""More from the complainant: an answer to our question, a new fact, an urging, an objection."""

from datetime import datetime
from typing import Any

from storage.models import Message, Ticket
from storage.tickets import history
from storage.unit_of_work import UnitOfWork
from texts.dates import ZONE, say_day
from tickets import notices, special
from tickets.errors import OnlyOnceError, TooLateError
from tickets.house import House
from tickets.moving import Actor, move, note
from tickets.permissions import acts
from tickets.review import OBJECTION_WORKDAYS
from tickets.workflow import Role, State


@acts("speak")
def add_words(
    uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, message: Message, now: datetime, **data: Any
) -> bool:
    """Bind a message to a ticket; True when it answered our one question and the review goes on."""
    message.ticket_id = ticket.id
    special.hear_more(uow, house, ticket, message.text, now)
    if ticket.state == State.NEEDS_INFO.value:
        move(uow, ticket, "info_given", State.RECEIVED, actor, now, **data)
        restart_review(house, ticket, now)
        notices.tell_role(uow, Role.OPERATOR, "desk.info_given", now, ticket)
        return True
    note(uow, ticket, "supplement", actor, now, **data)
    return False


def restart_review(house: House, ticket: Ticket, now: datetime) -> None:
    """The review clock stood still while we waited for the person; it starts again."""
    review = house.clock.review_due(now)
    ticket.review_due, ticket.provisional, ticket.more_due = review.at, review.provisional, None


@acts("speak")
def answer_question(
    uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, message: Message, question: str, now: datetime
) -> None:
    """An answer to a question below the receipt, kept under the question."""
    message.ticket_id = ticket.id
    answers: dict[str, Any] = {**ticket.slots.get("answers", {}), question: message.text}
    ticket.slots = {**ticket.slots, "answers": answers}
    special.hear_more(uow, house, ticket, message.text, now)
    note(uow, ticket, "answer_question", actor, now)


@acts("speak")
def urge(uow: UnitOfWork, ticket: Ticket, actor: Actor, now: datetime) -> bool:
    """Record an urging; counted once a day, False when today's is already there."""
    today = now.astimezone(ZONE).date().isoformat()
    if ticket.urged_on == today:
        return False
    ticket.urged_on = today
    note(uow, ticket, "urge", actor, now)
    return True


@acts("speak")
def object_to_refusal(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, now: datetime) -> str:
    """Object once within 10 working days of a refusal; another reviewer looks. Gives the review date."""
    if ticket.objected:
        raise OnlyOnceError
    declined = last_moment(uow, ticket, "decline")
    if declined is None or now > house.clock.due(declined, OBJECTION_WORKDAYS).at:
        raise TooLateError
    move(uow, ticket, "object", State.RECEIVED, actor, now)
    ticket.objected = True
    restart_review(house, ticket, now)
    notices.tell_role(uow, Role.LEAD, "desk.objected", now, ticket)
    return say_day(ticket.review_due, ticket.provisional)


def last_moment(uow: UnitOfWork, ticket: Ticket, action: str) -> datetime | None:
    """When an action was last done on a ticket."""
    moments = [event.at for event in history(uow, ticket.id or 0) if event.action == action]
    return moments[-1] if moments else None
