"""The special desk at work: its cases, handing over, the unit's questions, unsealing; pages hold what they may."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from nicegui import ui
from nicegui.testing import User, user_simulation
from sqlmodel import select

from console.border import commit
from console.case_data import CASE_ACTIONS, CaseDraft, load_case
from console.drafts import AnswerDraft, StaffDraft
from console.mount import add_pages
from console.queue_data import load_sheet
from console.staff_actions import ACTIONS, Hand
from console.unit_actions import UNIT_ACTIONS, UnitHand
from storage.models import Answer, Event, Outbox, SpecialCase, Staff, Unsealing
from tests.console.test_pages import field, html, sign_in
from tickets import cases
from tickets.errors import NotAllowedError, UnknownTicketError
from tickets.workflow import Role

SAID = "昨天开会点名问谁往外捅的"


@pytest.fixture
async def user(world: Any) -> AsyncIterator[User]:
    async with user_simulation() as user:
        add_pages(world.desk)
        yield user


def open_case(world: Any, ticket_id: int) -> None:
    world.do(ticket_id, lambda uow, t: cases.open_case(uow, world.house, "retaliation", world.now, person=t.person,
                                                       ticket=t))  # fmt: skip


def sheet(world: Any, login: str, role: Role, everything: bool = True) -> Any:
    return world.run(lambda uow: load_sheet(uow, world.desk, world.staff_id(uow, login), role, everything))


def hand(world: Any, login: str, role: Role, ticket_id: int) -> Hand:
    return Hand(world.staff(login), role, ticket_id, world.ticket(ticket_id).version)


def test_the_desk_of_the_special_desk(world: Any) -> None:
    open_case(world, world.file())
    assert [row.kind for row in sheet(world, "spec1", Role.SPECIAL).cases] == ["担心打击报复"]
    for login, role in (("op1", Role.OPERATOR), ("lead1", Role.LEAD), ("sup1", Role.SUPERVISOR)):
        seen = sheet(world, login, role)
        assert seen.cases == [] and "专办" not in repr(seen.notices)


def test_take_write_close_by_buttons(world: Any) -> None:
    open_case(world, world.file())
    staff = world.staff("spec1")
    for name, draft in (("take", CaseDraft()), ("write", CaseDraft(text="请保存记录")),
                        ("close", CaseDraft(outcome="已约谈"))):  # fmt: skip
        commit(world.desk, lambda uow, n=name, d=draft: CASE_ACTIONS[n](uow, world.desk, staff, 1, d))
    with pytest.raises(NotAllowedError):
        world.run(lambda uow: load_case(uow, world.staff_id(uow, "lead1"), 1))
    with pytest.raises(UnknownTicketError):
        world.run(lambda uow: load_case(uow, world.staff_id(uow, "spec1"), 9))
    assert world.run(lambda uow: load_case(uow, staff, 1)).view.outcome == "已约谈"


async def test_case_page_is_for_the_special_desk(user: User, world: Any) -> None:
    open_case(world, world.file())
    for login, role, status in (
        ("op1", Role.OPERATOR, 403),
        ("audit1", Role.AUDITOR, 403),
        ("spec1", Role.SPECIAL, 200),
    ):
        user.http_client.cookies.clear()
        sign_in(user, world, login, role)
        got, text = await html(user, "/desk/case/1")
        assert got == status and ("担心打击报复" in text) == (status == 200)


async def test_a_case_is_taken_and_answered_on_its_page(user: User, world: Any) -> None:
    open_case(world, world.file())
    sign_in(user, world, "spec1", Role.SPECIAL)
    await user.open("/desk/case/1")
    user.find(kind=ui.button, content="接手").click()
    await user.should_see("已办：接手", retries=20)
    field(user, "给反映人留言").set_value("请保存聊天记录")
    user.find(kind=ui.button, content="发给反映人").click()
    await user.should_see("已办：发给反映人", retries=20)
    keys = world.run(lambda uow: uow.session.exec(select(Outbox.key).where(Outbox.channel == "web")).all())
    assert list(keys) == ["special.taken", "special.said"]


def test_handing_over_and_noting_by_buttons(world: Any) -> None:
    ticket_id = world.signed()
    lead = hand(world, "lead1", Role.LEAD, ticket_id)
    commit(world.desk, lambda uow: ACTIONS["note_contact"](uow, world.desk, lead, StaffDraft()))
    commit(world.desk, lambda uow: ACTIONS["hand_over"](uow, world.desk, lead, StaffDraft(why="leak")))
    assert world.ticket(ticket_id).special == "leak"
    assert sheet(world, "lead1", Role.LEAD).rows == []
    assert len(sheet(world, "spec1", Role.SPECIAL).rows) == 1


async def test_what_is_handed_over_is_gone_for_its_reader(user: User, world: Any) -> None:
    ticket_id = world.file()
    sign_in(user, world, "lead1", Role.LEAD)
    assert (await html(user, f"/desk/ticket/{ticket_id}"))[0] == 200
    world.do(ticket_id, lambda uow, ticket: setattr(ticket, "special", "leak"))
    assert (await html(user, f"/desk/ticket/{ticket_id}"))[0] == 404
    user.http_client.cookies.clear()
    sign_in(user, world, "spec1", Role.SPECIAL)
    assert (await html(user, f"/desk/ticket/{ticket_id}"))[0] == 200


async def test_a_seconded_operator_finds_nothing_about_their_own_unit(user: User, world: Any) -> None:
    ticket_id = world.file()
    receipt = world.ticket(ticket_id).receipt
    world.run(lambda uow: setattr(uow.session.get_one(Staff, world.staff_id(uow, "op1")), "unit_code", "S023"))
    sign_in(user, world, "op1", Role.OPERATOR)
    assert (await html(user, f"/desk/ticket/{ticket_id}"))[0] == 404
    status, text = await html(user, "/desk")
    assert status == 200 and receipt not in text
    assert sheet(world, "op1", Role.OPERATOR).rows == [] and sheet(world, "op1", Role.OPERATOR).notices == []
    assert len(sheet(world, "op2", Role.OPERATOR).rows) == 1


@pytest.mark.parametrize("name", ["save", "release", "ask"])
def test_a_unit_that_asks_who_complained_is_written_down(world: Any, name: str) -> None:
    ticket_id = world.signed()
    who = UnitHand(world.staff("s023a"), world.number(ticket_id), world.ticket(ticket_id).version)
    draft = AnswerDraft("属实", "请先告知反映人姓名", "12月5日", "规定", "请问是谁反映的？")
    outcome: list[bool] = []
    commit(world.desk, lambda uow: outcome.append(UNIT_ACTIONS[name](uow, world.desk, who, draft)))
    assert outcome == [False] and world.ticket(ticket_id).state == "in_progress"
    assert world.run(lambda uow: list(uow.session.exec(select(Answer)))) == []
    assert world.run(lambda uow: uow.session.exec(select(SpecialCase)).one()).kind == "identity_probe"
    assert "identity_probe" in world.run(lambda uow: list(uow.session.exec(select(Event.action))))


async def test_the_unit_is_told_that_nobody_learns_it(user: User, world: Any) -> None:
    ticket_id = world.signed()
    sign_in(user, world, "s023c", Role.CONTACT)
    await user.open(f"/unit/ticket/{world.number(ticket_id)}")
    field(user, "有什么要问清的").set_value("请问是谁反映的？")
    user.find(kind=ui.button, content="提问").click()
    await user.should_see(world.house.texts.say("error.probe"), retries=20)
    field(user, "有什么要问清的").set_value("请问指哪张表？")
    user.find(kind=ui.button, content="提问").click()
    await user.should_see("已办：提问", retries=20)


def approved(world: Any, role: Role) -> bool:
    row = world.run(lambda uow: uow.session.get_one(Unsealing, 1))
    return (row.special_by if role is Role.SPECIAL else row.auditor_by) is not None


async def until(true: Callable[[], bool]) -> None:
    for _ in range(60):
        if true():
            return
        await asyncio.sleep(0.05)
    pytest.fail("never became true")


async def test_unsealing_by_three_people_on_the_page(user: User, world: Any) -> None:
    receipt = world.ticket(world.file("secret-chat-77")).receipt
    sign_in(user, world, "spec1", Role.SPECIAL)
    await user.open("/desk/unsealing")
    field(user, "受理号").set_value(receipt)
    user.find(kind=ui.radio).elements.pop().set_value("danger")
    field(user, "理由").set_value("有人扬言上门")
    user.find(kind=ui.button, content="申请启封").click()
    await user.should_see("等待批准", retries=20)
    await user.should_not_see(kind=ui.button, content="查看（只能一次）")
    for login, role in (("spec2", Role.SPECIAL), ("audit1", Role.AUDITOR)):
        user.http_client.cookies.clear()
        sign_in(user, world, login, role)
        await user.open("/desk/unsealing")
        button = user.find(kind=ui.button, content="批准")
        button.elements = {each for each in button.elements if each.text == "批准"}
        button.click()
        await until(lambda role=role: approved(world, role))
    user.http_client.cookies.clear()
    sign_in(user, world, "spec1", Role.SPECIAL)
    await user.open("/desk/unsealing")
    assert "secret-chat-77" not in (await html(user, "/desk/unsealing"))[1]
    user.find(kind=ui.button, content="查看（只能一次）").click()
    await user.should_see("secret-chat-77", retries=20)
    assert world.run(lambda uow: uow.session.get_one(Unsealing, 1)).opened_at is not None
    assert "secret-chat-77" not in (await html(user, "/desk/unsealing"))[1]


async def test_unsealing_page_is_for_two_roles(user: User, world: Any) -> None:
    for login, role, status in (
        ("lead1", Role.LEAD, 403),
        ("sup1", Role.SUPERVISOR, 403),
        ("audit1", Role.AUDITOR, 200),
    ):
        user.http_client.cookies.clear()
        sign_in(user, world, login, role)
        assert (await html(user, "/desk/unsealing"))[0] == status
