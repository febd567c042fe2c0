"""Review by hotline staff: ask for more once, decline, approve the paraphrase, release to the unit."""

from datetime import datetime

from storage.models import Assignment, Ticket, Unit
from storage.unit_of_work import UnitOfWork
from texts.dates import say_day
from tickets import guarding, notices, special
from tickets.errors import MissingFieldError, OnlyOnceError, SamePersonError
from tickets.guards import Guard
from tickets.house import House
from tickets.moving import Actor, move, note
from tickets.paraphrase import check_paraphrase
from tickets.permissions import acts
from tickets.receipt import draw_dispatch
from tickets.workflow import State, require

MORE_WORKDAYS = 2  # design §4: needs_info goes on without an answer after 2 working days
OBJECTION_WORKDAYS = 10


@acts("review")
def ask_more(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, question: str, now: datetime) -> None:
    """Ask the complainant for one thing, once per ticket (A6: at most one trip)."""
    if ticket.asked_more:
        raise OnlyOnceError
    _need(question=question)
    move(uow, ticket, "ask_more", State.NEEDS_INFO, actor, now, question=question)
    due = house.clock.due(now, MORE_WORKDAYS)
    ticket.asked_more, ticket.more_due = True, due.at
    notices.tell_person(uow, house, ticket, "more.asked", now, question=question, due=say_day(due.at, due.provisional))


@acts("review")
def decline(
    uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, reason: str, channel: str, now: datetime
) -> None:
    """Refuse with a reason and the right channel; the person may object once, to somebody else."""
    _need(reason=reason, channel=channel)
    if ticket.objected and ticket.declined_by == actor.staff_id:
        raise SamePersonError
    move(uow, ticket, "decline", State.DECLINED, actor, now, reason=reason, channel=channel)
    ticket.declined_by = actor.staff_id
    until = house.clock.due(now, OBJECTION_WORKDAYS)
    if ticket.objected:
        notices.tell_person(uow, house, ticket, "declined.told_again", now, reason=reason, channel=channel)
        return
    notices.tell_person(
        uow, house, ticket, "declined.told", now, reason=reason, channel=channel, until=say_day(until.at),
        below=notices.buttons([("button.object", notices.payload("object", ticket.receipt))]),
    )  # fmt: skip


@acts("draft_paraphrase")
def save_draft(uow: UnitOfWork, ticket: Ticket, actor: Actor, paraphrase: str, now: datetime) -> None:
    """Keep an operator's draft of the paraphrase; it needs a lead's approval before anybody sees it."""
    require(State(ticket.state), "decline", State.DECLINED, actor.role)  # whoever may refuse a ticket may draft
    ticket.paraphrase = paraphrase
    note(uow, ticket, "draft_paraphrase", actor, now)


@acts("approve")
def approve(
    uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, paraphrase: str, unit_code: str, reach: str,
    now: datetime, t_class: str | None = None, way: str | None = None, life: bool = False,
) -> None:  # fmt: skip
    """Approve paraphrase, unit and reach: sets `release_at` unless the chosen protection waits (design §4 Release).

    `way` protects a complainant who could be guessed (tickets.guarding); `life` at stake waits for no batch hour.
    """
    _need(paraphrase=paraphrase, unit=unit_code, reach=reach)
    check_paraphrase(paraphrase, ticket.words)
    require(State(ticket.state), "release", State.ASSIGNED, actor.role)
    special.check_unit(uow, unit_code, actor)
    ticket.paraphrase, ticket.unit_code, ticket.reach = paraphrase.strip(), unit_code, reach
    ticket.t_class = t_class or ticket.t_class
    ticket.approved_by = actor.staff_id
    leaves = guarding.choose(uow, house, ticket, actor, way, now)
    ticket.release_at = house.release_moment(now, life) if leaves else None
    note(uow, ticket, "approve", actor, now, unit=unit_code, reach=reach, t_class=ticket.t_class, way=way, life=life)
    if ticket.release_at == now:
        release(uow, house, ticket, actor, now)


@acts("release")
def release(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, now: datetime) -> Assignment:
    """Hand the approved paraphrase to the unit under a dispatch number of its own; clocks start."""
    _need(paraphrase=ticket.paraphrase or "", unit=ticket.unit_code or "", reach=ticket.reach or "")
    guarding.require_guarded(uow, ticket)
    unit = uow.session.get_one(Unit, ticket.unit_code)
    result = house.clock.result_due(now, ticket.t_class)
    sign = house.clock.sign_due(now)
    move(uow, ticket, "release", State.ASSIGNED, actor, now, unit=unit.code)
    ticket.sign_due, ticket.result_due, ticket.release_at = sign.at, result.at, None
    ticket.provisional = result.provisional
    assignment = Assignment(
        ticket_id=ticket.id or 0, unit_code=unit.code, dispatch_number=draw_dispatch(house.draw), assigned_at=now
    )
    uow.session.add(assignment)
    uow.session.flush()
    due = say_day(result.at, result.provisional)
    notices.tell_unit(
        uow, house, assignment, guarding.unit_key(ticket, "assigned"), now, class_name=house.class_name(ticket.label),
        paraphrase=(ticket.paraphrase or "").rstrip("。"), sign=say_day(sign.at, sign.provisional), due=due,
    )  # fmt: skip
    told = "assigned.finding" if ticket.guard == Guard.INSPECTION else "assigned.told"
    notices.tell_person(
        uow, house, ticket, told, now, unit=unit.name, due=due,
        below=notices.buttons([("button.afraid", notices.payload("afraid", ticket.receipt))]),
    )  # fmt: skip
    return assignment


def _need(**fields: str) -> None:
    for name, value in fields.items():
        if not value.strip():
            raise MissingFieldError(field=name)
