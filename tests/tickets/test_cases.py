"""Cases of the special desk: opened without the unit's knowledge, T1, escalated when nobody is there."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, delete, select

from storage.models import Duty, Event, Message, Outbox, Person, SpecialCase
from storage.people import remember
from tickets import cases, special, unit_work, views
from tickets.errors import ChangedMeanwhileError, MissingFieldError, UnknownTicketError, WrongStateError
from tickets.moving import Actor
from tickets.tick import tick
from tickets.workflow import Role

SAID = "书记昨天问是不是我说的"


def report(case: Any) -> None:
    person = case.actor(Role.COMPLAINANT)

    def work(uow: Any, ticket: Any) -> None:
        said = remember(uow, ticket.person, "web", f"m{case.now}", SAID, "text", case.now)
        cases.report(uow, case.house, ticket, person, said, case.now)

    case.do(work)


def do(case: Any, work: Any) -> None:
    case.database.run(lambda uow: work(uow, uow.session.get_one(SpecialCase, 1)))


def told(case: Any, recipient: str) -> list[str]:
    with case.database.reading() as uow:
        return list(uow.session.exec(select(Outbox.key).where(Outbox.recipient == recipient).order_by(col(Outbox.id))))


def test_the_unit_and_the_ticket_do_not_notice(case: Any) -> None:
    case.file()
    case.assign()
    unit, version = told(case, f"unit:{case.code()}"), case.ticket().version
    report(case)
    assert told(case, f"unit:{case.code()}") == unit and case.ticket().version == version
    contact = case.actor(Role.CONTACT)
    case.do(lambda uow, t: unit_work.sign(uow, case.house, t, contact, case.now))
    assert told(case, "role:special") == ["desk.case"] and told(case, "role:supervisor") == []


def test_the_same_fear_again_rings_again_but_stays_one_case(case: Any) -> None:
    case.file()
    report(case)
    case.now += timedelta(minutes=5)
    report(case)
    with case.database.reading() as uow:
        assert len(uow.session.exec(select(SpecialCase)).all()) == 1
        assert len(uow.session.exec(select(Message).where(col(Message.case_id).is_not(None))).all()) == 2
    assert told(case, "role:special") == ["desk.case", "desk.case"]


def test_t1_runs_through_the_night(case: Any) -> None:
    case.file()
    case.now = case.now.replace(hour=23)
    report(case)
    with case.database.reading() as uow:
        found = uow.session.get_one(SpecialCase, 1)
    assert (found.contact_due, found.result_due) == (case.now + timedelta(hours=2), case.now + timedelta(hours=24))


def test_nobody_on_duty_goes_up_at_once(case: Any) -> None:
    case.file()
    case.database.run(lambda uow: uow.session.exec(delete(Duty)))
    report(case)
    assert told(case, "role:supervisor") == ["desk.case_unmanned"]
    case.database.run(lambda uow: tick(uow, case.house, case.now + timedelta(hours=3)))
    assert told(case, "role:supervisor") == ["desk.case_unmanned"]


def test_no_word_within_two_hours_goes_up_once(case: Any) -> None:
    case.file()
    report(case)
    for minutes, count in ((119, 0), (120, 1), (240, 1)):
        case.database.run(lambda uow, m=minutes: tick(uow, case.house, case.now + timedelta(minutes=m)))
        assert told(case, "role:supervisor") == ["desk.case_late"] * count


def test_a_whole_case(case: Any) -> None:
    case.file()
    report(case)
    first, second = case.actor(Role.SPECIAL), case.actor(Role.SPECIAL, 1)
    with pytest.raises(WrongStateError):
        do(case, lambda uow, c: cases.write(uow, case.house, c, first, "请保存聊天记录", case.now))
    do(case, lambda uow, c: cases.take(uow, case.house, c, first, case.now))
    with pytest.raises(ChangedMeanwhileError):
        do(case, lambda uow, c: cases.take(uow, case.house, c, second, case.now))
    with pytest.raises(WrongStateError):
        do(case, lambda uow, c: cases.write(uow, case.house, c, second, "我来", case.now))
    with pytest.raises(MissingFieldError):
        do(case, lambda uow, c: cases.write(uow, case.house, c, first, " ", case.now))
    do(case, lambda uow, c: cases.write(uow, case.house, c, first, "请保存聊天记录", case.now))
    do(case, lambda uow, c: cases.close(uow, case.house, c, first, "已约谈单位负责人", case.now))
    assert told(case, case.ticket().person)[-3:] == ["special.taken", "special.said", "special.closed"]
    with pytest.raises(WrongStateError):
        do(case, lambda uow, c: cases.close(uow, case.house, c, first, "再办", case.now))
    with case.database.reading() as uow:
        assert cases.open_cases(uow, first) == []
        view = cases.read_case(uow, uow.session.get_one(SpecialCase, 1), first)
    assert [text for _, text in view.words] == [SAID] and view.outcome == "已约谈单位负责人"


def test_the_special_desk_is_recused_too(case: Any) -> None:
    case.file()
    report(case)
    own = Actor(Role.SPECIAL, case.actor(Role.SPECIAL).id, case.code())
    with case.database.reading() as uow:
        assert cases.open_cases(uow, own) == []
    with pytest.raises(UnknownTicketError):
        do(case, lambda uow, c: cases.take(uow, case.house, c, own, case.now))


def test_a_discreet_person_finds_only_news_on_the_lock_screen(case: Any) -> None:
    case.file()
    report(case)

    def discreet(uow: Any) -> None:
        person = uow.session.get_one(Person, case.ticket().person)
        person.discreet, person.channel = True, "telegram"

    case.database.run(discreet)
    desk = case.actor(Role.SPECIAL)
    do(case, lambda uow, c: cases.take(uow, case.house, c, desk, case.now))
    with case.database.reading() as uow:
        row = uow.session.exec(select(Outbox).where(Outbox.channel == "telegram")).one()
    assert row.key == "quiet.news" and row.not_before is None
    assert row.buttons[0][0]["payload"] == "case:1:show"


def test_events_of_the_special_desk_are_not_in_the_ordinary_history(case: Any) -> None:
    case.file()
    desk = case.actor(Role.SPECIAL)
    case.do(lambda uow, t: special.hand_over(uow, case.house, t, desk, "leak", case.now))
    case.do(lambda uow, t: setattr(t, "special", None))
    with case.database.reading() as uow:
        assert "hand_over" in uow.session.exec(select(Event.action)).all()
        ticket = uow.session.get_one(type(case.ticket()), 1)
        seen = {role: [e.action for e in views.staff_view(uow, case.house, ticket, case.actor(role)).history]
                for role in (Role.LEAD, Role.SPECIAL)}  # fmt: skip
    assert "hand_over" in seen[Role.SPECIAL] and "hand_over" not in seen[Role.LEAD]
