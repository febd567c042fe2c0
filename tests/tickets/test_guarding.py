"""The uniqueness guard: nobody who could be guessed reaches a unit without a protection, and each protection keeps."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, delete, select

from storage.models import Assignment, ContactPoint, Outbox, Ticket, Township
from storage.outbox import parameters
from storage.people import find_or_make
from texts.dates import ZONE
from texts.render import render
from tickets import checking, guarding, rating, review, unit_work, withdrawal
from tickets.errors import OnlyOnceError, WrongStateError
from tickets.guarding import NotAFindingError, PersonDecidesError, UnguardedError, as_finding
from tickets.guards import Guard
from tickets.intake import file_ticket
from tickets.progress import due_of, next_words
from tickets.queue import unit_queue
from tickets.tick import tick
from tickets.workflow import Role

WORDS = "民政局让我们村把留守儿童表又报了三回，别的村没有"
PARAPHRASE = "有同志反映，同一份儿童信息要求多次报送，望合并。"
FINDING = "热线检查发现，同一份儿童信息要求多次报送，宜合并。"


def approve(case: Any, way: str | None, reach: str = "仅一家", paraphrase: str = PARAPHRASE, **more: Any) -> None:
    lead, code = case.actor(Role.LEAD), case.code()
    case.do(lambda uow, t: review.approve(uow, case.house, t, lead, paraphrase, code, reach, case.now, way=way, **more))


def run(case: Any, *moment: int) -> None:
    """The clock at a moment of 2026."""
    case.now = datetime(2026, *moment, tzinfo=ZONE)
    case.database.run(lambda uow: tick(uow, case.house, case.now))


def told(case: Any, recipient: str) -> list[str]:
    """What a recipient was told, oldest first; `unit:` and `p` stand for all units and all persons."""
    with case.database.reading() as uow:
        rows = uow.session.exec(select(Outbox).order_by(col(Outbox.id)))
        return [
            render(case.house.texts, row.key, parameters(uow, row), row.buttons).text
            for row in rows if row.recipient.startswith(recipient)
        ]  # fmt: skip


def another_person(case: Any, address: str, words: str = WORDS) -> None:
    def work(uow: Any) -> None:
        heard = case.house.ears.parse(words, case.now)
        ticket = file_ticket(
            uow, case.house, find_or_make(uow, "web", address, case.now), words, heard, case.now
        ).ticket
        ticket.unit_code = case.code()

    case.database.run(work)


@pytest.fixture
def filed(case: Any) -> Iterator[Any]:
    """One ticket, Tuesday 10:00, in batch mode."""
    case.house = replace(case.house, release="batch")
    case.file(WORDS)
    yield case


@pytest.mark.parametrize(("reach", "few"), [("全市", False), ("县区", False), ("同类乡镇", False), ("仅一家", True),
                                            ("不清楚", True), ("", False)])  # fmt: skip
def test_which_reach_is_few(case: Any, reach: str, few: bool) -> None:
    assert case.database.run(lambda uow: guarding.guessable(uow, reach, case.code())) is few


def test_a_county_of_four_townships_is_few(case: Any) -> None:
    case.database.run(lambda uow: uow.session.exec(delete(ContactPoint)))
    case.database.run(lambda uow: uow.session.exec(delete(Township).where(col(Township.code) >= "QL0305")))
    assert case.database.run(lambda uow: guarding.guessable(uow, "县区", case.code())), "the smallest county counts"
    assert not case.database.run(lambda uow: guarding.guessable(uow, "全市", case.code()))


@pytest.mark.parametrize("reach", ["仅一家", "不清楚"])
@pytest.mark.parametrize("way", [None, "", "nonsense"])
def test_nothing_leaves_without_a_choice(filed: Any, reach: str, way: str | None) -> None:
    with pytest.raises(UnguardedError):
        approve(filed, way, reach)
    ticket = filed.ticket()
    assert (ticket.state, ticket.release_at, ticket.paraphrase) == ("received", None, None), "a refusal changes nothing"
    lead = filed.actor(Role.LEAD)

    def by_the_back_door(uow: Any, ticket: Ticket) -> None:
        ticket.paraphrase, ticket.unit_code, ticket.reach = PARAPHRASE, filed.code(), reach
        review.release(uow, filed.house, ticket, lead, filed.now)

    with pytest.raises(UnguardedError):
        filed.do(by_the_back_door)
    assert told(filed, "unit:") == []


@pytest.mark.parametrize("guard", [Guard.POOL, Guard.ASKED, Guard.PAUSED, None])
def test_the_clock_releases_nothing_unfinished(filed: Any, guard: Guard | None) -> None:
    def planted(uow: Any, ticket: Ticket) -> None:
        ticket.paraphrase, ticket.unit_code, ticket.reach, ticket.guard = PARAPHRASE, filed.code(), "仅一家", guard
        ticket.release_at = filed.now

    filed.do(planted)
    with pytest.raises(UnguardedError):
        run(filed, 11, 24, 16, 0)
    assert filed.ticket().state == "received"


def test_pooled_alone_the_person_hears_it_before_the_unit(filed: Any) -> None:
    approve(filed, "pool")
    assert "最晚12月1日 周二交办" in told(filed, "p")[-1]
    run(filed, 11, 30, 17, 59)
    assert filed.ticket().guard == Guard.POOL and filed.ticket().state == "received"
    run(filed, 11, 30, 18, 0)
    assert "没有等到别的同志" in told(filed, "p")[-1] and "12月1日 周二 10:00交办" in told(filed, "p")[-1]
    run(filed, 12, 1, 9, 59)
    assert told(filed, "unit:") == []
    run(filed, 12, 1, 10, 0)  # the fifth working day after the choice
    assert filed.ticket().state == "assigned" and len(told(filed, "unit:")) == 1


def test_pooled_with_others_it_leaves_at_the_next_batch_hour(filed: Any) -> None:
    approve(filed, "pool")
    filed.now += timedelta(days=1)
    another_person(filed, "phone-2")
    run(filed, 11, 25, 10, 30)
    assert filed.ticket().guard == Guard.POOL, "one other is not enough"
    another_person(filed, "phone-3")
    run(filed, 11, 25, 10, 40)
    assert filed.ticket().state == "received" and told(filed, "unit:") == []
    run(filed, 11, 25, 16, 0)
    assert filed.ticket().state == "assigned"
    assert not [each for each in told(filed, "p") if "没有等到" in each]


def test_the_same_person_and_other_matters_do_not_count(filed: Any) -> None:
    approve(filed, "pool")
    filed.file(WORDS)
    for number in range(3):
        another_person(filed, f"phone-{number + 2}", "应急局一个月来查了五次消防台账，每次都要书记陪着")
    run(filed, 11, 25, 9, 0)
    assert filed.ticket().guard == Guard.POOL


def test_choosing_again_does_not_wait_longer(filed: Any) -> None:
    approve(filed, "pool")
    until = filed.ticket().guard_until
    filed.now += timedelta(days=2)
    approve(filed, "pool")
    assert filed.ticket().guard_until == until


def test_a_finding_never_speaks_of_a_person(filed: Any) -> None:
    with pytest.raises(NotAFindingError):
        approve(filed, "inspection")
    approve(filed, "inspection", paraphrase=FINDING)
    run(filed, 11, 24, 16, 0)
    contact, approver, operator = filed.actor(Role.CONTACT), filed.actor(Role.APPROVER), filed.actor(Role.OPERATOR)
    person = filed.actor(Role.COMPLAINANT)
    fields = unit_work.Fields("属实", "合用一张表", "12月1日前", "会商纪要")
    for which in range(2):
        if which == 0:
            filed.do(lambda uow, t: unit_work.sign(uow, filed.house, t, contact, filed.now))
        filed.do(lambda uow, t: unit_work.draft_answer(uow, t, contact, fields, filed.now))
        filed.do(lambda uow, t: unit_work.release_answer(uow, filed.house, t, approver, filed.now))
        checker = operator if which == 0 else filed.actor(Role.OPERATOR, 1)
        filed.do(lambda uow, t, c=checker: checking.pass_answer(uow, filed.house, t, c, "合用一张表", filed.now))
        filed.do(lambda uow, t: rating.rate(uow, filed.house, t, person, "unsolved", filed.now))
    with filed.database.reading() as uow:
        (view,) = unit_queue(uow, filed.house, contact)
    filed.do(lambda uow, t: withdrawal.withdraw(uow, filed.house, t, person, filed.now))
    seen = "\n".join([*told(filed, "unit:"), str(view)])
    assert view.finding and "热线检查发现" in seen and "重办" in seen and "撤回" in seen
    assert not re.search("反映|同志|举报|投诉|打听", seen), seen
    assert any("没有提到有人反映" in each for each in told(filed, "p"))


@pytest.mark.parametrize(
    "draft", [PARAPHRASE, "近期有基层同志反映：同一份信息多次报送。", "据反映，同一份信息多次报送。"]
)
def test_the_finding_is_worded_for_the_lead(house: Any, draft: str) -> None:
    worded = as_finding(house, draft)
    assert worded.startswith("热线检查发现，") and not guarding.SPEAKS_OF_PERSON.search(worded)
    assert as_finding(house, worded) == worded


def test_asking_the_person_is_no_asking_for_more(filed: Any) -> None:
    approve(filed, "ask")
    ticket = filed.ticket()
    assert (ticket.state, ticket.asked_more, ticket.release_at) == ("received", False, None)
    assert "仍要继续吗" in told(filed, "p")[-1]
    assert due_of(ticket).astimezone(ZONE) == datetime(2026, 11, 26, 18, 0, tzinfo=ZONE), "two working days, no more"
    operator = filed.actor(Role.OPERATOR)
    filed.do(lambda uow, t: review.ask_more(uow, filed.house, t, operator, "哪一张表", filed.now))
    assert filed.ticket().state == "needs_info", "the one question of the staff is still there"


def test_no_answer_is_no_yes(filed: Any) -> None:
    approve(filed, "ask")
    run(filed, 11, 26, 18, 0)
    ticket = filed.ticket()
    assert ticket.guard is None and ticket.state == "received"
    assert ticket.review_due.astimezone(ZONE) == datetime(2026, 11, 27, 10, 0, tzinfo=ZONE), (
        "the review clock runs again"
    )
    assert "没有选" in told(filed, "role:lead")[-1] and told(filed, "unit:") == []
    with pytest.raises(OnlyOnceError):
        approve(filed, "ask")
    approve(filed, "inspection", paraphrase=FINDING)
    assert filed.ticket().release_at is not None


def test_the_person_goes_on(filed: Any) -> None:
    approve(filed, "ask")
    person = filed.actor(Role.COMPLAINANT)
    with pytest.raises(PersonDecidesError):
        approve(filed, "inspection", paraphrase=FINDING)
    filed.now += timedelta(minutes=7)
    filed.do(lambda uow, t: guarding.go_on(uow, filed.house, t, person, filed.now))
    run(filed, 11, 24, 15, 59)
    assert filed.ticket().state == "received", "the answer does not show in the hour of release"
    run(filed, 11, 24, 16, 0)
    assert filed.ticket().state == "assigned"
    with pytest.raises(WrongStateError):
        filed.do(lambda uow, t: guarding.pause(uow, t, person, filed.now))


def test_the_person_puts_it_off_and_is_asked_once_more_when_others_come(filed: Any) -> None:
    approve(filed, "ask")
    person = filed.actor(Role.COMPLAINANT)
    filed.do(lambda uow, t: guarding.pause(uow, t, person, filed.now))
    assert due_of(filed.ticket()) is None and "先放着" in next_words(filed.house, filed.ticket())
    run(filed, 12, 7, 16, 0)
    with pytest.raises(PersonDecidesError):
        approve(filed, "pool")
    assert filed.ticket().state == "received" and told(filed, "unit:") == []
    another_person(filed, "phone-2")
    another_person(filed, "phone-3")
    run(filed, 12, 8, 9, 0)
    run(filed, 12, 8, 9, 1)
    assert len([each for each in told(filed, "p") if "也有别的同志反映" in each]) == 1
    filed.do(lambda uow, t: guarding.go_on(uow, filed.house, t, person, filed.now))
    run(filed, 12, 8, 10, 0)
    assert filed.ticket().state == "assigned"


def test_a_pooled_ticket_can_be_stopped_before_it_leaves(filed: Any) -> None:
    approve(filed, "pool")
    run(filed, 11, 30, 18, 0)
    person = filed.actor(Role.COMPLAINANT)
    filed.do(lambda uow, t: guarding.pause(uow, t, person, filed.now))
    run(filed, 12, 1, 10, 0)
    assert filed.ticket().state == "received" and told(filed, "unit:") == []


def test_a_wider_reach_needs_no_guard_any_more(filed: Any) -> None:
    approve(filed, "pool")
    approve(filed, None, "全市")
    ticket = filed.ticket()
    assert ticket.guard is None and ticket.guard_until is None and ticket.release_at is not None


@pytest.mark.parametrize(("life", "state"), [(False, "received"), (True, "assigned")])
def test_urgent_waits_for_the_hour_unless_life_is_at_stake(filed: Any, life: bool, state: str) -> None:
    approve(filed, None, "全市", t_class="T1", life=life)
    assert filed.ticket().state == state


def test_batches_tell_a_unit_neither_hour_nor_minute(case: Any) -> None:
    """Two weeks of complaints and approvals at odd minutes: every release on the hour, every text by the day."""
    case.house = replace(case.house, release="batch")
    draw = case.house.draw
    for number in range(30):
        case.now = datetime(2026, 11, 16, 8, 0, tzinfo=ZONE) + timedelta(minutes=draw.randrange(14 * 24 * 60))
        another_person(case, f"phone-{number}")
        case.now += timedelta(minutes=draw.randrange(1, 90))
        lead, code = case.actor(Role.LEAD), case.code()
        case.do(lambda uow, t, lead=lead, code=code: review.approve(
            uow, case.house, t, lead, PARAPHRASE, code, "全市", case.now, draw.choice(["T1", "T2", "T3"])),
            number + 1)  # fmt: skip
    for minute in range(0, 16 * 24 * 60, 30):
        at = datetime(2026, 11, 16, 8, 0, tzinfo=ZONE) + timedelta(minutes=minute)
        case.database.run(lambda uow, at=at: tick(uow, case.house, at))
    with case.database.reading() as uow:
        moments = [each.assigned_at.astimezone(ZONE) for each in uow.session.exec(select(Assignment))]
        views = unit_queue(uow, case.house, case.actor(Role.CONTACT))
    assert len(moments) == 30 and {(each.hour, each.minute) for each in moments} <= {(10, 0), (16, 0)}
    assert all(case.house.clock.calendar.is_workday(each.date()) for each in moments)
    seen = [*told(case, "unit:"), *(str(view) for view in views)]
    assert len(seen) == 60 and not [each for each in seen if re.search(r"\d:\d\d|datetime.datetime|点\d", each)]
