"""What the clock does for guarded tickets: others came, the wait is over, the question lapsed (tickets/guarding.py)."""

from datetime import datetime

from sqlmodel import col, select

from storage.models import Ticket
from storage.unit_of_work import UnitOfWork
from texts.dates import say_moment
from tickets import notices
from tickets.guarding import buttons_of
from tickets.guards import Guard
from tickets.house import House
from tickets.moving import TICK, note
from tickets.same_matter import others
from tickets.supplement import restart_review
from tickets.workflow import Role, State

ENOUGH_OTHERS = 2  # three persons together: the smallest band a unit could ever be told (design §5)


def watch_guarded(uow: UnitOfWork, house: House, now: datetime) -> int:
    """Go on with whatever waited long enough; safe to repeat because each step changes what it looks for."""
    waiting = (Guard.POOL.value, Guard.ASKED.value, Guard.PAUSED.value)
    query = select(Ticket).where(Ticket.state == State.RECEIVED.value, col(Ticket.guard).in_(waiting))
    found = list(uow.session.exec(query.order_by(col(Ticket.id))))
    return sum(_watch(uow, house, ticket, now) for ticket in found)


def _watch(uow: UnitOfWork, house: House, ticket: Ticket, now: datetime) -> bool:
    over = ticket.guard_until is not None and ticket.guard_until <= now
    if ticket.guard == Guard.ASKED:
        return over and _lapse(uow, house, ticket, now)
    count = others(uow, ticket, now)
    if ticket.guard == Guard.PAUSED:
        return count >= ENOUGH_OTHERS and _offer_again(uow, house, ticket, now)
    if count >= ENOUGH_OTHERS or over:
        _end_pool(uow, house, ticket, now, alone=count == 0)
        return True
    return False


def _end_pool(uow: UnitOfWork, house: House, ticket: Ticket, now: datetime, alone: bool) -> None:
    """Leave at the next batch hour, never on the minute somebody else wrote; alone, the person hears it before."""
    ticket.guard, ticket.guard_until = Guard.POOLED.value, None
    ticket.release_at = house.clock.next_release(now)
    note(uow, ticket, "guard_pooled", TICK, now, alone=alone)
    if alone:
        notices.tell_person(
            uow, house, ticket, "guard.alone", now, moment=say_moment(ticket.release_at),
            below=buttons_of(ticket, go=False),
        )  # fmt: skip


def _lapse(uow: UnitOfWork, house: House, ticket: Ticket, now: datetime) -> bool:
    """No answer is no yes: the lead chooses one of the two other ways; the review clock runs again."""
    ticket.guard, ticket.guard_until = None, None
    note(uow, ticket, "guard_lapse", TICK, now)
    restart_review(house, ticket, now)
    notices.tell_role(uow, Role.LEAD, "desk.guard_lapse", now, ticket)
    return True


def _offer_again(uow: UnitOfWork, house: House, ticket: Ticket, now: datetime) -> bool:
    """Others say the same by now, so guessing is harder: asked once more, and only once."""
    if "guard_again" in ticket.slots:
        return False
    ticket.slots = {**ticket.slots, "guard_again": now.isoformat()}
    note(uow, ticket, "guard_offer", TICK, now)
    notices.tell_person(uow, house, ticket, "guard.others", now, below=buttons_of(ticket))
    return True
