"""Response headers of ours, added without touching streams: no talk in any cache, no referrer, no frames, no sniffing.

A page may bring a stricter policy of its own; what brings none gets the one of its place.
"""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# the desk's framework writes styles and scripts into its pages and compiles templates; foreign sources stay out
DESK = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
IS_DESK = re.compile(r"/(?:desk|unit|_nicegui).*")
PERMISSIONS = ", ".join(
    f"{feature}=()" for feature in
    ("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
     "microphone", "midi", "payment", "usb", "xr-spatial-tracking")
)  # fmt: skip
ALWAYS = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
}  # fmt: skip
HSTS = "max-age=31536000; includeSubDomains"


class Headers:
    """ASGI middleware (a plain one: server-sent events pass through unbuffered)."""

    def __init__(self, app: ASGIApp, https: bool = False) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to whatever answers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)

    def _add(self, headers: MutableHeaders, path: str) -> None:
        desk = IS_DESK.fullmatch(path) is not None
        headers.setdefault("Content-Security-Policy", DESK if desk else NOTHING)
        headers.setdefault("Referrer-Policy", "same-origin" if desk else "no-referrer")
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        if self._https:
            headers.setdefault("Strict-Transport-Security", HSTS)
        if path.startswith(("/chat/", "/api/")) or (desk and not path.startswith("/_nicegui")):
            headers["Cache-Control"] = "no-store"
