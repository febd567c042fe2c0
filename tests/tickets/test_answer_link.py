"""A link for one answer: it shows a unit's view, saves a draft, releases nothing, and ends with the dispatch's move."""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from storage.models import AnswerLink, Event, Staff
from storage.tickets import assignment
from tickets import answer_link, checking, withdrawal
from tickets.errors import ChangedMeanwhileError, DeadLinkError, NotAllowedError, WrongStateError
from tickets.unit_work import Fields
from tickets.views import unit_view
from tickets.workflow import Role

FIELDS = Fields("属实", "停报纸质表", "12月5日前", "减负若干规定")


@pytest.fixture
def signed(case: Any) -> Any:
    case.file()
    case.assign()
    case.sign()
    return case


def make(case: Any, role: Role = Role.CONTACT) -> str:
    made: list[str] = []
    case.do(lambda uow, t: made.append(answer_link.make_link(uow, t, case.actor(role), case.now)[1]))
    return made[0]


def look(case: Any, token: str) -> answer_link.LinkedDispatch:
    with case.database.reading() as uow:
        return answer_link.look_through(uow, case.house, token, case.now)


def answer(case: Any, token: str, seen: str) -> None:
    case.database.run(lambda uow: answer_link.answer_through(uow, case.house, token, FIELDS, seen, case.now))


def test_it_shows_the_units_view_and_saves_a_draft(signed: Any) -> None:
    token = make(signed)
    found = look(signed, token)
    with signed.database.reading() as uow:
        own = unit_view(uow, signed.house, assignment(uow, 1), signed.actor(Role.CONTACT))
    assert asdict(found.view) == asdict(own)
    answer(signed, token, found.seen)
    assert look(signed, token).view.draft == tuple(asdict(FIELDS).values())
    assert signed.ticket().state == "in_progress", "the approver still signs off"
    with signed.database.reading() as uow:
        last = uow.session.exec(select(Event).where(Event.action == "draft_answer")).one()
    assert last.actor == f"link:{signed.actor(Role.CONTACT).id}" and last.role == "unit_contact"


def test_two_at_once_do_not_overwrite_each_other(signed: Any) -> None:
    token = make(signed)
    seen = look(signed, token).seen
    answer(signed, token, seen)
    with pytest.raises(ChangedMeanwhileError):
        answer(signed, token, seen)


def test_only_the_hash_is_kept_and_the_mark_is_the_links_own(signed: Any) -> None:
    token = make(signed)
    with signed.database.reading() as uow:
        assert token not in str(uow.session.exec(select(AnswerLink)).one())
    assert look(signed, token).seen != look(signed, make(signed)).seen, "it means nothing elsewhere"


def test_it_ends_after_its_last_day(signed: Any) -> None:
    token = make(signed)
    last = look(signed, token).until
    assert (last - signed.now.date()).days == answer_link.DAYS
    signed.now = signed.now.replace(hour=23, minute=59) + timedelta(days=answer_link.DAYS)
    look(signed, token)
    signed.now += timedelta(minutes=1)
    with pytest.raises(DeadLinkError):
        look(signed, token)


@pytest.mark.parametrize(
    "move", ["released", "sent back", "withdrawn", "revoked", "newer", "maker left", "maker moved"]
)
def test_it_ends_when_the_dispatch_moves_on(signed: Any, move: str) -> None:
    case, token = signed, make(signed)
    contact, approver = case.actor(Role.CONTACT), case.actor(Role.APPROVER)
    if move in ("released", "sent back"):
        case.answer()
    if move == "sent back":
        operator = case.actor(Role.OPERATOR)
        case.do(lambda uow, t: checking.send_back(uow, case.house, t, operator, [checking.CHECKLIST[0]], case.now))
        assert case.ticket().state == "in_progress", "back where it was, but the link stays dead"
    if move == "withdrawn":
        person = case.actor(Role.COMPLAINANT)
        case.do(lambda uow, t: withdrawal.withdraw(uow, case.house, t, person, case.now))
    if move == "revoked":
        case.do(lambda uow, t: answer_link.revoke_links(uow, t, approver, case.now))
    if move == "newer":
        look(case, make(case, Role.APPROVER))
    if move.startswith("maker"):
        changed = {"active": False} if move == "maker left" else {"unit_code": case.code("青岚市教育局")}
        case.database.run(lambda uow: uow.session.get_one(Staff, contact.staff_id).sqlmodel_update(changed))
    with pytest.raises(DeadLinkError):
        look(case, token)
    with pytest.raises(DeadLinkError):
        answer(case, token, "x" * 16)


def test_unknown_tokens(signed: Any) -> None:
    make(signed)
    for token in ("", "nonsense", "A" * 43):
        with pytest.raises(DeadLinkError):
            look(signed, token)


def test_only_the_unit_makes_one_and_only_while_it_can_answer(case: Any) -> None:
    case.file()
    case.assign()
    with pytest.raises(WrongStateError):
        make(case)
    case.sign()
    stranger = replace(case.actor(Role.CONTACT), unit_code="S016")
    with pytest.raises(NotAllowedError):
        case.do(lambda uow, t: answer_link.make_link(uow, t, stranger, case.now))
    with pytest.raises(NotAllowedError):
        case.do(lambda uow, t: answer_link.make_link(uow, t, case.actor(Role.LEAD), case.now))
