"""The pages as a browser gets them: who sees what, and what no unit page may hold."""

import re
from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from nicegui import ui
from nicegui.testing import User, user_simulation
from nicegui.testing.general import nicegui_reset_globals

from console.mount import add_pages, mount
from console.queue_data import fingerprint, load_sheet, read_talk, take_request
from console.sign_in import make_link
from storage.models import HumanRequest, Staff
from tickets import human
from tickets.errors import ChangedMeanwhileError, NotAllowedError
from tickets.workflow import Role


@pytest.fixture
async def user(world: Any) -> AsyncIterator[User]:
    async with user_simulation() as user:
        add_pages(world.desk)
        yield user


def sign_in(user: User, world: Any, login: str, role: Role) -> None:
    user.http_client.cookies.set(*world.cookie(login, role))


async def html(user: User, path: str) -> tuple[int, str]:
    answer = await user.http_client.get(path)
    return answer.status_code, answer.text


async def test_pages_need_a_session(user: User, world: Any) -> None:
    world.assigned()
    for path in ("/desk", "/desk/ticket/1", "/unit", f"/unit/ticket/{world.number(1)}"):
        status, text = await html(user, path)
        assert status == 401 and world.house.texts.say("page.sign_in") in text


async def test_unit_people_do_not_get_desk_pages_nor_the_other_way_round(user: User, world: Any) -> None:
    world.assigned()
    sign_in(user, world, "s023c", Role.CONTACT)
    assert (await html(user, "/desk"))[0] == 401
    user.http_client.cookies.clear()
    sign_in(user, world, "lead1", Role.LEAD)
    assert (await html(user, "/unit"))[0] == 401
    assert (await html(user, f"/unit/ticket/{world.number(1)}"))[0] == 401


async def test_somebody_who_left_is_out(user: User, world: Any) -> None:
    sign_in(user, world, "lead1", Role.LEAD)
    assert (await html(user, "/desk"))[0] == 200
    world.run(lambda uow: setattr(uow.session.get_one(Staff, world.staff_id(uow, "lead1")), "active", False))
    assert (await html(user, "/desk"))[0] == 401


@pytest.mark.parametrize("step", ["assigned", "signed", "answered", "rating"])
async def test_unit_pages_hold_nothing_that_leads_back(user: User, world: Any, planted: Any, step: str) -> None:
    ticket_id = getattr(world, step)()
    ticket = world.ticket(ticket_id)
    sign_in(user, world, "s023c", Role.CONTACT)
    for path in ("/unit", f"/unit/ticket/{world.number(ticket_id)}"):
        status, text = await html(user, path)
        assert status == 200 and planted.paraphrase in text
        body = text[text.index("<body") :]
        for secret in (ticket.receipt, ticket.receipt[3:7], planted.words, "槐树坳", "重报", "第三回", ticket.person):
            assert secret not in text
        assert not re.findall(r"\b0?9:47\b|09:47|01:47", body)
        assert "/desk" not in body and "tired" not in text


async def test_a_unit_sees_only_its_own(user: User, world: Any, planted: Any) -> None:
    world.assigned()
    sign_in(user, world, "s016u", Role.CONTACT)
    status, text = await html(user, f"/unit/ticket/{world.number(1)}")
    unknown = await html(user, "/unit/ticket/PD-AAA-AAAA")
    assert status == 404 and (status, text) == unknown
    assert planted.paraphrase not in (await html(user, "/unit"))[1]


async def test_staff_read_words_and_supervisors_do_not(user: User, world: Any, planted: Any) -> None:
    ticket_id = world.file()
    sign_in(user, world, "op1", Role.OPERATOR)
    _, text = await html(user, f"/desk/ticket/{ticket_id}")
    assert "槐树坳" in text and "<mark>第三回" in unescape(text)
    user.http_client.cookies.clear()
    sign_in(user, world, "sup1", Role.SUPERVISOR)
    status, text = await html(user, f"/desk/ticket/{ticket_id}")
    assert status == 200 and "槐树坳" not in text and "第三回" not in text


async def test_words_cannot_become_markup(user: User, world: Any) -> None:
    ticket_id = world.file(words='<img src=x onerror="alert(1)">民政局要表</script>')
    sign_in(user, world, "op1", Role.OPERATOR)
    _, text = await html(user, f"/desk/ticket/{ticket_id}")
    assert "<img" not in text and 'onerror="' not in text


async def test_unknown_ticket(user: User, world: Any) -> None:
    sign_in(user, world, "op1", Role.OPERATOR)
    assert (await html(user, "/desk/ticket/999"))[0] == 404


