"""The unit signs, answers, never closes; only its own tickets."""

from typing import Any

import pytest

from tickets import checking, unit_work
from tickets.errors import MissingFieldError, NotAllowedError, SamePersonError, WrongStateError
from tickets.workflow import Role


def test_the_first_to_sign_stays_first_handler(case: Any) -> None:
    case.file()
    case.assign()
    case.sign()
    assert case.ticket().first_handler == case.code()
    case.answer()
    operator = case.actor(Role.OPERATOR)
    case.do(lambda uow, t: checking.send_back(uow, case.house, t, operator, ["有依据"], case.now))
    assert (case.ticket().state, case.ticket().first_handler) == ("in_progress", case.code())


def test_another_unit_is_refused(case: Any) -> None:
    case.file()
    case.assign()
    stranger = case.actor(Role.CONTACT, unit="青岚市应急管理局")
    with pytest.raises(NotAllowedError):
        case.do(lambda uow, t: unit_work.sign(uow, case.house, t, stranger, case.now))


def test_the_contact_does_not_release(case: Any) -> None:
    case.file()
    case.assign()
    case.sign()
    contact = case.actor(Role.CONTACT)
    fields = unit_work.Fields("属实", "合用", "12月1日前", "纪要")
    case.do(lambda uow, t: unit_work.draft_answer(uow, t, contact, fields, case.now))
    with pytest.raises(NotAllowedError):
        case.do(lambda uow, t: unit_work.release_answer(uow, case.house, t, contact, case.now))


@pytest.mark.parametrize("empty", ["true_as_told", "measure", "done_by", "basis"])
def test_every_field_is_needed(case: Any, empty: str) -> None:
    case.file()
    case.assign()
    case.sign()
    values = {"true_as_told": "属实", "measure": "合用", "done_by": "12月1日前", "basis": "纪要", empty: " "}
    contact, approver = case.actor(Role.CONTACT), case.actor(Role.APPROVER)
    case.do(lambda uow, t: unit_work.draft_answer(uow, t, contact, unit_work.Fields(**values), case.now))
    with pytest.raises(MissingFieldError):
        case.do(lambda uow, t: unit_work.release_answer(uow, case.house, t, approver, case.now))


def test_nothing_is_drafted_before_signing(case: Any) -> None:
    case.file()
    case.assign()
    contact = case.actor(Role.CONTACT)
    with pytest.raises(WrongStateError):
        fields = unit_work.Fields("属实", "合用", "12月1日前", "纪要")
        case.do(lambda uow, t: unit_work.draft_answer(uow, t, contact, fields, case.now))


def test_who_took_the_call_does_not_check_the_answer(case: Any) -> None:
    operator, other = case.actor(Role.OPERATOR), case.actor(Role.OPERATOR, 1)
    case.file(intake_by=operator)
    case.assign()
    case.sign()
    case.answer()
    with pytest.raises(SamePersonError):
        case.do(lambda uow, t: checking.pass_answer(uow, case.house, t, operator, "已合用", case.now))
    case.do(lambda uow, t: checking.pass_answer(uow, case.house, t, other, "已合用", case.now))
    assert case.ticket().state == "rating"
