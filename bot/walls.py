"""What stands before every route: requests from foreign pages, bodies too large, too many tries from one address.

Plain ASGI middleware, so that server-sent events pass through unbuffered.
"""

import math
from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import urlsplit

from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.limits import is_sign_in, origin_of
from dialogs.files import MOST_BYTES
from texts.catalogue import Catalogue

READS = frozenset({"GET", "HEAD", "OPTIONS"})
OURS = frozenset({"same-origin", "none"})  # Sec-Fetch-Site: from a page of ours, or typed by the person
MOST_BODY, MOST_UPLOAD = 1_500_000, MOST_BYTES + 100_000  # the form around a file
UPLOADS = frozenset({"/chat/files"})

Ask = Callable[[str, str], Awaitable[timedelta]]


class SameOrigin:
    """No page of another site may make a visitor's browser write here (CSRF), nor open the desk's socket."""

    def __init__(self, app: ASGIApp, texts: Catalogue, public_url: str) -> None:
        self._app, self._texts = app, texts
        self._public = urlsplit(public_url).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what only reads or comes from ourselves."""
        writes = scope["type"] == "websocket" or (scope["type"] == "http" and scope["method"] not in READS)
        if writes and self._foreign(Headers(scope=scope)):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            await _refuse(scope, self._texts.say("other.foreign"), 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _foreign(self, headers: Headers) -> bool:
        """Browsers say where a request comes from; programs without a browser (Telegram, curl) say nothing."""
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site not in OURS
        origin = headers.get("origin")
        return origin is not None and urlsplit(origin).netloc not in {headers.get("host"), self._public} - {""}


class BodyLimit:
    """A body larger than any we take is refused before it is read, or while it is, when no length was told."""

    def __init__(self, app: ASGIApp, texts: Catalogue) -> None:
        self._app, self._texts = app, texts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = MOST_UPLOAD if scope["path"] in UPLOADS else MOST_BODY
        told = Headers(scope=scope).get("content-length", "0")
        if not told.isdecimal() or int(told) > most:
            sentence = self._texts.say("other.file_too_large", limit=most // (1024 * 1024))
            await _refuse(scope, sentence, 413)(scope, receive, send)
            return
        await self._app(scope, _counted(receive, most), send)


def _counted(receive: Receive, most: int) -> Receive:
    came = 0

    async def count() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > most:
            raise _TooLargeError
        return message

    return count


class _TooLargeError(HTTPException):
    """The body grew beyond the limit while it was read; the web framework answers it like any refusal."""

    def __init__(self) -> None:
        super().__init__(413)


class Tries:
    """Sign-in tries from one address, whoever they claim to be; the back-off of each account comes beside it."""

    def __init__(self, app: ASGIApp, texts: Catalogue, ask: Ask) -> None:
        self._app, self._texts, self._ask = app, texts, ask

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count tries; everything else passes."""
        if scope["type"] == "http" and is_sign_in(scope["method"], scope["path"]):
            wait = await self._ask("sign_in", origin_of(HTTPConnection(scope)))
            if wait > timedelta():
                await _refuse(scope, self._texts.say("other.too_many"), 429, wait)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def too_many(texts: Catalogue, wait: timedelta, path: str = "/chat/") -> Response:
    """The one honest sentence for an address that does too much."""
    return _refuse({"path": path}, texts.say("other.too_many"), 429, wait)


def _refuse(scope: Scope, sentence: str, status: int, wait: timedelta | None = None) -> Response:
    headers = {"Retry-After": str(max(math.ceil(wait.total_seconds()), 1))} if wait is not None else None
    if scope["path"].startswith(("/chat/", "/api/")):
        return JSONResponse({"error": sentence}, status_code=status, headers=headers)
    return PlainTextResponse(sentence, status_code=status, headers=headers)
