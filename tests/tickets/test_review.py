"""Review: more is asked once, refusal names a channel, no assignment without an approved paraphrase."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.models import Assignment
from texts.dates import ZONE
from tickets import review, supplement
from tickets.errors import MissingFieldError, NotAllowedError, OnlyOnceError, SamePersonError, TooLateError
from tickets.paraphrase import VerbatimError
from tickets.tick import tick
from tickets.workflow import Role


def test_more_is_asked_only_once(case: Any) -> None:
    case.file()
    operator = case.actor(Role.OPERATOR)
    case.do(lambda uow, t: review.ask_more(uow, case.house, t, operator, "哪一张表", case.now))
    assert case.ticket().state == "needs_info"
    later = case.now + timedelta(days=3)
    case.database.run(lambda uow: tick(uow, case.house, later))
    assert case.ticket().state == "received"
    with pytest.raises(OnlyOnceError):
        case.do(lambda uow, t: review.ask_more(uow, case.house, t, operator, "再问一句", later))


def test_a_refusal_needs_reason_and_channel(case: Any) -> None:
    case.file()
    operator = case.actor(Role.OPERATOR)
    with pytest.raises(MissingFieldError):
        case.do(lambda uow, t: review.decline(uow, case.house, t, operator, "不归本线", " ", case.now))
    assert case.ticket().state == "received"


def test_an_objection_goes_to_somebody_else_once(case: Any) -> None:
    case.file()
    first, second = case.actor(Role.OPERATOR), case.actor(Role.OPERATOR, 1)
    person = case.actor(Role.COMPLAINANT)
    case.do(lambda uow, t: review.decline(uow, case.house, t, first, "个人待遇", "人社", case.now))
    case.do(lambda uow, t: supplement.object_to_refusal(uow, case.house, t, person, case.now))
    with pytest.raises(SamePersonError):
        case.do(lambda uow, t: review.decline(uow, case.house, t, first, "个人待遇", "人社", case.now))
    case.do(lambda uow, t: review.decline(uow, case.house, t, second, "个人待遇", "人社", case.now))
    with pytest.raises(OnlyOnceError):
        case.do(lambda uow, t: supplement.object_to_refusal(uow, case.house, t, person, case.now))


def test_an_objection_comes_too_late_after_ten_working_days(case: Any) -> None:
    case.file()
    operator, person = case.actor(Role.OPERATOR), case.actor(Role.COMPLAINANT)
    case.do(lambda uow, t: review.decline(uow, case.house, t, operator, "个人待遇", "人社", case.now))
    last = datetime(2026, 12, 8, 17, 59, tzinfo=ZONE)
    with pytest.raises(TooLateError):
        late = last + timedelta(minutes=2)
        case.do(lambda uow, t: supplement.object_to_refusal(uow, case.house, t, person, late))
    case.do(lambda uow, t: supplement.object_to_refusal(uow, case.house, t, person, last))


def test_only_a_lead_approves(case: Any) -> None:
    case.file()
    operator, code = case.actor(Role.OPERATOR), case.code()
    with pytest.raises(NotAllowedError):
        case.do(lambda uow, t: review.approve(uow, case.house, t, operator, "有同志反映", code, "全市", case.now))


@pytest.mark.parametrize("paraphrase", ["民政要一遍残联要一遍妇联又要一遍，同一张留守儿童表", "有同志▇▇反映", "  "])
def test_the_persons_own_words_do_not_go_out(case: Any, paraphrase: str) -> None:
    case.file()
    lead, code = case.actor(Role.LEAD), case.code()
    with pytest.raises((VerbatimError, MissingFieldError)):
        case.do(lambda uow, t: review.approve(uow, case.house, t, lead, paraphrase, code, "全市", case.now))
    assert case.ticket().state == "received"


def test_in_batch_mode_release_waits_for_the_hour(case: Any) -> None:
    case.house = replace(case.house, release="batch")
    case.file()
    case.now += timedelta(minutes=5)
    case.assign()
    assert case.ticket().state == "received"
    case.database.run(lambda uow: tick(uow, case.house, case.now.replace(hour=15, minute=59)))
    assert case.ticket().state == "received"
    case.database.run(lambda uow: tick(uow, case.house, case.now.replace(hour=16, minute=0)))
    ticket = case.ticket()
    assert ticket.state == "assigned"
    assert ticket.result_due.astimezone(ZONE) == datetime(2026, 12, 1, 18, 0, tzinfo=ZONE)


def test_the_dispatch_number_has_nothing_of_the_receipt(case: Any) -> None:
    case.file()
    case.assign()
    with case.database.reading() as uow:
        number = uow.session.get_one(Assignment, 1).dispatch_number
    receipt = case.ticket().receipt
    assert not set(receipt.split("-")[1:]) & set(number.split("-")[1:])
