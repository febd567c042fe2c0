"""The webhook: secret checked, acknowledged only after the commit, any process may take it."""

import asyncio
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from bot.channels.telegram.webhook import HEADER, PATH, secret_of, set_webhook, webhook_routes
from tests.bot.telegram.conftest import Rig
from tests.fakes.telegram_server import FakeTelegram

SECRET = secret_of("token", "secret")


@pytest.fixture
def listening(rig: Rig) -> Iterator[str]:
    app = FastAPI()
    app.state.telegram = rig.bot
    app.include_router(webhook_routes(SECRET))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, ws="none"))
    rig.call(_start(server))
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    time.sleep(0.3)


async def _start(server: uvicorn.Server) -> None:
    task = asyncio.create_task(server.serve())
    server.running = task  # type: ignore[attr-defined]
    while not server.started:
        await asyncio.sleep(0.02)


def test_the_whole_way(rig: Rig, telegram: FakeTelegram, listening: str) -> None:
    rig.call(set_webhook(rig.bot, listening, SECRET))
    person = telegram.person()
    person.says("民政要一遍残联要一遍妇联又要一遍，同一张留守儿童表我们村填了三回")
    person.wait_for("已受理，受理号JF-")
    telegram.wait_confirmed()


@pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1]])
def test_without_the_secret_nothing_is_taken(listening: str, secret: str) -> None:
    answer = httpx.post(listening + PATH, json={"update_id": 1}, headers={HEADER: secret})
    assert answer.status_code == 403


def test_nonsense_with_the_secret_is_harmless(listening: str) -> None:
    answer = httpx.post(listening + PATH, json={"update_id": 1}, headers={HEADER: SECRET})
    assert answer.status_code == 200
