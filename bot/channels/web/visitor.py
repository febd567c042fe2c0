"""Who is at the page: a random token in a cookie, known to the vault only by its keyed hash."""

import secrets

from fastapi import Request, Response

COOKIE = "jf_person"
YEAR = 365 * 24 * 3600


def token_of(request: Request) -> str | None:
    """The visitor's token, if the page has a session."""
    return request.cookies.get(COOKIE)


def give_token(response: Response, secure: bool) -> None:
    """Start a session: no name, no registration, nothing but a random number."""
    response.set_cookie(
        COOKIE, secrets.token_urlsafe(32), max_age=YEAR, httponly=True, samesite="strict", secure=secure, path="/chat"
    )
