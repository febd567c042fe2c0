"""Organised filing: many near-identical texts within hours, or many people filing exactly as many each, of a sudden.

It is marked for the lead and nothing else: never deleted, never slowed, never told to a unit (domain §8 row 14).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zlib import crc32

from sqlmodel import col, select

from storage import slots
from storage.models import Ticket
from storage.unit_of_work import UnitOfWork
from texts.dates import ZONE
from tickets import notices
from tickets.house import House
from tickets.likeness import likeness, pieces
from tickets.moving import TICK, trace
from tickets.workflow import Role

FLAG = "organised"
HOURS, WITHIN = 6, timedelta(hours=6)
FEWEST_PERSONS = 5  # the same words from five persons
ALIKE, FEWEST_CHARACTERS = 0.8, 12  # 又要填表 is said by everybody
SKETCH, SHARED = 8, 3  # of the smallest piece hashes; texts 80 % alike share most of them
MOST_LOOKED_AT = 3000
EVEN_PERSONS, EVEN_SHARE, EVEN_EACH = 8, 0.8, 2  # eight people with the same number of complaints, two or more
SUDDEN, BEFORE = 3, timedelta(days=28)  # three times as many such people as on the busiest of the last 28 days


def flag_organised(uow: UnitOfWork, house: House, now: datetime) -> int:
    """Mark what looks organised; safe to repeat, each ticket is marked and each group told once."""
    return _flag_alike(uow, now) + _flag_even(uow, now)


def _flag_alike(uow: UnitOfWork, now: datetime) -> int:
    span = col(Ticket.created_at) > now - WITHIN, col(Ticket.created_at) <= now
    query = select(Ticket).where(*span).order_by(col(Ticket.id).desc()).limit(MOST_LOOKED_AT)
    recent = [t for t in uow.session.exec(query) if len(t.words) >= FEWEST_CHARACTERS]
    done = 0
    for group in _groups(recent):
        persons = len({ticket.person for ticket in group})
        fresh = [ticket for ticket in group if FLAG not in ticket.flags]
        if persons < FEWEST_PERSONS or not fresh:
            continue
        known = len(fresh) < len(group)
        done += _mark(uow, fresh, now)
        if not known:
            notices.tell_role(uow, Role.LEAD, "desk.organised", now, hours=HOURS, count=persons)
    return done


def _groups(tickets: Sequence[Ticket]) -> list[list[Ticket]]:
    """Tickets whose words are alike; the first of a group stands for it, a sketch finds the candidates."""
    groups: list[list[Ticket]] = []
    by_hash: dict[int, set[int]] = defaultdict(set)
    firsts: list[Counter[str]] = []
    for ticket in reversed(tickets):
        mine = pieces(ticket.words)
        sketch = sorted({crc32(piece.encode()) for piece in mine})[:SKETCH]
        shared = Counter(group for each in sketch for group in by_hash.get(each, ()))
        home = next((g for g, n in shared.most_common() if n >= SHARED and likeness(firsts[g], mine) >= ALIKE), None)
        if home is None:
            home = len(groups)
            groups.append([])
            firsts.append(mine)
            for each in sketch:
                by_hash[each].add(home)
        groups[home].append(ticket)
    return groups


def _flag_even(uow: UnitOfWork, now: datetime) -> int:
    """Once an hour: people who today all filed exactly as many, far more of them than on any day before."""
    local = now.astimezone(ZONE)
    slot = f"{local:%Y-%m-%dT%H}"
    if not slots.first(uow, "even_filing", slot, now):
        return 0
    span = col(Ticket.created_at) > now - BEFORE, col(Ticket.created_at) <= now
    query = select(Ticket.person, Ticket.created_at).where(*span)
    days: dict[str, Counter[str]] = defaultdict(Counter)
    for person, at in uow.session.exec(query):
        days[at.astimezone(ZONE).date().isoformat()][person] += 1
    today = days.pop(local.date().isoformat(), Counter())
    evenly = _even(today.values())
    busiest = max((sum(count >= EVEN_EACH for count in day.values()) for day in days.values()), default=0)
    if evenly is None or evenly[1] < max(EVEN_PERSONS, SUDDEN * busiest):
        return 0
    return _mark_even(uow, today, evenly, now)


def _even(counts: Iterable[int]) -> tuple[int, int] | None:
    """(how many each, how many people) when nearly all who filed more than one filed the same number."""
    several = Counter(count for count in counts if count >= EVEN_EACH)
    if not several:
        return None
    each, people = several.most_common(1)[0]
    return (each, people) if people >= EVEN_SHARE * several.total() else None


def _mark_even(uow: UnitOfWork, today: Counter[str], evenly: tuple[int, int], now: datetime) -> int:
    persons = [person for person, count in today.items() if count == evenly[0]]
    since = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(Ticket).where(col(Ticket.person).in_(persons), col(Ticket.created_at) >= since)
    fresh = [ticket for ticket in uow.session.exec(query) if FLAG not in ticket.flags]
    if fresh:
        notices.tell_role(uow, Role.LEAD, "desk.even", now, count=evenly[1], each=evenly[0])
    return _mark(uow, fresh, now)


def _mark(uow: UnitOfWork, tickets: Sequence[Ticket], now: datetime) -> int:
    for ticket in tickets:
        ticket.flags = [*ticket.flags, FLAG]
        # trace, not note: a mark must not make the page a colleague is typing in out of date
        trace(uow, ticket.id or 0, "organised", TICK, now)
    return len(tickets)
