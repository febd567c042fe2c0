"""Who complained is told to nobody: refused, logged as `identity_probe`, raised to the special desk."""

from typing import Any

import pytest
from sqlmodel import select

from storage.models import Answer, Event, Outbox, SpecialCase
from tickets import unit_work
from tickets.errors import ProbeError
from tickets.probing import asks_who
from tickets.workflow import Role

ASKING = [
    "请问是谁反映的？",
    "请告知反映人姓名，以便核实",
    "哪个村反映的",
    "需核实反映人身份",
    "烦请提供诉求人联系方式",
]
ANSWERING = [
    "属实，三张表合并为一张", "已与各乡镇核实，情况属实", "谁要表谁先查系统，12月起停报纸质表", "请指明是哪张表",
    "反映的问题属实", "我局已责成业务科室核实整改",
]  # fmt: skip


@pytest.mark.parametrize("text", ASKING)
def test_questions_about_the_person(text: str) -> None:
    assert asks_who(text)


@pytest.mark.parametrize("text", ANSWERING)
def test_ordinary_answers(text: str) -> None:
    assert not asks_who(text)


@pytest.mark.parametrize("text", ASKING)
def test_a_question_of_the_unit_about_the_person_is_a_violation(case: Any, text: str) -> None:
    case.file()
    case.assign()
    version, contact = case.ticket().version, case.actor(Role.CONTACT)
    case.do(lambda uow, t: unit_work.ask(uow, case.house, t, contact, text, case.now))
    with case.database.reading() as uow:
        event = uow.session.exec(select(Event).where(Event.action == "identity_probe")).one()
        found = uow.session.exec(select(SpecialCase)).one()
        keys = list(uow.session.exec(select(Outbox.key).where(Outbox.recipient == "role:special")))
        all_rows = repr(uow.session.exec(select(Outbox.params)).all())
    assert event.actor == contact.id and found.data["who"] == "青岚市民政局" and found.person is None
    assert keys == ["desk.case", "desk.probe"] and text not in all_rows
    assert case.ticket().version == version


def test_another_question_reaches_the_operators(case: Any) -> None:
    case.file()
    case.assign()
    contact = case.actor(Role.CONTACT)
    case.do(lambda uow, t: unit_work.ask(uow, case.house, t, contact, "请问指哪一张表？", case.now))
    with case.database.reading() as uow:
        row = uow.session.exec(select(Outbox).where(Outbox.key == "desk.unit_asked")).one()
        assert (row.recipient, row.params["question"]) == ("role:operator", "请问指哪一张表？")
        assert uow.session.exec(select(SpecialCase)).all() == []


def test_such_a_question_is_never_stored_as_an_answer(case: Any) -> None:
    case.file()
    case.assign()
    case.sign()
    contact = case.actor(Role.CONTACT)
    fields = unit_work.Fields("属实", "请先告知反映人姓名", "12月1日前", "纪要")
    with pytest.raises(ProbeError):
        case.do(lambda uow, t: unit_work.draft_answer(uow, t, contact, fields, case.now))
    with case.database.reading() as uow:
        assert uow.session.exec(select(Answer)).all() == []


def test_the_assignment_warns(case: Any) -> None:
    case.file()
    case.assign()
    with case.database.reading() as uow:
        row = uow.session.exec(select(Outbox).where(Outbox.key == "unit.assigned")).one()
    assert "请勿打听反映人，追查即按违规处理" in case.house.texts.say(row.key, **row.params)
