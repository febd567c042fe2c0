"""The web chat over HTTP: session, messages, repeated keys, files, claim, bad input. No talk leaks between visitors."""

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select

from bot.channels.web.mailboxes import Mailboxes
from bot.channels.web.routes import web_routes
from bot.house import Plant
from bot.sender import Sender
from bot.turns import Turns
from storage.models import Message, Ticket, VaultEntry

TEXT = "民政要一遍残联要一遍妇联又要一遍，同一张留守儿童表我们村填了三回"


class Clock:
    """A clock the test moves."""

    moment = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


def visitor(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://chat.test")


@pytest.fixture
def app(plant: Plant) -> FastAPI:
    app, clock = FastAPI(), Clock()
    sender = Sender(plant.database, plant.house.texts, {}, clock.now)
    app.state.turns = Turns(plant.database, plant.house, sender, Mailboxes(), clock.now)
    app.include_router(web_routes())
    return app


@pytest.fixture
async def chat(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(app) as client:
        await client.post("/chat/session")
        yield client


async def say(client: httpx.AsyncClient, text: str, key: str | None = None, **more: str) -> dict[str, Any]:
    answer = await client.post("/chat/messages", json={"id": key or str(uuid.uuid4()), "text": text, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_receipt_is_in_the_first_reply(chat: httpx.AsyncClient) -> None:
    (message,) = (await say(chat, TEXT))["messages"]
    assert message["kind"] == "receipt" and message["receipt"].startswith("JF-")
    assert message["class"] == "重复报表" and message["progress"]["now"] == 0
    assert "您的身份不会告诉被反映单位" in message["text"] and "12:00前审核" in message["text"]


async def test_the_same_key_twice_is_one_ticket_and_one_answer(chat: httpx.AsyncClient, plant: Plant) -> None:
    key = str(uuid.uuid4())
    assert await say(chat, TEXT, key) == await say(chat, TEXT, key)
    with plant.database.reading() as uow:
        assert len(uow.session.exec(select(Ticket)).all()) == 1


async def test_another_visitor_with_the_same_key_is_somebody_else(app: FastAPI, chat: httpx.AsyncClient) -> None:
    key = str(uuid.uuid4())
    mine = await say(chat, TEXT, key)
    async with visitor(app) as other:
        await other.post("/chat/session")
        theirs = await say(other, "每天要在APP打卡四次，还排名", key)
        assert theirs["messages"][0]["receipt"] != mine["messages"][0]["receipt"]
        history = (await other.get("/chat/history")).text
        assert mine["messages"][0]["receipt"] not in history and "留守儿童" not in history


async def test_history_has_both_sides_in_order(chat: httpx.AsyncClient) -> None:
    key = str(uuid.uuid4())
    await say(chat, TEXT, key)
    await say(chat, "进度")
    talk = (await chat.get("/chat/history")).json()["messages"]
    assert [m["who"] for m in talk] == ["me", "bot", "me", "bot"]
    assert talk[0]["client_id"] == key and talk[0]["text"] == TEXT


async def test_a_burst_edits_the_receipt_in_place(chat: httpx.AsyncClient) -> None:
    first = (await say(chat, "民政要一遍留守儿童表，这个月第三回了"))["messages"][0]
    second = (await say(chat, "残联也要"))["messages"][0]
    assert second["id"] == first["id"] and second["seq"] > first["seq"]
    assert second["receipt"] == first["receipt"] and second["claim"] == first["claim"]
    talk = (await chat.get("/chat/history")).json()["messages"]
    assert [m["id"] for m in talk if m["who"] == "bot"] == [first["id"]]


async def test_a_file_gets_a_receipt_and_lies_sealed(chat: httpx.AsyncClient, plant: Plant) -> None:
    sound = b"RIFF\0\0\0\0WAVE secret voice of a person"
    answer = await chat.post(
        "/chat/files", data={"id": str(uuid.uuid4())}, files={"file": ("王书记录音.wav", sound, "audio/wav")}
    )
    (message,) = answer.json()["messages"]
    assert message["kind"] == "receipt" and message["text"].startswith("已收到，工作人员会听、会看")
    with plant.database.reading() as uow:
        sealed = [e for e in uow.session.exec(select(VaultEntry)) if e.kind == "file"]
        assert uow.vault.open(sealed[0].sealed) == sound
        assert not any("王书记" in (m.text or "") for m in uow.session.exec(select(Message)))


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "没有收到内容"), ("   ", "没有收到内容"), ("😀😀", "没看明白"), ("。。。", "没看明白"), ("填", "再说一句")],
)
async def test_next_to_nothing_gets_a_clear_word(chat: httpx.AsyncClient, text: str, said: str) -> None:
    assert said in (await say(chat, text))["messages"][0]["text"]


async def test_five_thousand_characters_are_taken_one_more_is_explained(chat: httpx.AsyncClient) -> None:
    assert (await say(chat, "报表又要填一遍，" * 625))["messages"][0]["kind"] == "receipt"
    answer = await chat.post("/chat/messages", json={"id": str(uuid.uuid4()), "text": "报" * 5001})
    assert answer.status_code == 413 and "5000" in answer.json()["error"]


async def test_a_button_pressed_twice_counts_once(chat: httpx.AsyncClient, plant: Plant) -> None:
    await say(chat, "填表")
    await say(chat, "", button="submit::", label="直接提交")
    again = await say(chat, "", button="submit::", label="直接提交")
    assert "已经用过" in again["messages"][0]["text"]
    with plant.database.reading() as uow:
        assert len(uow.session.exec(select(Ticket)).all()) == 1


@pytest.mark.parametrize("payload", ["", "nonsense", "rate:JF-2345-6789-A:solved", "withdraw::", ":::", "rate::☃"])
async def test_a_made_up_button_changes_nothing(chat: httpx.AsyncClient, payload: str) -> None:
    answer = await say(chat, "x", button=payload or "x", label="x")
    assert "已经用过" in answer["messages"][0]["text"]


async def test_without_a_session_nothing_is_taken(app: FastAPI) -> None:
    async with visitor(app) as client:
        answer = await client.post("/chat/messages", json={"id": str(uuid.uuid4()), "text": TEXT})
        assert answer.status_code == 401 and answer.json()["error"]
        assert (await client.get("/chat/history")).json() == {"messages": []}


async def test_unknown_foreign_and_wrong_code_look_the_same(app: FastAPI, chat: httpx.AsyncClient) -> None:
    mine = (await say(chat, TEXT))["messages"][0]
    wrong = "0000" if mine["claim"] != "0000" else "1111"
    async with visitor(app) as other:
        await other.post("/chat/session")
        unknown = await other.post("/chat/claim", json={"receipt": "JF-2222-2222-2", "code": "1234"})
        foreign = await other.post("/chat/claim", json={"receipt": mine["receipt"], "code": wrong})
        assert unknown.status_code == foreign.status_code == 403
        in_chat = (await say(other, f"我的受理号是{mine['receipt']}"))["messages"][0]["text"]
        assert in_chat == foreign.json()["error"]
        good = await other.post("/chat/claim", json={"receipt": mine["receipt"], "code": mine["claim"]})
        assert good.status_code == 200
        assert mine["receipt"] in (await other.get("/chat/history")).text
    assert "留守儿童" not in (await chat.get("/chat/history")).text


async def test_five_wrong_codes_lock_the_receipt(app: FastAPI, chat: httpx.AsyncClient) -> None:
    mine = (await say(chat, TEXT))["messages"][0]
    wrong = "0000" if mine["claim"] != "0000" else "1111"
    async with visitor(app) as other:
        await other.post("/chat/session")
        for _ in range(5):
            await other.post("/chat/claim", json={"receipt": mine["receipt"], "code": wrong})
        locked = await other.post("/chat/claim", json={"receipt": mine["receipt"], "code": mine["claim"]})
        assert locked.status_code == 403 and "24小时" in locked.json()["error"]


async def test_the_page_is_small_and_strict(app: FastAPI) -> None:
    async with visitor(app) as client:
        page = await client.get("/")
        parts = [page, await client.get("/static/chat.css"), await client.get("/static/chat.js")]
        assert sum(len(part.content) for part in parts) <= 40_000
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert (await client.get("/static/../routes.py")).status_code == 404
