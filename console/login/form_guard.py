"""Forms that only our own pages can send: a token tied to the sign-in, or before it to a cookie of the form.

The cookies are SameSite=Strict already; the token also holds where a browser or a neighbour host does not keep to it.
"""

import hashlib
import hmac
import secrets

from fastapi import Request, Response

from console.desk import Desk
from console.markup import Html, tag
from console.plain import plain_page

FIELD = "form"


def session_token(desk: Desk, session_id: int) -> str:
    """The token of every form of one sign-in."""
    return _tie(desk, f"session:{session_id}")


def link_token(desk: Desk, token: str) -> str:
    """The token of a form whose right lies in its address alone."""
    return _tie(desk, f"link:{token}")


class Seed:
    """The cookie that ties the forms of an area to one browser before anybody is signed in."""

    def __init__(self, request: Request, desk: Desk, area: str) -> None:
        self._desk, self._area, self._name = desk, area, f"jf_{area}_form"
        self._value = request.cookies.get(self._name, "")[:64]

    @property
    def token(self) -> str:
        """The token for the form; makes the cookie's value when there is none yet."""
        self._value = self._value or secrets.token_urlsafe(24)
        return _tie(self._desk, f"{self._area}:{self._value}")

    def give(self, response: Response) -> None:
        """Set the cookie (again)."""
        response.set_cookie(
            self._name, self._value, path=f"/{self._area}", httponly=True, samesite="strict",
            secure=self._desk.secure_cookies,
        )  # fmt: skip

    def drop(self, response: Response) -> None:
        """A sign-in begins: the next form gets another one."""
        response.delete_cookie(self._name, path=f"/{self._area}", httponly=True, samesite="strict")


def hidden(token: str) -> Html:
    """The field of a form."""
    return tag("input", type="hidden", name=FIELD, value=token)


def refuse(request: Request, desk: Desk, expected: str, given: str) -> Response | None:
    """The answer to a form that did not come from our page, or None."""
    from_here = request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
    if from_here and hmac.compare_digest(expected.encode(), given.encode()):
        return None
    return plain_page(desk.house.texts, "login.stale_form", 403)


def _tie(desk: Desk, what: str) -> str:
    return hmac.new(desk.secret.encode(), f"form:{what}".encode(), hashlib.sha256).hexdigest()[:43]
