"""A person behind the bot: a row that staff see until one of them takes it."""

from datetime import datetime

from sqlmodel import col, select

from storage.models import HumanRequest, Message, Ticket
from storage.people import open_human_request, talk
from storage.unit_of_work import UnitOfWork
from texts.dates import ZONE, say_moment
from tickets import audience, notices
from tickets.errors import ChangedMeanwhileError, NotAllowedError, UnknownTicketError
from tickets.house import House
from tickets.moving import TICK, Actor, note
from tickets.permissions import acts
from tickets.workflow import Role

ALERTS = frozenset({"distress", "emergency"})


def request(
    uow: UnitOfWork, house: House, person: str, reason: str, now: datetime, ticket: Ticket | None = None
) -> bool:
    """Ask for a human; False when this person already waits for one with the same reason; alerts always ring."""
    if reason not in ALERTS and open_human_request(uow, person, reason) is not None:
        return False
    uow.session.add(HumanRequest(person=person, reason=reason, at=now, ticket_id=ticket.id if ticket else None))
    key = "desk.alert" if reason in ALERTS else "desk.human"
    notices.tell_role(uow, Role.OPERATOR, key, now, reason=house.texts.say(f"reason.{reason}"))
    return True


@acts("take_person")
def take(uow: UnitOfWork, waiting: HumanRequest, actor: Actor, now: datetime) -> None:
    """A member of staff takes the request, the first one only."""
    if not _about_reached(uow, waiting, actor):
        raise UnknownTicketError
    if waiting.taken_at is not None:
        raise ChangedMeanwhileError
    waiting.taken_by, waiting.taken_at = actor.staff_id, now


@acts("take_person")
def waiting(uow: UnitOfWork, actor: Actor, limit: int) -> list[HumanRequest]:
    """Open requests first, then those the reader took, newest first; none about a ticket out of their audience."""
    mine = col(HumanRequest.taken_by) == actor.staff_id
    query = select(HumanRequest).where(col(HumanRequest.taken_at).is_(None) | mine)
    found = uow.session.exec(query.order_by(col(HumanRequest.id).desc()).limit(limit * 2))
    rows = [each for each in found if _about_reached(uow, each, actor)]
    return sorted(rows, key=lambda each: each.taken_at is not None)[:limit]


@acts("take_person")
def read_talk(uow: UnitOfWork, asked: HumanRequest, actor: Actor, limit: int) -> list[Message]:
    """The last words of a person for whoever took their request, without what was said to the special desk."""
    if asked.taken_by != actor.staff_id:
        raise NotAllowedError(role=actor.role.value)
    said = [message for message in talk(uow, asked.person, limit) if message.case_id is None]
    about = uow.session.exec(select(Ticket).where(col(Ticket.id).in_([message.ticket_id for message in said])))
    reached = {ticket.id for ticket in audience.among(uow, list(about), actor)}
    return [message for message in said if message.ticket_id is None or message.ticket_id in reached]


def _about_reached(uow: UnitOfWork, asked: HumanRequest, actor: Actor) -> bool:
    ticket = uow.session.get(Ticket, asked.ticket_id) if asked.ticket_id else None
    return ticket is None or audience.reaches(uow, ticket, actor)


@acts("speak")
def mark_urgent(uow: UnitOfWork, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """The complainant says it is due tonight: proposed T1, the lead decides."""
    ticket.t_class = "T1"
    note(uow, ticket, "mark_urgent", actor, now)
    notices.tell_role(uow, Role.LEAD, "desk.urgent", now, ticket)


def propose_urgent(uow: UnitOfWork, ticket: Ticket, now: datetime, why: str) -> None:
    """The words themselves say that it is urgent: the bot proposes T1, the lead decides."""
    ticket.t_class = "T1"
    note(uow, ticket, "propose_t1", TICK, now, why=why)
    notices.tell_role(uow, Role.LEAD, "desk.urgent", now, ticket)


def say_by(moment: datetime, now: datetime) -> str:
    """A moment as a clock time, with its day when that is not today."""
    local = moment.astimezone(ZONE)
    return f"{local:%H:%M}" if local.date() == now.astimezone(ZONE).date() else say_moment(moment)
