"""The HTTP face of the fake Telegram: requests in, answers, delays and cut connections out, long polling."""

import asyncio
import re
import time
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.fakes.telegram_methods import METHODS
from tests.fakes.telegram_params import Params, read_params
from tests.fakes.telegram_settings import start_poll
from tests.fakes.telegram_state import ApiError, Call, State
from tests.fakes.telegram_trouble import FINE, Trouble
from tests.fakes.telegram_updates import Json

TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{3,}")
PHRASES = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}
MOST_POLL_SECONDS = 50
CUT_CODE = 0
POLLED_TWICE = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Wire(H11Protocol):
    """uvicorn's protocol, reachable from a request so that the connection can be cut."""

    def __init__(self, app_state: Json, **kwargs: Any) -> None:
        super().__init__(app_state={**app_state, "wire": self}, **kwargs)

    def cut(self) -> None:
        """Drop the connection without an answer."""
        if self.transport is not None:
            self.transport.abort()


class Bell:
    """Wakes everything in the server's loop that waits for a change."""

    def __init__(self) -> None:
        self.event = asyncio.Event()
        self.stopping = False

    async def wait(self, seconds: float) -> None:
        """Until the next ring or so many seconds; clear the event before looking at what you wait for."""
        try:
            await asyncio.wait_for(self.event.wait(), max(seconds, 0.0))
        except TimeoutError:
            return


class Front:
    """Answers the Bot API's addresses."""

    def __init__(self, state: State, bell: Bell) -> None:
        self.state = state
        self.bell = bell

    def app(self) -> Starlette:
        """The routes, as on api.telegram.org."""
        return Starlette(
            routes=[
                Route("/bot{token}/{method}", self.answer, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", self.download, methods=["GET"]),
                Route("/{rest:path}", self.nothing, methods=["GET", "POST"]),
            ]
        )

    async def nothing(self, request: Request) -> Response:
        """Any other address."""
        return failure(ApiError(404, "Not Found"))

    async def download(self, request: Request) -> Response:
        """A file's bytes."""
        with self.state.changes:
            stored = {each.path: each for each in self.state.files.values()}.get(request.path_params["path"])
        if self._stranger(request.path_params["token"]) or stored is None:
            return failure(self._stranger(request.path_params["token"]) or ApiError(404, "Not Found"))
        return Response(stored.data, media_type="application/octet-stream")

    async def answer(self, request: Request) -> Response:
        """One method call, with the troubles that were planned for it."""
        stranger = self._stranger(request.path_params["token"])
        if stranger is not None:
            return failure(stranger)
        method, params, trouble = request.path_params["method"], Params(), FINE
        try:
            params = await read_params(request)
            trouble = self._admit(method.lower(), params)
            result = await self._result(method, params) if trouble.accepted else None
            response = self._success(result, trouble)
        except ApiError as error:
            response = failure(error)
        self._note(method, params, CUT_CODE if trouble.cut else response.status_code)
        return await self._finish(request, response, trouble)

    def _stranger(self, token: str) -> ApiError | None:
        if not TOKEN.fullmatch(token):
            return ApiError(404, "Not Found")
        return None if token == self.state.token else ApiError(401, "Unauthorized")

    def _admit(self, method: str, params: Params) -> Trouble:
        """Flood waits and limits first, then this request's trouble."""
        with self.state.changes:
            chat_id, now = params.chat_id, time.monotonic()
            limited = chat_id is not None and method.startswith("send") and method != "sendchataction"
            wait = self.state.limits.wait(chat_id, now) if limited and chat_id is not None else 0
            if wait:
                raise too_many(wait)
            trouble = self.state.troubles.next(method, chat_id)
            if trouble.status == 429 and limited and chat_id is not None:
                self.state.limits.close(chat_id, now, trouble.retry_after)
            return trouble

    async def _result(self, method: str, params: Params) -> Any:
        if method.lower() == "getupdates":
            return await self._updates(params)
        if method.lower() not in METHODS:
            raise ApiError(404, "Not Found: method not found")
        with self.state.changes:
            return METHODS[method.lower()](self.state, params)

    def _success(self, result: Any, trouble: Trouble) -> Response:
        """The answer of an accepted request, or the trouble's own."""
        if trouble.status == 429:
            return failure(too_many(trouble.retry_after))
        if trouble.status == 403:
            return failure(ApiError(403, "Forbidden: bot was blocked by the user"))
        if trouble.status == 502:
            return HTMLResponse("<html><head><title>502 Bad Gateway</title></head></html>", 502)
        if trouble.status:
            return failure(ApiError(trouble.status, PHRASES.get(trouble.status, "Error")))
        return JSONResponse({"ok": True, "result": result})

    async def _finish(self, request: Request, response: Response, trouble: Trouble) -> Response:
        until = time.monotonic() + trouble.delay
        while trouble.delay and time.monotonic() < until and not self.bell.stopping:
            self.bell.event.clear()
            await self.bell.wait(until - time.monotonic())
        if trouble.cut or self.bell.stopping:
            request.scope["state"]["wire"].cut()
            await asyncio.sleep(0.01)
        return response

    async def _updates(self, params: Params) -> list[Json]:
        """Long polling: the newest poller wins, a webhook shuts everybody out."""
        with self.state.changes:
            if self.state.webhook.url:
                raise ApiError(409, f"Conflict: {WEBHOOK_ACTIVE}")
            self.state.poller += 1
            mine = self.state.poller
            start_poll(self.state, params)
            self.state.changed()
        until = time.monotonic() + min(params.number("timeout"), MOST_POLL_SECONDS)
        while True:
            self.bell.event.clear()
            batch, wait = self._poll(mine, params.number("limit", 100), until)
            if batch is not None:
                return batch
            await self.bell.wait(wait)

    def _poll(self, mine: int, limit: int, until: float) -> tuple[list[Json] | None, float]:
        """A batch for this poll now, or how long to wait for one."""
        with self.state.changes:
            if self.state.webhook.url:
                raise ApiError(409, "Conflict: terminated by setWebhook request")
            if self.state.poller != mine:
                raise ApiError(409, f"Conflict: {POLLED_TWICE}")
            now, ripe = time.monotonic(), self.state.queue.ripe_at()
            if ripe is not None and ripe <= now:
                batch = self.state.queue.batch(limit)
                self.state.changed()
                return batch, 0.0
            if self.bell.stopping or now >= until:
                return [], 0.0
            return None, min(until, ripe or until) - now

    def _note(self, method: str, params: Params, code: int) -> None:
        with self.state.changes:
            self.state.calls.append(Call(time.monotonic(), method, params.values, code))
            self.state.changed()


def too_many(seconds: int) -> ApiError:
    """429 with its wait."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def failure(error: ApiError) -> Response:
    """An answer with ok=false."""
    shown: Json = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        shown["parameters"] = error.parameters
    return JSONResponse(shown, error.code)
