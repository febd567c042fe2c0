"""The page behind a link: one dispatch, four fields, and nothing that leads back to the complainant or further in."""

import re
from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select

from console.answer_page import add_answer_page
from console.unit_actions import UnitHand, load_dispatch, make_answer_link
from storage.models import Answer, SpecialCase
from tickets.errors import TicketError
from tickets.workflow import Role


@pytest.fixture
async def anybody(world: Any) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    add_answer_page(app, world.desk)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk.test") as client:
        yield client


def make(world: Any, ticket_id: int, login: str = "s023c") -> str:
    number, version = world.number(ticket_id), world.ticket(ticket_id).version
    hand = UnitHand(world.staff(login), number, version)
    return world.run(lambda uow: make_answer_link(uow, world.desk, hand))[0]


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


TYPED = {"true_as_told": "属实", "measure": "停报纸质表", "done_by": "12月5日前", "basis": "减负若干规定"}


async def test_it_shows_one_dispatch_and_nothing_else(world: Any, anybody: Any, planted: Any) -> None:
    ticket_id, other = world.signed(), world.signed("a2")
    answer = await anybody.get(make(world, ticket_id))
    ticket = world.ticket(ticket_id)
    assert answer.status_code == 200 and planted.paraphrase in answer.text and world.number(ticket_id) in answer.text
    secrets = (ticket.receipt, ticket.receipt[3:7], planted.words, "槐树坳", "重报", "第三回", ticket.person,
               world.number(other), "民政联络员")  # fmt: skip
    assert not [each for each in secrets if each in answer.text]
    body = answer.text[answer.text.index("<body") : answer.text.index("<script")]
    assert not re.findall(r"\d\d:\d\d", body) and "/desk" not in body
    links = re.findall(r'(?:href|action|src)="([^"]+)"', body)
    assert [each for each in links if not each.startswith("/unit/answer/")] == []
    assert "set-cookie" not in answer.headers and answer.headers["referrer-policy"] == "same-origin"
    assert "no-store" in answer.headers["cache-control"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_the_answer_is_saved_and_waits_for_the_approver(world: Any, anybody: Any) -> None:
    ticket_id = world.signed()
    path = make(world, ticket_id)
    page = (await anybody.get(path)).text
    answer = await anybody.post(path, data=hidden(page) | TYPED)
    assert answer.status_code == 200 and world.house.texts.say("page.answer.saved") in unescape(answer.text)
    assert world.ticket(ticket_id).state == "in_progress"
    approver, number = world.staff("s023a"), world.number(ticket_id)
    seen = world.run(lambda uow: load_dispatch(uow, world.desk, approver, number))
    assert seen.view.draft == tuple(TYPED.values()) and seen.linked_until is not None


async def test_what_was_typed_survives_a_colleague(world: Any, anybody: Any) -> None:
    ticket_id = world.signed()
    path = make(world, ticket_id)
    page = (await anybody.get(path)).text
    await anybody.post(path, data=hidden(page) | TYPED)
    late = await anybody.post(path, data=hidden(page) | TYPED | {"measure": "我晚了一步"})
    assert late.status_code == 409 and "我晚了一步" in late.text
    again = await anybody.post(path, data=hidden(late.text) | TYPED | {"measure": "我晚了一步"})
    assert again.status_code == 200


async def test_a_form_from_elsewhere_is_refused(world: Any, anybody: Any) -> None:
    path = make(world, world.signed())
    fields = hidden((await anybody.get(path)).text)
    assert (await anybody.post(path, data=TYPED)).status_code == 403
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert (await anybody.post(path, data=fields | TYPED, headers=elsewhere)).status_code == 403


async def test_dead_links_all_look_the_same(world: Any, anybody: Any) -> None:
    ticket_id = world.signed()
    old = make(world, ticket_id)
    make(world, ticket_id, "s023a")
    pages = [await anybody.get(path) for path in (old, "/unit/answer/nonsense", f"/unit/answer/{'A' * 43}")]
    world.later(days=5)
    pages.append(await anybody.get(old))
    assert {each.status_code for each in pages} == {404} and len({each.text for each in pages}) == 1


async def test_words_cannot_become_markup(world: Any, anybody: Any) -> None:
    path = make(world, world.signed())
    page = (await anybody.get(path)).text
    evil = '"><script>alert(1)</script><textarea>'
    answer = await anybody.post(path, data=hidden(page) | TYPED | {"measure": evil})
    assert evil not in answer.text and "&lt;script&gt;" in answer.text


def test_another_units_people_make_none(world: Any) -> None:
    ticket_id = world.signed()
    with pytest.raises(TicketError):
        make(world, ticket_id, "s016u")
    assert world.actor("s016u", Role.CONTACT).unit_code == "S016"


async def test_a_question_about_the_complainant_is_refused_and_raised(world: Any, anybody: Any) -> None:
    path = make(world, world.signed())
    page = (await anybody.get(path)).text
    answer = await anybody.post(path, data=hidden(page) | TYPED | {"basis": "请告知是谁反映的"})
    assert answer.status_code == 409 and world.house.texts.say("error.probe") in unescape(answer.text)
    assert world.run(lambda uow: [case.kind for case in uow.session.exec(select(SpecialCase))]) == ["identity_probe"]
    assert world.run(lambda uow: list(uow.session.exec(select(Answer)))) == []
