"""The NiceGUI app behind a gate: only its own paths get there, every answer carries safe headers."""

import re

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OURS = re.compile(r"/(?:desk(?:/ticket/\d+|/case/\d+|/unsealing)?|unit(?:/ticket/[A-Z0-9-]+)?|_nicegui.*)")
HEADERS = {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


class Gate(Mount):
    """A mount at "/" that leaves every path which is not the console's to the rest of the app."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match our own pages and NiceGUI's files and socket only."""
        if scope["type"] in ("http", "websocket") and not OURS.fullmatch(scope["path"]):
            return Match.NONE, {}
        return super().matches(scope)


def narrow(app: FastAPI, pages: ASGIApp) -> None:
    """Put the gate in the place of the catch-all mount that `ui.run_with` left behind."""
    wide = next(route for route in app.router.routes if isinstance(route, Mount) and route.app is pages)
    app.router.routes[app.router.routes.index(wide)] = Gate("", app=_with_headers(pages))


def _with_headers(pages: ASGIApp) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await pages(scope, receive, send_safely)

    return answer
