"""The uniqueness guard: a demand that reached fewer than five bodies names its complainant, however it is reworded.

Before release the lead says how many could have received it; when they are few, one way of protection must be chosen
(domain §4.4.5): wait for others (pool), go as the hotline's own finding (inspection), or ask the person (ask).
Asking does not count as asking for more, and the review clock stands still for at most two working days, like there.
"""

import re
from datetime import datetime

from sqlalchemy import func
from sqlmodel import select

from storage.models import Ticket, Township, Unit
from storage.unit_of_work import UnitOfWork
from texts.dates import say_day, say_moment
from tickets import notices
from tickets.errors import OnlyOnceError, TicketError, WrongStateError
from tickets.guards import Guard
from tickets.house import House
from tickets.moving import Actor, note
from tickets.permissions import acts
from tickets.workflow import Role, State

REACHES = ("全市", "县区", "同类乡镇", "仅一家", "不清楚")
FEWEST_BODIES = 5  # domain §4.4.5
ALWAYS_GUESSABLE = frozenset({"仅一家", "不清楚"})
POOL_WORKDAYS = 4  # word on the evening of the fourth working day, release on the fifth (domain §4.4.5: ≤ 5)
ASK_WORKDAYS = 2  # as long as a question for more may hold up the review (design §4)


WAYS = ("pool", "inspection", "ask")
REPORTED = re.compile(r"^\W*(?:近期|近日)?(?:有|据|接)?(?:基层|多位|部分|一些)?(?:同志|干部)?反映\W*")
SPEAKS_OF_PERSON = re.compile("反映|同志|干部称|举报|投诉|来电|来信|来件|诉求|网友")
MAY_LEAVE = frozenset({Guard.POOLED, Guard.INSPECTION, Guard.CONSENTED})
PERSON_DECIDES = frozenset({Guard.ASKED, Guard.PAUSED})


class UnguardedError(TicketError):
    """The complainant could be guessed and no protection was chosen."""

    key = "error.unguarded"


class NotAFindingError(TicketError):
    """The hotline's own finding still speaks of somebody who reported it."""

    key = "error.finding"


class PersonDecidesError(TicketError):
    """The person is being asked, or said: not now."""

    key = "error.person_decides"


def guessable(uow: UnitOfWork, reach: str, unit_code: str | None) -> bool:
    """Tells whether fewer than five bodies could have received the demand; a county may be that small."""
    if reach in ALWAYS_GUESSABLE:
        return True
    unit = uow.session.get(Unit, unit_code) if unit_code else None
    if reach == "全市":
        return sum(_townships(uow).values()) < FEWEST_BODIES
    if reach == "县区":
        counts = _townships(uow)
        own = counts.get(unit.county_code) if unit and unit.county_code else None
        return (own if own is not None else min(counts.values(), default=0)) < FEWEST_BODIES
    return False


@acts("approve")
def choose(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, way: str | None, now: datetime) -> bool:
    """Take the lead's choice for an approved ticket; True when it may leave at the next release.

    UnguardedError without a choice, PersonDecidesError while it is the person's, OnlyOnceError for a second question.
    """
    if not guessable(uow, ticket.reach or "", ticket.unit_code):
        ticket.guard, ticket.guard_until = None, None
        return True
    if ticket.guard in PERSON_DECIDES:
        raise PersonDecidesError
    if ticket.guard == Guard.CONSENTED and way in (None, "ask"):
        return True
    if way not in WAYS:
        raise UnguardedError
    if way == "pool":
        return _pool(uow, house, ticket, now)
    if way == "ask":
        return _ask(uow, house, ticket, actor, now)
    if SPEAKS_OF_PERSON.search(ticket.paraphrase or ""):
        raise NotAFindingError
    ticket.guard, ticket.guard_until = Guard.INSPECTION.value, None
    return True


def as_finding(house: House, paraphrase: str) -> str:
    """The same paraphrase worded as what the hotline found itself; staff read it over."""
    opening = house.texts.say("paraphrase.finding")
    bare = REPORTED.sub("", paraphrase.strip())
    return paraphrase if paraphrase.startswith(opening) or not bare else f"{opening}{bare}"


