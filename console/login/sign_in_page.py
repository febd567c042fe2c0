"""`/{area}/sign-in`: account, password, code on one page, and one sentence for everything that does not fit."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from console import sessions
from console.desk import Desk
from console.login import fields
from console.login.accounts import Tried, Verdict, authenticate
from console.login.devices import client_address, known_device
from console.login.entering import enter
from console.login.form_guard import FIELD, Seed, hidden, refuse
from console.markup import join, tag
from console.plain import card_page, safe_headers
from console.staff import ROLES_OF


def add_sign_in(app: FastAPI, desk: Desk) -> None:
    """Register the page in every area."""
    for area in ROLES_OF:
        app.get(f"/{area}/sign-in", include_in_schema=False)(_show(desk, area))
        app.post(f"/{area}/sign-in", include_in_schema=False)(_submit(desk, area))


def _show(desk: Desk, area: str) -> Callable[[Request], Response]:
    def show(request: Request) -> Response:
        if sessions.read_session(request, desk, area) is not None:
            return RedirectResponse(f"/{area}", status_code=303, headers=safe_headers())
        return _page(request, desk, area)

    return show


def _submit(desk: Desk, area: str) -> Callable[..., Response]:
    def submit(
        request: Request,
        login: Annotated[str, Form(max_length=200)] = "",
        password: Annotated[str, Form(max_length=1024)] = "",
        code: Annotated[str, Form(max_length=40)] = "",
        token: Annotated[str, Form(alias=FIELD, max_length=64)] = "",
    ) -> Response:
        if (refused := refuse(request, desk, Seed(request, desk, area).token, token)) is not None:
            return refused
        tried = Tried(login, password, code, client_address(request), known_device(request, desk, area))
        verdict = authenticate(desk, area, tried)
        if verdict.member is None:
            return _page(request, desk, area, login, sentence(desk, verdict), 429 if verdict.wait else 403)
        response = RedirectResponse(f"/{area}", status_code=303, headers=safe_headers())
        enter(request, response, desk, verdict.member.id, verdict.member.roles_in(area)[0], "password")
        return response

    return submit


def _page(
    request: Request, desk: Desk, area: str, login: str = "", wrong: str | None = None, status: int = 200
) -> HTMLResponse:
    texts, seed, needs = desk.house.texts, Seed(request, desk, area), desk.rules.needs_second_factor(area)
    body = fields.form(
        f"/{area}/sign-in", hidden(seed.token), fields.told(wrong),
        fields.text_field(texts, "login", "login.account", login, fills="username", first=not login),
        fields.password_field(texts, "password", "login.password", "current-password", first=bool(login)),
        fields.code_field(texts, "login.code", "login.code_hint" if needs else "login.code_hint_if", needed=needs),
        tag("div", fields.submit(texts, "login.enter"), class_="buttons"),
    )  # fmt: skip
    help_line = tag("p", texts.say("login.help"), class_="hint")
    response = card_page(texts, texts.say(f"login.title.{area}"), join(body, help_line), status)
    seed.give(response)
    return response


def sentence(desk: Desk, verdict: Verdict) -> str:
    """One sentence for everything that does not fit; only the waiting time is told apart."""
    say = desk.house.texts.say
    if verdict.needs_invitation:
        return say("login.needs_invitation")
    return say("login.wait", wait=waiting(desk, verdict.wait)) if verdict.wait else say("login.wrong")


def waiting(desk: Desk, wait: timedelta) -> str:
    """How long, in words, rounded up."""
    seconds = int(wait.total_seconds()) + 1
    if seconds <= 90:
        return desk.house.texts.say("login.seconds", count=seconds)
    return desk.house.texts.say("login.minutes", count=-(-seconds // 60))
