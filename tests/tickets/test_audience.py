"""回避 and the special desk: who never learns that a ticket exists."""

from typing import Any

import pytest
from sqlmodel import col, select

from storage.models import Outbox, Ticket
from tickets import audience, human, queue, review, special, views
from tickets.errors import ChangedMeanwhileError, NotAllowedError, OnlySpecialError, TicketError, UnknownTicketError
from tickets.moving import Actor
from tickets.workflow import Role

DEPARTMENT = "市委组织部的党建台账一个月要我们填三遍，系统里都有"


def from_civil_affairs(case: Any, role: Role) -> Actor:
    """Hotline staff who belong to the unit complained of."""
    found = case.actor(role)
    return Actor(role, found.id, case.code())


def rows(case: Any, actor: Actor) -> list[str]:
    with case.database.reading() as uow:
        return [row.receipt for row in queue.queue(uow, case.house, actor, case.now, everything=True)]


def told(case: Any, actor: Actor) -> int:
    with case.database.reading() as uow:
        return len([row for row in queue.notices_for(uow, actor) if row.ticket_id])


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.LEAD, Role.SUPERVISOR, Role.SPECIAL])
def test_whoever_belongs_to_the_unit_is_out(case: Any, role: Role) -> None:
    case.file()
    case.do(lambda uow, t: human.mark_urgent(uow, t, case.actor(Role.COMPLAINANT), case.now))
    own, other = from_civil_affairs(case, role), case.actor(role)
    assert rows(case, own) == [] and rows(case, other) == [case.ticket().receipt]
    assert told(case, own) == 0
    with case.database.reading() as uow, pytest.raises(UnknownTicketError):
        views.staff_view(uow, case.house, uow.session.get_one(Ticket, 1), own)


def test_out_of_the_audience_looks_like_no_ticket_at_all(case: Any) -> None:
    case.file()
    lead, code = from_civil_affairs(case, Role.LEAD), case.code()
    with pytest.raises(TicketError) as caught:
        case.do(lambda uow, t: review.approve(uow, case.house, t, lead, "有同志反映", code, "全市", case.now))
    assert caught.value.key == "error.unknown_ticket"


def test_a_unit_chosen_by_staff_counts_and_stays_counted(case: Any) -> None:
    case.file("应急局一个月来查了五次消防台账，每次都要书记陪着")
    own = from_civil_affairs(case, Role.OPERATOR)
    assert rows(case, own)
    case.assign()  # to 民政局
    assert rows(case, own) == []
    case.do(lambda uow, t: setattr(t, "unit_code", None))
    assert rows(case, own) == []  # it was asked to answer once


def test_a_waiting_person_is_not_offered_to_their_own_unit(case: Any) -> None:
    case.file()
    case.do(lambda uow, t: human.request(uow, case.house, t.person, "asked", case.now, t))
    own, other = from_civil_affairs(case, Role.OPERATOR), case.actor(Role.OPERATOR)
    with case.database.reading() as uow:
        assert human.waiting(uow, own, 20) == [] and len(human.waiting(uow, other, 20)) == 1
    with pytest.raises(UnknownTicketError):
        case.database.run(lambda uow: human.take(uow, human.waiting(uow, other, 20)[0], own, case.now))
    case.database.run(lambda uow: human.take(uow, human.waiting(uow, other, 20)[0], other, case.now))
    with pytest.raises(ChangedMeanwhileError):
        case.database.run(lambda uow: human.take(uow, human.waiting(uow, other, 20)[0], other, case.now))


@pytest.mark.parametrize(
    ("words", "why"),
    [(DEPARTMENT, "department"), ("你们热线没用，反映了三次没人理", "hotline"), ("民政局让我们填了三遍表", None),
     ("12345热线派单每次都要我们填三张表", None)],
)  # fmt: skip
def test_what_concerns_us_is_for_the_special_desk_only(case: Any, words: str, why: str | None) -> None:
    case.file(words)
    assert case.ticket().special == why
    seeing = {r for r in (Role.OPERATOR, Role.LEAD, Role.SUPERVISOR, Role.SPECIAL) if rows(case, case.actor(r))}
    assert seeing == ({Role.SPECIAL} if why else {Role.OPERATOR, Role.LEAD, Role.SUPERVISOR, Role.SPECIAL})
    with case.database.reading() as uow:
        told_to = set(uow.session.exec(select(Outbox.recipient).where(col(Outbox.recipient).startswith("role:"))))
    assert told_to == ({"role:special"} if why else {"role:operator"})


def test_the_special_desk_works_with_it_from_end_to_end(case: Any) -> None:
    case.file(DEPARTMENT)
    desk, lead = case.actor(Role.SPECIAL), case.actor(Role.LEAD)
    approve = lambda actor: case.do(lambda uow, t: review.approve(  # noqa: E731
        uow, case.house, t, actor, "有同志反映，台账重复填报", "S003", "全市", case.now))  # fmt: skip
    with pytest.raises(UnknownTicketError):
        approve(lead)
    approve(desk)
    assert case.ticket().state == "assigned"
    with case.database.reading() as uow:
        assert [row.receipt for row in queue.queue(uow, case.house, desk, case.now)] == []  # it waits for the unit


def test_nobody_else_assigns_to_the_department(case: Any) -> None:
    case.file()
    lead = case.actor(Role.LEAD)
    with pytest.raises(OnlySpecialError):
        case.do(lambda uow, t: review.approve(uow, case.house, t, lead, "有同志反映", "S003", "全市", case.now))


def test_handing_over_takes_it_from_everybody_else(case: Any) -> None:
    case.file()
    case.assign()
    before, lead = case.ticket().version, case.actor(Role.LEAD)
    case.do(lambda uow, t: special.hand_over(uow, case.house, t, lead, "leak", case.now))
    assert case.ticket().version == before  # the unit's page notices nothing
    assert rows(case, lead) == [] and rows(case, case.actor(Role.SPECIAL))
    with pytest.raises(UnknownTicketError):
        case.do(lambda uow, t: special.hand_over(uow, case.house, t, lead, "leak", case.now))


def test_the_unit_keeps_its_dispatch(case: Any) -> None:
    case.file()
    case.assign()
    contact = case.actor(Role.CONTACT)
    with case.database.reading() as uow:
        assert len(queue.unit_queue(uow, case.house, contact)) == 1
        assert audience.reaches(uow, uow.session.get_one(Ticket, 1), contact)
    with pytest.raises(NotAllowedError), case.database.reading() as uow:
        queue.queue(uow, case.house, contact, case.now)
