"""Browsers somebody has signed in with: they keep a count of failures of their own (see backoff)."""

import secrets
from datetime import timedelta

from fastapi import Request, Response
from itsdangerous import BadSignature, URLSafeSerializer

from console.desk import Desk

LASTS = timedelta(days=180)


def known_device(request: Request, desk: Desk, area: str) -> tuple[int, str] | None:
    """Who has signed in with this browser before, from its signed cookie: (staff id, device)."""
    try:
        staff_id, device = _signer(desk, area).loads(request.cookies.get(_name(area), ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return int(staff_id), str(device)


def remember_device(request: Request, response: Response, desk: Desk, area: str, staff_id: int) -> None:
    """Note in the browser that this person was in; the cookie opens nothing."""
    known = known_device(request, desk, area)
    device = known[1] if known and known[0] == staff_id else secrets.token_urlsafe(16)
    response.set_cookie(
        _name(area), _signer(desk, area).dumps([staff_id, device]), max_age=int(LASTS.total_seconds()),
        path=f"/{area}", httponly=True, samesite="strict", secure=desk.secure_cookies,
    )  # fmt: skip


def device_words(request: Request) -> str:
    """Browser and system in two words; enough to know one's own, nothing to follow anybody by."""
    agent = request.headers.get("user-agent", "")
    browsers = {"Edg": "Edge", "Firefox": "Firefox", "MicroMessenger": "微信", "Chrome": "Chrome", "Safari": "Safari"}
    systems = {
        "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "macOS",
        "Linux": "Linux",
    }  # fmt: skip
    found = [next((name for sign, name in each.items() if sign in agent), "") for each in (browsers, systems)]
    return " · ".join(filter(None, found))


def client_address(request: Request) -> str:
    """Where a request came from, as far as our own proxy tells."""
    return request.client.host if request.client else ""


def _name(area: str) -> str:
    return f"jf_{area}_known"


def _signer(desk: Desk, area: str) -> URLSafeSerializer:
    return URLSafeSerializer(desk.secret, salt=f"known:{area}")
