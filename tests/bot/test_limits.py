"""Limits per address: an office shares one and is not hindered; who tries codes, links or sessions is slowed."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.requests import HTTPConnection

from bot.house import Plant
from bot.limits import LIMITS, is_sign_in, origin_of
from bot.server import build_parts, make_public_app
from storage.models import Message, Rate

TEXT = "民政要一遍残联要一遍妇联又要一遍，同一张留守儿童表我们村填了三回"


class Clock:
    """A watch the test moves."""

    moment = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def watch() -> Clock:
    return Clock()


@pytest.fixture
def app(plant: Plant, watch: Clock) -> FastAPI:
    return make_public_app(build_parts(plant, watch.now))


def visitor(app: FastAPI, address: str = "203.0.113.5") -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app, client=(address, 5)), base_url="http://chat.test")


async def say(client: httpx.AsyncClient, text: str = "进度") -> httpx.Response:
    return await client.post("/chat/messages", json={"id": str(uuid.uuid4()), "text": text})


async def test_sessions_from_one_address_run_out_and_come_back(app: FastAPI, watch: Clock) -> None:
    for _ in range(LIMITS["session"].most):
        async with visitor(app) as client:
            assert (await client.post("/chat/session")).status_code == 200
    async with visitor(app) as client:
        late = await client.post("/chat/session")
        assert late.status_code == 429 and "网络" in late.json()["error"] and int(late.headers["retry-after"]) == 60
    async with visitor(app, "203.0.113.6") as client:
        assert (await client.post("/chat/session")).status_code == 200, "another address is another matter"
    watch.moment += timedelta(minutes=1)
    async with visitor(app) as client:
        assert (await client.post("/chat/session")).status_code == 200


async def test_claim_codes_are_not_walked_through(app: FastAPI) -> None:
    async with visitor(app) as client:
        await client.post("/chat/session")
        tries = [
            await client.post("/chat/claim", json={"receipt": "JF-2222-2222-2", "code": f"{n:04}"}) for n in range(22)
        ]
    assert [each.status_code for each in tries] == [403] * 20 + [429] * 2


async def test_messages_too_many_are_kept_by_the_page_not_lost(app: FastAPI, plant: Plant, watch: Clock) -> None:
    async with visitor(app) as client:
        await client.post("/chat/session")
        first = await say(client, TEXT)
        answers = [await say(client) for _ in range(LIMITS["message"].most)]
        assert first.json()["messages"][0]["receipt"], "the first complaint is filed"
        assert [each.status_code for each in answers].count(429) == 1 and answers[-1].status_code == 429
        watch.moment += timedelta(minutes=2)
        assert (await say(client)).status_code == 200
    with plant.database.reading() as uow:
        assert len(uow.session.exec(select(Message)).all()) == LIMITS["message"].most + 1


@pytest.mark.parametrize("path", ["/desk/enter?token=x", "/unit/enter?token=x"])
async def test_sign_in_links_are_not_guessed(app: FastAPI, path: str) -> None:
    async with visitor(app) as client:
        tries = [(await client.get(path)).status_code for _ in range(LIMITS["sign_in"].most + 1)]
        assert 429 not in tries[:-1] and tries[-1] == 429
        assert (await client.get("/desk")).status_code != 429, "only tries are counted"


async def test_loopback_is_nobody(app: FastAPI) -> None:
    async with visitor(app, "127.0.0.1") as client:
        for _ in range(LIMITS["sign_in"].most + 5):
            assert (await client.get("/desk/enter?token=x")).status_code != 429


async def test_no_address_lies_in_the_database(app: FastAPI, plant: Plant) -> None:
    async with visitor(app) as client:
        await client.post("/chat/session")
        await say(client)
    with plant.database.reading() as uow:
        buckets = [row.bucket for row in uow.session.exec(select(Rate))]
    assert len(buckets) == 2 and not [each for each in buckets if "203.0" in each]


@pytest.mark.parametrize(
    ("host", "origin"),
    [("203.0.113.5", "203.0.113.5"), ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"), ("127.0.0.1", ""), ("::1", ""),
     ("testclient", ""), (None, "")],
)  # fmt: skip
def test_origins(host: str | None, origin: str) -> None:
    scope: dict[str, Any] = {"type": "http", "headers": [], "client": (host, 1) if host else None}
    assert origin_of(HTTPConnection(scope)) == origin


@pytest.mark.parametrize(
    ("method", "path", "counted"),
    [("GET", "/desk/enter", True), ("POST", "/desk/login", True), ("POST", "/unit/answer/x", True),
     ("GET", "/desk", False), ("GET", "/desk/ticket/1", False), ("POST", "/chat/messages", False),
     ("POST", "/_nicegui_ws/socket.io", False)],
)  # fmt: skip
def test_what_counts_as_a_try(method: str, path: str, counted: bool) -> None:
    assert is_sign_in(method, path) is counted
