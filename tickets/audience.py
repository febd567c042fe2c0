"""Whom a ticket may reach at all: recusal and the special desk (domain §4.3 Conflict rule, 源1 art. 28).

Whoever's own unit is complained of is out: queue, page, search and notices. What concerns the department that runs
the hotline, or the hotline itself, reaches the special desk only.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from re import Pattern, compile

import yaml
from sqlmodel import col, select

from storage.models import Assignment, SpecialCase, Ticket, Unit
from storage.unit_of_work import UnitOfWork
from tickets.moving import Actor
from tickets.workflow import OWN, UNIT_ROLES, Role

LEXICON = Path(__file__).parent / "data" / "special.yaml"
HOST = "host"  # Unit.kind of the department that runs the hotline
SAMPLE_OF = 20  # an auditor reads one ticket in twenty (domain §4.3: sample, masked)


def reaches(uow: UnitOfWork, ticket: Ticket, actor: Actor) -> bool:
    """True when this actor may know that the ticket exists."""
    if actor.role is Role.TICK:
        return True
    if actor.role in OWN:
        return ticket.person == actor.id
    if actor.role in UNIT_ROLES:
        return handled_by(uow, ticket) == actor.unit_code
    return bool(among(uow, [ticket], actor))


def among(uow: UnitOfWork, tickets: Sequence[Ticket], actor: Actor) -> list[Ticket]:
    """The tickets that may reach a member of staff; 回避 and the special desk in two queries for any number."""
    if actor.role not in (Role.SPECIAL, Role.AUDITOR):
        tickets = [ticket for ticket in tickets if ticket.special is None]
    unit = uow.session.get(Unit, actor.unit_code) if actor.unit_code else None
    if unit is None or (unit.kind == HOST and actor.role is Role.SPECIAL):
        return list(tickets)  # somebody must hear what is said of the host department: the special desk
    query = select(Assignment.ticket_id).where(Assignment.unit_code == unit.code)
    answered = set(uow.session.exec(query))
    return [each for each in tickets if each.id not in answered and not _names(each, unit)]


def complained_of(uow: UnitOfWork, ticket: Ticket) -> set[str]:
    """Codes of the units named in the words, chosen by staff, or ever asked to answer."""
    named = list(ticket.slots.get("known_units", [])) if ticket.slots else []
    found = set(uow.session.exec(select(Unit.code).where(col(Unit.name).in_(named)))) if named else set()
    found |= set(uow.session.exec(select(Assignment.unit_code).where(Assignment.ticket_id == ticket.id)))
    return found | ({ticket.unit_code} if ticket.unit_code else set())


def _names(ticket: Ticket, unit: Unit) -> bool:
    return ticket.unit_code == unit.code or unit.name in (ticket.slots or {}).get("known_units", [])


def handled_by(uow: UnitOfWork, ticket: Ticket) -> str | None:
    """The unit that must answer now; a newer dispatch takes the place of an older one."""
    query = select(Assignment.unit_code).where(Assignment.ticket_id == ticket.id, col(Assignment.active))
    return uow.session.exec(query.order_by(col(Assignment.id).desc())).first()


def why_special(uow: UnitOfWork, words: str, codes: Iterable[str]) -> str | None:
    """`department`, `hotline` or None: what only the special desk may see (domain §4.3, §7)."""
    if any(unit.kind == HOST for code in codes if (unit := uow.session.get(Unit, code)) is not None):
        return "department"
    return "hotline" if about_hotline(words) else None


def about_hotline(words: str) -> bool:
    """The words complain about this hotline, its bot or its staff (domain §7)."""
    return any(pattern.search(words) for pattern in _lexicon())


def is_special_case(uow: UnitOfWork, ticket: Ticket) -> bool:
    """Only the special desk sees it, or one of its cases is about it."""
    found = select(SpecialCase.id).where(SpecialCase.ticket_id == ticket.id)
    return ticket.special is not None or uow.session.exec(found.limit(1)).first() is not None


def in_sample(ticket: Ticket) -> bool:
    """The auditor's sample: drawn by the receipt, so nobody chooses what is looked at."""
    return int.from_bytes(sha256(ticket.receipt.encode()).digest()[:4]) % SAMPLE_OF == 0


@lru_cache(maxsize=1)
def _lexicon() -> tuple[Pattern[str], ...]:
    return tuple(compile(each) for each in yaml.safe_load(LEXICON.read_text(encoding="utf-8"))["hotline"])
