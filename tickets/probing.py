"""Somebody asks who complained: refused whoever asks, logged as `identity_probe`, raised to the special desk (T-46)."""

from datetime import datetime
from functools import lru_cache
from re import Pattern, compile

import yaml

from storage import audit
from storage.models import SpecialCase, Ticket, Unit
from storage.tickets import assignment
from storage.unit_of_work import UnitOfWork
from tickets import cases, notices
from tickets.audience import LEXICON
from tickets.house import House
from tickets.moving import Actor, trace
from tickets.workflow import Role

PROBE = "identity_probe"


def asks_who(*texts: str) -> bool:
    """One of the texts asks who complained; answers of units are read with it, not with the ears."""
    return any(pattern.search(text) for text in texts for pattern in _lexicon())


def record(uow: UnitOfWork, house: House, by: Actor, now: datetime, ticket: Ticket | None = None) -> SpecialCase:
    """Log a question about the complainant and tell the special desk who asked and about which dispatch."""
    unit = uow.session.get(Unit, by.unit_code) if by.unit_code else None
    found = assignment(uow, ticket.id or 0) if ticket else None
    who = unit.name if unit else house.texts.say("special.somebody")
    number = found.dispatch_number if found else house.texts.say("special.no_number")
    if ticket is not None:
        trace(uow, ticket.id or 0, PROBE, by, now, hidden=True)
    else:
        audit.write(uow, PROBE, by.role.value, by.id, now)
    case = cases.open_case(uow, house, PROBE, now, ticket=ticket, by=by.id, role=by.role.value, who=who, number=number)
    notices.tell_role(uow, Role.SPECIAL, "desk.probe", now, who=who, number=number)
    return case


@lru_cache(maxsize=1)
def _lexicon() -> tuple[Pattern[str], ...]:
    return tuple(compile(each) for each in yaml.safe_load(LEXICON.read_text(encoding="utf-8"))["probe"])
