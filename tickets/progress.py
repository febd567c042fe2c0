"""How a ticket stands, in words for its complainant: state, what comes next, by when."""

from datetime import datetime

from storage.models import Ticket
from texts.dates import say_day, say_moment
from tickets.guards import Guard
from tickets.house import House
from tickets.workflow import State

OPEN_STATES = tuple(
    state.value for state in State
    if state not in (State.WITHDRAWN, State.DECLINED, State.CLOSED, State.ARCHIVED)
)  # fmt: skip
STAGES = ("受理", "交办", "反馈", "评价")
_STAGE_OF = {
    State.RECEIVED: 0, State.NEEDS_INFO: 0, State.MERGED: 0, State.DECLINED: 0, State.WITHDRAWN: 0,
    State.ASSIGNED: 1, State.RETURN_REVIEW: 1, State.IN_PROGRESS: 1, State.EXTENSION_REVIEW: 1,
    State.REWORKING: 1, State.SUPERVISED: 1, State.ON_HOLD: 1, State.ANSWERED: 2, State.RATING: 3,
    State.CLOSED: 4, State.ARCHIVED: 4,
}  # fmt: skip
_NEXT = frozenset({
    "received", "needs_info", "assigned", "in_progress", "answered", "rating", "reworking", "supervised", "on_hold",
})  # fmt: skip


def stage(state: str) -> int:
    """How many of the four stages 受理-交办-反馈-评价 lie behind (the current one is this index)."""
    return _STAGE_OF[State(state)]


_WAITING_FOR_NOBODY = frozenset({
    State.ANSWERED, State.RATING, State.CLOSED, State.ARCHIVED, State.WITHDRAWN, State.DECLINED, State.MERGED,
})  # fmt: skip


def due_of(ticket: Ticket) -> datetime | None:
    """The date a ticket in this state waits for; an answer given on time is not late while we check it."""
    state = State(ticket.state)
    if state in _WAITING_FOR_NOBODY:
        return None
    if state is State.RECEIVED:
        return guarded_due(ticket)
    if state is State.NEEDS_INFO:
        return ticket.more_due
    if state in (State.REWORKING, State.SUPERVISED):
        return ticket.rework_due
    return ticket.result_due


def guarded_due(ticket: Ticket) -> datetime | None:
    """Under review: the review's date, unless it is approved and waits for its hour, for others or for the person."""
    if ticket.guard == Guard.PAUSED:
        return None
    return ticket.guard_until or ticket.release_at or ticket.review_due


def state_words(house: House, ticket: Ticket) -> str:
    """The Chinese name of the state."""
    return house.texts.say(f"state.{ticket.state}")


def next_words(house: House, ticket: Ticket) -> str:
    """One sentence: what happens next and by when."""
    due = due_of(ticket)
    if (guarded := _guarded_words(house, ticket)) is not None:
        return guarded
    if ticket.state not in _NEXT or (due is None and ticket.state not in ("answered", "rating")):
        return house.texts.say("next.other")
    say = say_moment if ticket.state == State.RECEIVED.value else say_day
    return house.texts.say(f"next.{ticket.state}", due=say(due, ticket.provisional) if due else "")


def _guarded_words(house: House, ticket: Ticket) -> str | None:
    """What an approved or guarded ticket waits for."""
    if ticket.state != State.RECEIVED.value:
        return None
    say = house.texts.say
    if ticket.guard == Guard.PAUSED:
        return say("next.guard_paused")
    if ticket.guard == Guard.ASKED and ticket.guard_until:
        return say("next.guard_asked", due=say_moment(ticket.guard_until))
    if ticket.guard == Guard.POOL and ticket.guard_until:
        return say("next.guard_pool", due=say_day(house.clock.next_release(ticket.guard_until)))
    return say("next.approved", due=say_moment(ticket.release_at)) if ticket.release_at else None
