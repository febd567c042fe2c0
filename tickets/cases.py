"""Cases of the special desk: revenge, pressure, leaks, probing. T1: a word within 2 hours, a result within 24.

A case hangs on a ticket without touching it: no event a unit's page could notice, no version, no notice to the unit.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from storage import audit, outbox
from storage.models import Message, Outbox, Person, SpecialCase, Ticket
from storage.unit_of_work import UnitOfWork
from tickets import audience, notices
from tickets.duty import on_duty
from tickets.errors import ChangedMeanwhileError, MissingFieldError, UnknownTicketError, WrongStateError
from tickets.house import House
from tickets.moving import Actor
from tickets.notices import buttons, payload
from tickets.permissions import acts
from tickets.workflow import Role

KINDS = ("retaliation", "leak", "pressure", "identity_probe")


@dataclass(frozen=True)
class CaseView:
    """A case as the special desk reads it: masked words, the ticket it hangs on, never an identity."""

    id: int
    kind: str
    data: dict[str, Any]
    ticket_id: int | None
    receipt: str | None
    opened_at: datetime
    contact_due: datetime
    result_due: datetime
    contacted_at: datetime | None
    taken_by: int | None
    closed_at: datetime | None
    outcome: str | None
    reachable: bool
    words: tuple[tuple[datetime, str], ...]


def open_case(
    uow: UnitOfWork,
    house: House,
    kind: str,
    now: datetime,
    *,
    person: str | None = None,
    ticket: Ticket | None = None,
    **data: Any,
) -> SpecialCase:
    """Open a case or ring again for the one that is open; with nobody of the desk on duty it goes up at once."""
    ticket_id = ticket.id if ticket else None
    found = _same(uow, kind, person, ticket_id) or SpecialCase(
        kind=kind, person=person, ticket_id=ticket_id, data=data, opened_at=now,
        contact_due=house.clock.first_contact_due(now, "T1").at, result_due=house.clock.result_due(now, "T1").at,
    )  # fmt: skip
    uow.session.add(found)
    uow.session.flush()
    notices.tell_role(uow, Role.SPECIAL, "desk.case", now, kind=house.texts.say(f"special.kind.{kind}"))
    if person is not None and not on_duty(uow, house, now, on_call=True, role=Role.SPECIAL):
        _escalate(uow, found, "desk.case_unmanned", now)
    return found


@acts("report_revenge")
def report(
    uow: UnitOfWork, house: House, ticket: Ticket | None, actor: Actor, message: Message | None, now: datetime
) -> SpecialCase:
    """我担心被打击报复/我已受到影响: to the special desk at once; the unit is told nothing (domain §4.4.10)."""
    person = ticket.person if ticket else actor.id
    found = open_case(uow, house, "retaliation", now, person=person, ticket=ticket)
    _note(uow, found, "report_revenge", actor, now)
    if message is not None:
        message.case_id = found.id
    return found


@acts("report_revenge")
def add_words(uow: UnitOfWork, case: SpecialCase, actor: Actor, message: Message, now: datetime) -> None:
    """More from the person: only the special desk reads it."""
    if case.person != actor.id:
        raise UnknownTicketError
    message.case_id = case.id
    notices.tell_role(uow, Role.SPECIAL, "desk.case_words", now, number=number_of(case))


@acts("work_case")
def take(uow: UnitOfWork, house: House, case: SpecialCase, actor: Actor, now: datetime) -> None:
    """接手: the first one only; the person is told that somebody is there."""
    _workable(uow, case, actor)
    if case.taken_by is not None:
        raise ChangedMeanwhileError
    case.taken_by, case.taken_at = actor.staff_id, now
    _note(uow, case, "take_case", actor, now)
    if case.person is not None:
        case.contacted_at = case.contacted_at or now
        _tell(uow, case, "special.taken", now)


@acts("work_case")
def write(uow: UnitOfWork, house: House, case: SpecialCase, actor: Actor, text: str, now: datetime) -> None:
    """A word to the person through this conversation only, by whoever took the case (domain §4.4.7)."""
    _workable(uow, case, actor)
    if not text.strip():
        raise MissingFieldError(field="text")
    if case.person is None or case.taken_by != actor.staff_id:
        raise WrongStateError
    case.contacted_at = case.contacted_at or now
    _note(uow, case, "write_case", actor, now)
    _tell(uow, case, "special.said", now, text=text.strip())


@acts("work_case")
def close(uow: UnitOfWork, house: House, case: SpecialCase, actor: Actor, outcome: str, now: datetime) -> None:
    """End a case with one sentence about what was done; the person reads it."""
    _workable(uow, case, actor)
    if not outcome.strip():
        raise MissingFieldError(field="outcome")
    if case.taken_by != actor.staff_id:
        raise WrongStateError
    case.closed_by, case.closed_at, case.outcome = actor.staff_id, now, outcome.strip()
    _note(uow, case, "close_case", actor, now)
    if case.person is not None:
        _tell(uow, case, "special.closed", now, outcome=case.outcome)


@acts("work_case")
def open_cases(uow: UnitOfWork, actor: Actor) -> list[SpecialCase]:
    """Cases nobody has closed, what is due next first, without those whose unit is the reader's own."""
    query = select(SpecialCase).where(col(SpecialCase.closed_at).is_(None))
    rows = uow.session.exec(query.order_by(col(SpecialCase.contact_due), col(SpecialCase.id)))
    return [case for case in rows if _reaches(uow, case, actor)]