def require_guarded(uow: UnitOfWork, ticket: Ticket) -> None:
    """The last gate before a unit: UnguardedError unless nobody can be guessed or a protection has done its work."""
    if guessable(uow, ticket.reach or "", ticket.unit_code) and ticket.guard not in MAY_LEAVE:
        raise UnguardedError


def unit_key(ticket: Ticket, name: str) -> str:
    """Which sentence a unit is told: a finding of the hotline's own speaks of nobody who reported it."""
    return f"finding.{name}" if ticket.guard == Guard.INSPECTION else f"unit.{name}"


@acts("speak")
def go_on(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, now: datetime) -> datetime:
    """「继续」: the approved paraphrase leaves at the next release; gives that moment."""
    _require_open(ticket, Guard.ASKED, Guard.PAUSED, Guard.POOL, Guard.POOLED, Guard.CONSENTED)
    if ticket.guard == Guard.CONSENTED and ticket.release_at is not None:
        return ticket.release_at
    note(uow, ticket, "guard_go_on", actor, now)
    ticket.guard, ticket.guard_until = Guard.CONSENTED.value, None
    ticket.release_at = house.release_moment(now)
    notices.tell_role(uow, Role.LEAD, "desk.guard_go_on", now, ticket)
    return ticket.release_at


@acts("speak")
def pause(uow: UnitOfWork, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """「先放一放」: nothing leaves until the person says so; others with the same matter make us ask again."""
    _require_open(ticket, Guard.ASKED, Guard.PAUSED, Guard.POOL, Guard.POOLED, Guard.CONSENTED)
    if ticket.guard == Guard.PAUSED:
        return
    note(uow, ticket, "guard_pause", actor, now)
    ticket.guard, ticket.guard_until, ticket.release_at = Guard.PAUSED.value, None, None
    notices.tell_role(uow, Role.LEAD, "desk.guard_pause", now, ticket)


def buttons_of(ticket: Ticket, go: bool = True) -> list[list[dict[str, str]]]:
    """继续 / 先放一放 / 撤回."""
    row = [("button.guard_go", notices.payload("guard", ticket.receipt, "go"))] if go else []
    row += [("button.guard_pause", notices.payload("guard", ticket.receipt, "pause")),
            ("button.guard_withdraw", notices.payload("guard", ticket.receipt, "withdraw"))]  # fmt: skip
    return notices.buttons(row)


def _pool(uow: UnitOfWork, house: House, ticket: Ticket, now: datetime) -> bool:
    if ticket.guard in (Guard.POOL, Guard.POOLED):
        return ticket.guard == Guard.POOLED  # chosen again, the wait is not longer
    until = house.clock.due(now, POOL_WORKDAYS).at
    ticket.guard, ticket.guard_until, ticket.release_at = Guard.POOL.value, until, None
    latest = house.clock.next_release(until)
    notices.tell_person(uow, house, ticket, "guard.pooled", now, latest=say_day(latest))
    return False


def _ask(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, now: datetime) -> bool:
    if "guard_asked" in ticket.slots:
        raise OnlyOnceError
    due = house.clock.due(now, ASK_WORKDAYS)
    ticket.slots = {**ticket.slots, "guard_asked": now.isoformat()}
    ticket.guard, ticket.guard_until, ticket.release_at = Guard.ASKED.value, due.at, None
    note(uow, ticket, "guard_ask", actor, now)
    notices.tell_person(
        uow, house, ticket, "guard.asked", now, due=say_moment(due.at, due.provisional), below=buttons_of(ticket)
    )
    return False


def _require_open(ticket: Ticket, *guards: Guard) -> None:
    if ticket.state != State.RECEIVED.value or ticket.guard not in guards:
        raise WrongStateError(state=ticket.state)


def _townships(uow: UnitOfWork) -> dict[str, int]:
    query = select(Township.county_code, func.count()).group_by(Township.county_code)
    return dict(uow.session.exec(query).all())
