"""Everything that is due, done once: call `tick(uow, house, now)` as often as you like."""

from collections.abc import Callable
from datetime import datetime

from storage import audit, rates
from storage.models import Ticket
from storage.tickets import due_for, in_states
from storage.unit_of_work import UnitOfWork
from texts.dates import say_day
from tickets import drafts, notices
from tickets.cases import escalate_late
from tickets.guard_clock import watch_guarded
from tickets.house import House
from tickets.moving import TICK, move
from tickets.organised import flag_organised
from tickets.rating import RELAPSE_DAYS, close, days_between
from tickets.retention import keep_no_longer
from tickets.review import release
from tickets.supplement import last_moment, restart_review
from tickets.workflow import State

REMIND_WORKDAYS, CLOSE_WORKDAYS = 3, 5  # rating: one reminder, then closed as 未评价 (design §4)


def tick(uow: UnitOfWork, house: House, now: datetime) -> int:
    """Do what is due at `now`; safe to repeat because every step changes the state it looks for."""
    jobs: tuple[Callable[[UnitOfWork, House, datetime], int], ...] = (
        watch_guarded, release_due, go_on_without_answer, remind_rating, close_unrated, archive_old,
        drafts.file_waiting, escalate_late, flag_organised, forget_windows, keep_no_longer, seal_audit,
    )  # fmt: skip
    return sum(job(uow, house, now) for job in jobs)


def release_due(uow: UnitOfWork, house: House, now: datetime) -> int:
    """Release approved tickets whose batch hour has come."""
    found = due_for(uow, State.RECEIVED, "release_at", now)
    for ticket in found:
        release(uow, house, ticket, TICK, now)
    return len(found)


def go_on_without_answer(uow: UnitOfWork, house: House, now: datetime) -> int:
    """Nobody answered our question within 2 working days: the review goes on without."""
    found = due_for(uow, State.NEEDS_INFO, "more_due", now)
    for ticket in found:
        move(uow, ticket, "info_given", State.RECEIVED, TICK, now, answered=False)
        restart_review(house, ticket, now)
    return len(found)


def remind_rating(uow: UnitOfWork, house: House, now: datetime) -> int:
    """One reminder, 3 working days after the rating was asked for."""
    found = [t for t in _rating_since(uow, house, REMIND_WORKDAYS, now) if not t.rating_reminded]
    for ticket in found:
        ticket.rating_reminded = True
        due = house.clock.due(ticket.rating_asked_at or now, CLOSE_WORKDAYS)
        notices.tell_person(uow, house, ticket, "answer.reminder", now, due=say_day(due.at, due.provisional))
    return len(found)


def close_unrated(uow: UnitOfWork, house: House, now: datetime) -> int:
    """Close after 5 working days without a verdict; it counts as 未评价, never as satisfied."""
    found = _rating_since(uow, house, CLOSE_WORKDAYS, now)
    for ticket in found:
        close(uow, house, ticket, TICK, now)
    return len(found)


def archive_old(uow: UnitOfWork, house: House, now: datetime) -> int:
    """Archive after the 90th day from closing or refusing is over: on that day 反弹 still works."""
    closed = [t for t in due_for(uow, State.CLOSED, "closed_at", now) if _window_over(t.closed_at, now)]
    refused = [t for t in in_states(uow, [State.DECLINED]) if _window_over(last_moment(uow, t, "decline"), now)]
    for ticket in closed + refused:
        move(uow, ticket, "archive", State.ARCHIVED, TICK, now)
    return len(closed) + len(refused)


def forget_windows(uow: UnitOfWork, _house: House, now: datetime) -> int:
    """Rate windows that have slid away leave no trace of who was here."""
    rates.forget_old(uow, now)
    return 0


def seal_audit(uow: UnitOfWork, house: House, now: datetime) -> int:
    """Chain the audit rows of the last minute; last of all, so that what the tick did is sealed too."""
    uow.session.flush()
    return audit.seal(uow, now)


def _window_over(since: datetime | None, now: datetime) -> bool:
    return since is not None and days_between(since, now) > RELAPSE_DAYS


def _rating_since(uow: UnitOfWork, house: House, workdays: int, now: datetime) -> list[Ticket]:
    asked = due_for(uow, State.RATING, "rating_asked_at", now)
    return [t for t in asked if t.rating_asked_at and house.clock.due(t.rating_asked_at, workdays).at <= now]