@acts("work_case")
def read_case(uow: UnitOfWork, case: SpecialCase, actor: Actor) -> CaseView:
    """A case with what the person said to the special desk."""
    if not _reaches(uow, case, actor):
        raise UnknownTicketError
    ticket = uow.session.get(Ticket, case.ticket_id) if case.ticket_id else None
    said = uow.session.exec(select(Message).where(Message.case_id == case.id).order_by(col(Message.id)))
    return CaseView(
        id=case.id or 0, kind=case.kind, data=case.data, ticket_id=case.ticket_id,
        receipt=ticket.receipt if ticket else None, opened_at=case.opened_at, contact_due=case.contact_due,
        result_due=case.result_due, contacted_at=case.contacted_at, taken_by=case.taken_by, closed_at=case.closed_at,
        outcome=case.outcome, reachable=_reachable(uow, case),
        words=tuple((message.at, message.text) for message in said),
    )  # fmt: skip


def of_person(uow: UnitOfWork, person: str, case_id: int) -> SpecialCase | None:
    """The person's own case, while it is open."""
    found = uow.session.get(SpecialCase, case_id)
    return found if found is not None and found.person == person and found.closed_at is None else None


def number_of(case: SpecialCase) -> str:
    """The number the special desk calls a case by."""
    return f"ZB-{case.id}"


def held_back(uow: UnitOfWork, case: SpecialCase) -> list[Outbox]:
    """Words for a discreet person that they have not looked at yet."""
    query = select(Outbox).where(Outbox.recipient == case.person, Outbox.key == "quiet.news")
    rows = uow.session.exec(query.order_by(col(Outbox.id)))
    return [row for row in rows if row.params.get("case") == case.id]


def escalate_late(uow: UnitOfWork, house: House, now: datetime) -> int:
    """Nobody spoke to the person within 2 hours: the supervisors are told, once; not a word of what it is about."""
    waiting = col(SpecialCase.contacted_at).is_(None), col(SpecialCase.escalated_at).is_(None)
    query = select(SpecialCase).where(*waiting, col(SpecialCase.closed_at).is_(None), SpecialCase.contact_due <= now)
    late = list(uow.session.exec(query.where(col(SpecialCase.person).is_not(None))))
    for case in late:
        _escalate(uow, case, "desk.case_late", now)
    return len(late)


def _escalate(uow: UnitOfWork, case: SpecialCase, key: str, now: datetime) -> None:
    if case.escalated_at is None:
        case.escalated_at = now
        notices.tell_role(uow, Role.SUPERVISOR, key, now, number=number_of(case))


def _same(uow: UnitOfWork, kind: str, person: str | None, ticket_id: int | None) -> SpecialCase | None:
    if person is None:
        return None  # every probing is a violation of its own
    query = select(SpecialCase).where(SpecialCase.kind == kind, SpecialCase.person == person)
    query = query.where(col(SpecialCase.closed_at).is_(None), SpecialCase.ticket_id == ticket_id)
    return uow.session.exec(query).first()


def _reaches(uow: UnitOfWork, case: SpecialCase, actor: Actor) -> bool:
    ticket = uow.session.get(Ticket, case.ticket_id) if case.ticket_id else None
    return ticket is None or audience.reaches(uow, ticket, actor)


def _workable(uow: UnitOfWork, case: SpecialCase, actor: Actor) -> None:
    if not _reaches(uow, case, actor):
        raise UnknownTicketError
    if case.closed_at is not None:
        raise WrongStateError


def _tell(uow: UnitOfWork, case: SpecialCase, key: str, now: datetime, **params: Any) -> None:
    """A word to the person at any hour; on a lock screen of a discreet person it only says that there is news."""
    person = uow.session.get_one(Person, case.person)
    reply = buttons([("button.reply", payload("case", str(case.id), "reply"))]) if key == "special.said" else []
    if person.discreet and person.channel not in notices.SHOWN_AT_ONCE:
        params = {"case": case.id, "hidden": {"key": key, "params": params, "below": reply}}
        key, reply = "quiet.news", buttons([("button.show", payload("case", str(case.id), "show"))])
    row = outbox.put(
        uow, person.pseudonym, person.channel, key, now, params=params, buttons=reply, kind="urgent",
        ticket_id=case.ticket_id,
    )  # fmt: skip
    if notices.lost(person):
        notices.give_up(uow, row)


def _reachable(uow: UnitOfWork, case: SpecialCase) -> bool:
    return case.person is not None and not notices.lost(uow.session.get_one(Person, case.person))


def _note(uow: UnitOfWork, case: SpecialCase, action: str, actor: Actor, now: datetime) -> None:
    audit.write(uow, action, actor.role.value, actor.id, now, f"case:{case.id}")