async def test_a_click_commits_and_wakes_the_sender(user: User, world: Any) -> None:
    ticket_id = world.signed()
    sign_in(user, world, "s023a", Role.APPROVER)
    await user.open(f"/unit/ticket/{world.number(ticket_id)}")
    user.find(kind=ui.radio).elements.pop().set_value("属实")
    field(user, "怎么改").set_value("停报")
    field(user, "何时改完").set_value("12月5日前")
    user.find(kind=ui.button, content="签发").click()
    await user.should_see(world.house.texts.say("error.missing", field="依据"), retries=20)
    assert world.ticket(ticket_id).state == "in_progress" and world.nudged == []
    field(user, "依据").set_value("规定")
    user.find(kind=ui.button, content="签发").click()
    await user.should_see("已办：签发", retries=20)
    assert world.ticket(ticket_id).state == "answered" and len(world.nudged) == 1


def field(user: User, label: str) -> Any:
    elements = user.find(kind=ui.element).elements
    return next(each for each in elements if str(each.props.get("aria-label", "")).startswith(label))


async def test_a_desk_click_and_a_late_one(user: User, world: Any) -> None:
    ticket_id = world.file()
    sign_in(user, world, "op1", Role.OPERATOR)
    await user.open(f"/desk/ticket/{ticket_id}")
    field(user, "转述稿").set_value("我写的转述稿")
    world.do(ticket_id, lambda uow, ticket: setattr(ticket, "version", ticket.version + 1))
    user.find(kind=ui.button, content="保存草稿").click()
    await user.should_see(world.house.texts.say("error.changed"), retries=20)
    assert world.ticket(ticket_id).paraphrase is None
    user.find(kind=ui.button, content="看最新的").click()
    await user.should_not_see(world.house.texts.say("page.ticket.changed"), retries=20)
    assert field(user, "转述稿").value == "我写的转述稿"
    user.find(kind=ui.button, content="保存草稿").click()
    await user.should_see("已办：保存草稿", retries=20)
    assert world.ticket(ticket_id).paraphrase == "我写的转述稿"


@pytest.mark.parametrize(("login", "role"), [("op1", Role.OPERATOR), ("lead1", Role.LEAD), ("sup1", Role.SUPERVISOR)])
async def test_queue_page_of_each_role(user: User, world: Any, login: str, role: Role) -> None:
    receipt = world.ticket(world.file()).receipt
    sign_in(user, world, login, role)
    status, text = await html(user, "/desk")
    assert status == 200 and (receipt in text) == (role is not Role.SUPERVISOR)


def test_operators_read_of_an_answer_under_the_receipt(world: Any) -> None:
    ticket_id = world.answered()
    notices = world.run(
        lambda uow: load_sheet(uow, world.desk, world.staff_id(uow, "op1"), Role.OPERATOR, False).notices
    )
    told = " ".join(notice.text for notice in notices)
    assert world.ticket(ticket_id).receipt in told and world.number(ticket_id) not in told


def test_fingerprint_moves_only_with_changes(world: Any) -> None:
    before = world.run(fingerprint)
    assert world.run(fingerprint) == before
    world.file()
    assert world.run(fingerprint) != before


def test_one_of_two_takes_a_waiting_person(world: Any) -> None:
    ticket_id = world.file()
    world.do(ticket_id, lambda uow, t: human.request(uow, world.house, t.person, "asked", world.now, t))
    request = world.run(lambda uow: uow.session.get_one(HumanRequest, 1).id)
    op1, op2 = world.staff("op1"), world.staff("op2")
    with pytest.raises(NotAllowedError):
        world.run(lambda uow: read_talk(uow, op1, Role.OPERATOR, request))
    world.run(lambda uow: take_request(uow, world.desk, op1, Role.OPERATOR, request))
    with pytest.raises(ChangedMeanwhileError):
        world.run(lambda uow: take_request(uow, world.desk, op2, Role.OPERATOR, request))
    assert len(world.run(lambda uow: read_talk(uow, op1, Role.OPERATOR, request))) == 1
    with pytest.raises(NotAllowedError):
        world.run(lambda uow: read_talk(uow, op2, Role.OPERATOR, request))


@pytest.fixture
async def mounted(world: Any) -> AsyncIterator[httpx.AsyncClient]:
    with nicegui_reset_globals():
        app = FastAPI()
        mount(app, world.desk)

        @app.get("/")
        def chat() -> dict[str, str]:
            return {"web": "chat"}

        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
                yield client


async def test_mounted_beside_the_web_chat(mounted: httpx.AsyncClient, world: Any) -> None:
    assert (await mounted.get("/")).json() == {"web": "chat"}
    assert (await mounted.get("/nothing")).json() == {"detail": "Not Found"}
    assert (await mounted.get("/desk/nothing")).status_code == 404
    link = world.run(lambda uow: make_link(uow, "lead", world.now))
    answer = await mounted.get(link, follow_redirects=True)
    assert answer.status_code == 200 and answer.url.path == "/desk"
    assert answer.headers["x-frame-options"] == "DENY" and "no-store" in answer.headers["cache-control"]
    assert "set-cookie" not in answer.headers and not re.search(r"(src|href)=\"https?://", answer.text)
