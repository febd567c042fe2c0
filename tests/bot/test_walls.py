"""Foreign pages, too large bodies, odd bodies: refused in one sentence, nothing echoed; safe headers everywhere."""

import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.formparsers import MultiPartParser

from bot.headers import ALWAYS
from bot.house import Plant
from bot.server import build_parts, make_public_app, wall_clock
from bot.walls import MOST_BODY, MOST_UPLOAD
from storage.models import Message

PHONE = "13912345678"
POSTS = ["/chat/session", "/chat/messages", "/chat/files", "/chat/claim"]


@pytest.fixture
def app(plant: Plant) -> FastAPI:
    return make_public_app(build_parts(plant, wall_clock))


@pytest.fixture
async def chat(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        await client.post("/chat/session")
        yield client


def body(**more: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "text": f"我电话{PHONE}"} | more


@pytest.mark.parametrize("path", [*POSTS, "/desk/anything", "/telegram/webhook"])
@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.test"},
     {"origin": "null"},     {"origin": "http://chat.test.evil.test"}],
)  # fmt: skip
async def test_a_foreign_page_writes_nothing(
    chat: httpx.AsyncClient, plant: Plant, path: str, headers: dict[str, str]
) -> None:
    answer = await chat.post(path, json=body(), headers=headers)
    assert answer.status_code == 403 and "别的网站" in answer.text
    with plant.database.reading() as uow:
        assert not uow.session.exec(select(Message)).all()


@pytest.mark.parametrize(
    "headers", [{}, {"sec-fetch-site": "same-origin"}, {"origin": "http://chat.test"}, {"sec-fetch-site": "none"}]
)
async def test_our_own_page_and_programs_may_write(chat: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await chat.post("/chat/messages", json=body(), headers=headers)).status_code == 200


async def test_behind_a_proxy_the_public_address_is_ours(plant: Plant) -> None:
    settings = plant.settings.model_copy(update={"public_url": "https://hotline.test"})
    app = make_public_app(build_parts(replace(plant, settings=settings), wall_clock))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://10.0.0.7") as client:
        answer = await client.post("/chat/session", headers={"origin": "https://hotline.test"})
        assert answer.status_code == 200
        assert "Secure" in answer.headers["set-cookie"] and "HttpOnly" in answer.headers["set-cookie"]
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_a_foreign_page_opens_no_socket(app: FastAPI) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"chat.test"), (b"origin", b"https://evil.test")]
    scope = {"type": "websocket", "path": "/_nicegui_ws/socket.io", "headers": headers, "query_string": b"",
             "subprotocols": [], "client": ("203.0.113.5", 1)}  # fmt: skip
    await app(scope, receive, send)
    assert sent == [{"type": "websocket.close", "code": 1008}]


async def test_a_body_too_large_is_refused_before_it_is_read(chat: httpx.AsyncClient) -> None:
    told = await chat.post("/chat/messages", content=b"x", headers={"content-length": str(MOST_BODY + 1)})
    assert told.status_code == 413

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(MOST_BODY // 50_000 + 3):
            yield b"y" * 50_000

    untold = await chat.post("/chat/messages", content=endless(), headers={"content-type": "application/json"})
    assert untold.status_code == 413


async def test_a_file_of_the_largest_size_passes_and_lies_in_no_temporary_folder(chat: httpx.AsyncClient) -> None:
    assert MultiPartParser.spool_max_size >= MOST_UPLOAD
    files = {"file": ("录音.m4a", b"\0" * (20 * 1024 * 1024), "audio/mp4")}
    answer = await chat.post("/chat/files", data={"id": str(uuid.uuid4())}, files=files)
    assert answer.status_code == 200
    files = {"file": ("录音.m4a", b"\0" * (21 * 1024 * 1024), "audio/mp4")}
    assert (await chat.post("/chat/files", data={"id": str(uuid.uuid4())}, files=files)).status_code == 413


@pytest.mark.parametrize(
    "sent",
    [{"id": "x", "text": f"我电话{PHONE}"}, {"id": str(uuid.uuid4()), "text": [PHONE]}, {"text": PHONE}, [PHONE], PHONE,
     {"id": f"{PHONE}!!!", "text": ""}],
)  # fmt: skip
async def test_what_does_not_fit_is_not_echoed(chat: httpx.AsyncClient, sent: Any) -> None:
    answer = await chat.post("/chat/messages", content=json.dumps(sent), headers={"content-type": "application/json"})
    assert answer.status_code == 422 and list(answer.json()) == ["error"] and PHONE not in answer.text


async def test_an_inner_error_says_nothing_of_itself(app: FastAPI, chat: httpx.AsyncClient) -> None:
    async def breaks() -> None:
        raise ValueError(f"我叫欧阳明镜，{PHONE}")

    app.add_api_route("/api/breaks", breaks)
    app.router.routes.insert(0, app.router.routes.pop())
    answer = await chat.get("/api/breaks")
    assert answer.status_code == 500 and PHONE not in answer.text and list(answer.json()) == ["error"]


@pytest.mark.parametrize(
    "path",
    ["/", "/static/chat.js", "/static/chat.css", "/chat/hello", "/chat/history", "/api/health", "/nothing", "/desk",
     "/desk/ticket/1", "/unit", "/desk/enter?token=x", "/chat/claim"],
)  # fmt: skip
async def test_every_answer_carries_safe_headers(chat: httpx.AsyncClient, path: str) -> None:
    answer = await chat.get(path)
    for name in ALWAYS:
        assert answer.headers[name.lower()], name
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and answer.headers["referrer-policy"] in ("no-referrer", "same-origin")
    if not path.startswith(("/desk", "/unit")):
        assert "unsafe" not in policy and "default-src 'none'" in policy
    if path.startswith(("/chat/", "/desk", "/unit", "/api/")):
        assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers or "uvicorn" not in answer.headers["server"]
