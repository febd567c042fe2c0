"""Routes of the web chat: hello, session, messages, files, history, events, claim."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

from bot.channels.web.visitor import COOKIE, give_token, token_of
from bot.channels.web.wire import greeting_message
from bot.errors import TooManyError
from bot.headers import STRICT
from bot.limits import origin_of
from bot.turns import Turns
from bot.walls import too_many
from dialogs.files import MOST_BYTES
from dialogs.incoming import MOST_CHARACTERS, Incoming, Upload

KEY = r"^[A-Za-z0-9-]+$"
ASSETS = frozenset({"chat.css", "chat.js"})
STATIC = Path(__file__).parent / "static"
SECURITY_HEADERS = {"Content-Security-Policy": STRICT, "Referrer-Policy": "no-referrer"}


class Said(BaseModel):
    """A message or a pressed button; `id` is the page's idempotency key."""

    id: str = Field(min_length=8, max_length=64, pattern=KEY)
    text: str = Field(default="", max_length=200_000)
    button: str | None = Field(default=None, max_length=64)
    label: str = Field(default="", max_length=100)


class Claim(BaseModel):
    """A receipt and its claim code, typed on another device."""

    receipt: str = Field(max_length=40)
    code: str = Field(max_length=10)


def web_routes() -> APIRouter:
    """The chat's routes; they find their `Turns` in `app.state.turns`."""
    router = APIRouter()
    router.add_api_route("/", page, include_in_schema=False)
    router.add_api_route("/static/{name}", asset, include_in_schema=False)
    router.add_api_route("/chat/hello", hello)
    router.add_api_route("/chat/session", session, methods=["POST"])
    router.add_api_route("/chat/session", forget, methods=["DELETE"])
    router.add_api_route("/chat/messages", messages, methods=["POST"])
    router.add_api_route("/chat/files", files, methods=["POST"])
    router.add_api_route("/chat/history", history)
    router.add_api_route("/chat/events", events)
    router.add_api_route("/chat/claim", claim, methods=["POST"])
    return router


async def page() -> FileResponse:
    """The page itself."""
    return FileResponse(STATIC / "index.html", headers=SECURITY_HEADERS)


async def asset(name: str) -> Response:
    """Its style and script."""
    if name not in ASSETS:
        return Response(status_code=404)
    return FileResponse(STATIC / name, headers={**SECURITY_HEADERS, "Cache-Control": "no-cache"})


async def hello(request: Request) -> dict[str, Any]:
    """What the page says before anybody has said anything."""
    say = _turns(request).house.texts.say
    welcome = greeting_message(say("welcome"), _turns(request).now())
    return {
        "session": token_of(request) is not None, "title": say("web.title"), "promise": say("web.promise"),
        "stored": say("web.stored"), "welcome": welcome, "max_chars": MOST_CHARACTERS, "max_file_bytes": MOST_BYTES,
    }  # fmt: skip


async def session(request: Request) -> Response:
    """Give a visitor without a session a random number."""
    response = JSONResponse({"ok": True})
    if token_of(request) is not None:
        return response
    wait = await _turns(request).ask("session", origin_of(request))
    if wait > timedelta():
        return too_many(_turns(request).house.texts, wait)
    give_token(response, secure=request.url.scheme == "https" or getattr(request.app.state, "https", False))
    return response


async def forget(response: Response) -> dict[str, bool]:
    """Leave a borrowed device: the cookie goes, the tickets stay reachable by receipt and claim code."""
    response.delete_cookie(COOKIE, path="/chat")
    return {"ok": True}


async def messages(said: Said, request: Request) -> Response:
    """One message or button; the same id again gets the same answer."""
    turns, token = _turns(request), token_of(request)
    if len(said.text) > MOST_CHARACTERS:
        return _refused(request, "other.too_long", 413, limit=MOST_CHARACTERS)
    if token is None:
        return _refused(request, "other.trouble", 401)
    incoming = Incoming(
        "web", token, turns.key("web", token, said.id), turns.now(), kind="button" if said.button else "text",
        text=said.label if said.button else said.text, payload=said.button or "",
    )  # fmt: skip
    return await _take(request, incoming, said.id)


async def files(
    request: Request,
    id: Annotated[str, Form(min_length=8, max_length=64, pattern=KEY)],
    file: Annotated[UploadFile, File()],
    caption: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """A file or voice note."""
    turns, token = _turns(request), token_of(request)
    if token is None:
        return _refused(request, "other.trouble", 401)
    content = await file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return _refused(request, "other.file_too_large", 413, limit=MOST_BYTES // (1024 * 1024))
    upload = Upload(file.filename or "", file.content_type or "application/octet-stream", content, caption)
    key = turns.key("web", token, id)
    incoming = Incoming("web", token, key, turns.now(), kind="file", text=caption, upload=upload)
    return await _take(request, incoming, id)


async def history(request: Request) -> dict[str, Any]:
    """The whole talk so far."""
    token = token_of(request)
    return {"messages": await _turns(request).history("web", token) if token else []}


async def events(request: Request) -> Response:
    """News as server-sent events, from `Last-Event-ID` on."""
    token = token_of(request)
    if token is None:
        return _refused(request, "other.trouble", 401)
    last = request.headers.get("last-event-id", "0")
    stream = _events(_turns(request), token, int(last) if last.isdecimal() and len(last) < 16 else 0)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def claim(wanted: Claim, request: Request) -> Response:
    """Move a receipt to this device."""
    token = token_of(request)
    turns = _turns(request)
    if (wait := await turns.ask("claim", origin_of(request))) > timedelta():
        return too_many(turns.house.texts, wait)
    refusal = await turns.claim("web", token, wanted.receipt, wanted.code) if token else "other.trouble"
    return _refused(request, refusal, 403) if refusal else JSONResponse({"ok": True})


async def _events(turns: Turns, token: str, after: int) -> AsyncIterator[str]:
    """The person's mailbox from `after` on, for as long as the page stays open."""
    yield ": open\n\n"
    while True:
        for message in await turns.news("web", token, after):
            after = message["seq"]
            kind = "event: edit\n" if message["id"] != f"m{after}" else ""
            yield f"id: {after}\n{kind}data: {json.dumps(message, ensure_ascii=False)}\n\n"
        await turns.wait("web", token)
        yield ": still here\n\n"


async def _take(request: Request, incoming: Incoming, accepted: str) -> Response:
    turns = _turns(request)
    try:
        answers = await turns.take(incoming, origin_of(request))
    except TooManyError as error:
        return too_many(turns.house.texts, timedelta(seconds=error.seconds))
    return JSONResponse({"accepted": accepted, "messages": answers})


def _turns(request: Request) -> Turns:
    turns: Turns = request.app.state.turns
    return turns


def _refused(request: Request, key: str, status: int, **params: Any) -> JSONResponse:
    return JSONResponse({"error": _turns(request).house.texts.say(key, **params)}, status_code=status)
