"""An open page ends with its sign-in: revoked, idle or over, neither a look nor a click goes through."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from nicegui import ui
from nicegui.testing import User, user_simulation
from sqlmodel import select

from console import sessions
from console.mount import add_pages
from storage.models import LoginSession
from tickets.workflow import Role


@pytest.fixture
async def user(world: Any) -> AsyncIterator[User]:
    async with user_simulation() as user:
        add_pages(world.desk)
        yield user


def revoke(world: Any) -> None:
    world.run(lambda uow: [sessions.end(row, world.now) for row in uow.session.exec(select(LoginSession))])


async def test_a_click_after_revocation_does_nothing(user: User, world: Any) -> None:
    ticket_id = world.assigned()
    user.http_client.cookies.set(*world.cookie("s023c", Role.CONTACT))
    await user.open(f"/unit/ticket/{world.number(ticket_id)}")
    revoke(world)
    user.find(kind=ui.button, content="签收").click()
    await user.should_see(world.house.texts.say("page.signed_out"), retries=20)
    assert world.ticket(ticket_id).state == "assigned" and world.nudged == []


async def test_looking_does_not_keep_an_unattended_page_alive(user: User, world: Any) -> None:
    ticket_id = world.file()
    user.http_client.cookies.set(*world.cookie("lead1", Role.LEAD))
    await user.open(f"/desk/ticket/{ticket_id}")
    world.later(minutes=61)
    user.find(kind=ui.button, content="保存草稿").click()
    await user.should_see(world.house.texts.say("page.signed_out"), retries=20)
    assert world.ticket(ticket_id).paraphrase is None


async def test_clicks_do(user: User, world: Any) -> None:
    ticket_id = world.file()
    user.http_client.cookies.set(*world.cookie("lead1", Role.LEAD))
    await user.open(f"/desk/ticket/{ticket_id}")
    for _ in range(3):
        world.later(minutes=50)
        user.find(kind=ui.button, content="保存草稿").click()
        for _ in range(1200):
            if (row := world.run(lambda uow: uow.session.exec(select(LoginSession)).one())).seen_at == world.now:
                break
            await asyncio.sleep(0.05)
        assert row.seen_at == world.now, "150 minutes of work in one page"
