"""What each side may see of a ticket. A unit's view is a type of its own: it cannot hold more (design §5)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from storage.models import Answer, Assignment, Event, Message, Rating, Ticket, Unit
from storage.tickets import assignment, history, last_answer, messages, ratings
from storage.unit_of_work import UnitOfWork
from texts.dates import ZONE
from tickets import guarding
from tickets.errors import NotAllowedError
from tickets.guards import Guard
from tickets.house import House
from tickets.moving import HIDDEN, Actor
from tickets.permissions import acts, may
from tickets.progress import due_of, state_words
from tickets.workflow import Role, State, actions_for

STAFF_ROLES = frozenset({Role.OPERATOR, Role.LEAD, Role.SUPERVISOR, Role.SPECIAL})


@dataclass(frozen=True)
class UnitView:
    """A ticket as the unit complained of sees it: approved paraphrase, class, days, nothing that leads back."""

    dispatch_number: str
    class_name: str
    paraphrase: str
    state: str
    state_name: str
    people: str  # a band, or 有同志反映 below five people or three townships
    finding: bool  # goes as the hotline's own finding: nothing on the page speaks of somebody who reported it
    assigned_on: date
    sign_by: date | None
    due_on: date | None
    rounds: int
    draft: tuple[str, str, str, str]
    actions: tuple[str, ...]


@dataclass(frozen=True)
class StaffView:
    """A ticket as hotline staff see it: masked original words for those entitled, never an identity."""

    id: int
    version: int
    receipt: str
    state: str
    state_name: str
    label: str | None
    class_name: str
    outcome: str
    words: str | None
    messages: tuple[tuple[datetime, str, str], ...]
    slots: dict[str, Any]
    flags: tuple[str, ...]
    paraphrase: str | None
    unit_code: str | None
    unit_name: str | None
    reach: str | None
    guard: str | None
    t_class: str
    special: str | None
    created_at: datetime
    due_at: datetime | None
    provisional: bool
    rounds: int
    answer: Answer | None
    ratings: tuple[Rating, ...]
    history: tuple[Event, ...]
    actions: tuple[str, ...]


@acts("read_paraphrase")
def unit_view(uow: UnitOfWork, house: House, found: Assignment, actor: Actor) -> UnitView:
    """The view of one assignment for its own unit; NotAllowedError for anybody else's and for former ones."""
    if actor.unit_code != found.unit_code or not found.active:
        raise NotAllowedError(role=actor.role.value)
    ticket = uow.session.get_one(Ticket, found.ticket_id)
    answer = last_answer(uow, found.ticket_id)
    fields = ("", "", "", "")
    if answer is not None and answer.round == ticket.rounds:
        fields = (answer.true_as_told, answer.measure, answer.done_by, answer.basis)
    visible = unit_state(ticket)
    return UnitView(
        dispatch_number=found.dispatch_number, class_name=house.class_name(ticket.label),
        paraphrase=ticket.paraphrase or "", state=visible, state_name=house.texts.say(f"unit_state.{visible}"),
        people=house.texts.say(guarding.unit_key(ticket, "somebody")), finding=ticket.guard == Guard.INSPECTION,
        assigned_on=_day(found.assigned_at),
        sign_by=_day(ticket.sign_due) if ticket.sign_due else None,
        due_on=_day(due) if (due := due_of(ticket)) else None,
        rounds=ticket.rounds, draft=fields,
        actions=actions_for(State(ticket.state), actor.role),
    )  # fmt: skip


def unit_state(ticket: Ticket) -> str:
    """The state as a unit may know it: what happens between hotline and complainant looks the same to it."""
    state = State(ticket.state)
    if state in (State.ANSWERED, State.RATING):
        return "answered"
    return "closed" if state in (State.CLOSED, State.ARCHIVED, State.WITHDRAWN) else state.value


@acts("read_ticket")
def staff_view(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor) -> StaffView:
    """The view for hotline staff; original words only for those who work with them."""
    may_read = may(uow, "read_words", actor, ticket)
    unit = uow.session.get(Unit, ticket.unit_code) if ticket.unit_code else None
    ticket_id = ticket.id or 0
    return StaffView(
        id=ticket_id, version=ticket.version, receipt=ticket.receipt, state=ticket.state,
        state_name=state_words(house, ticket), label=ticket.label, class_name=house.class_name(ticket.label),
        outcome=ticket.outcome, words=ticket.words if may_read else None,
        messages=_talk(messages(uow, ticket_id)) if may_read else (),
        slots=ticket.slots if may_read else {}, flags=tuple(ticket.flags),
        paraphrase=ticket.paraphrase, unit_code=ticket.unit_code, unit_name=unit.name if unit else None,
        reach=ticket.reach, guard=ticket.guard, t_class=ticket.t_class, special=ticket.special,
        created_at=ticket.created_at, due_at=due_of(ticket),
        provisional=ticket.provisional, rounds=ticket.rounds, answer=last_answer(uow, ticket_id),
        ratings=tuple(ratings(uow, ticket_id)), history=tuple(_seen_by(actor, history(uow, ticket_id))),
        actions=actions_for(State(ticket.state), actor.role),
    )  # fmt: skip


@acts("read_number")
def dispatch_of(uow: UnitOfWork, ticket: Ticket, actor: Actor) -> str | None:
    """The unit's number for a ticket, for staff who assign; others never see both numbers."""
    found = assignment(uow, ticket.id or 0)
    return found.dispatch_number if found else None


def _seen_by(actor: Actor, events: list[Event]) -> list[Event]:
    """What the special desk does about a ticket stays with it."""
    if actor.role in (Role.SPECIAL, Role.AUDITOR):
        return events
    return [event for event in events if not event.data.get(HIDDEN)]


def _talk(rows: list[Message]) -> tuple[tuple[datetime, str, str], ...]:
    return tuple((row.at, row.kind, row.text) for row in rows)


def _day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()
