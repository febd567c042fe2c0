"""`/{area}/logins`, 我的登录: where somebody is signed in, ending one or all others, changing the password."""

from collections.abc import Callable
from typing import Annotated

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import RedirectResponse

from console import sessions
from console.desk import Desk
from console.login import fields
from console.login.accounts import Tried, authenticate, has_second_factor
from console.login.devices import client_address, known_device
from console.login.form_guard import FIELD, hidden, refuse, session_token
from console.login.invitations import invite_member
from console.login.recovery import codes_left
from console.login.sign_in_page import sentence
from console.markup import Html, join, tag
from console.plain import card_page, plain_page, safe_headers
from console.present import Present, present_at
from console.staff import ROLES_OF
from storage.models import Credential, LoginSession, Staff
from storage.unit_of_work import UnitOfWork
from texts.dates import say_moment

OTHERS = "others"


def add_logins(app: FastAPI, desk: Desk) -> None:
    """Register list, ending and change in every area."""
    for area in ROLES_OF:
        app.get(f"/{area}/logins", include_in_schema=False)(_show(desk, area))
        app.post(f"/{area}/logins", include_in_schema=False)(_end(desk, area))
        app.post(f"/{area}/renew", include_in_schema=False)(_renew(desk, area))


def _show(desk: Desk, area: str) -> Callable[[Request], Response]:
    def show(request: Request) -> Response:
        here = present_at(desk, request, area)
        return _page(desk, area, here) if here else not_signed_in(desk, area)

    return show


def _end(desk: Desk, area: str) -> Callable[..., Response]:
    def end(
        request: Request,
        which: Annotated[str, Form(max_length=20)] = "",
        token: Annotated[str, Form(alias=FIELD, max_length=64)] = "",
    ) -> Response:
        here = _asking(request, desk, area, token)
        if isinstance(here, Response):
            return here
        desk.database.run(lambda uow: _end_chosen(uow, desk, here, which))
        return RedirectResponse(f"/{area}/logins", status_code=303, headers=safe_headers())

    return end


def _renew(desk: Desk, area: str) -> Callable[..., Response]:
    """Whoever proves both factors once more may choose both anew, on the way every invitation goes."""

    def renew(
        request: Request,
        password: Annotated[str, Form(max_length=1024)] = "",
        code: Annotated[str, Form(max_length=40)] = "",
        token: Annotated[str, Form(alias=FIELD, max_length=64)] = "",
    ) -> Response:
        here = _asking(request, desk, area, token)
        if isinstance(here, Response):
            return here
        with desk.database.reading() as uow:
            login, has = uow.session.get_one(Staff, here.member.id).login, _has_password(uow, here.member.id)
        if has:
            tried = Tried(login, password, code, client_address(request), known_device(request, desk, area))
            verdict = authenticate(desk, area, tried)
            if verdict.member is None:
                return _page(desk, area, here, sentence(desk, verdict), 403)
        fresh = desk.database.run(lambda uow: invite_member(uow, here.member.id, here.session.role, desk.now()))
        return RedirectResponse(f"/{area}/join?token={fresh}", status_code=303, headers=safe_headers())

    return renew


def not_signed_in(desk: Desk, area: str) -> Response:
    """The page for whoever is not (or no longer) signed in."""
    return plain_page(desk.house.texts, "page.sign_in", 401, ("login.go", f"/{area}/sign-in"))


def _asking(request: Request, desk: Desk, area: str, token: str) -> Present | Response:
    """Who sent a form of this page, or the answer to whoever may not."""
    here = present_at(desk, request, area)
    if here is None:
        return not_signed_in(desk, area)
    return refuse(request, desk, session_token(desk, here.session.id), token) or here


def _end_chosen(uow: UnitOfWork, desk: Desk, here: Present, which: str) -> None:
    """One of one's own, or all but this one."""
    for row in sessions.of_staff(uow, here.member.id):
        if str(row.id) == which or (which == OTHERS and row.id != here.session.id):
            sessions.end(row, desk.now())


def _page(desk: Desk, area: str, here: Present, wrong: str | None = None, status: int = 200) -> Response:
    texts, say, now = desk.house.texts, desk.house.texts.say, desk.now()
    with desk.database.reading() as uow:
        rows = [row for row in sessions.of_staff(uow, here.member.id) if sessions.lasts(row, desk.rules, now)]
        has, factor = _has_password(uow, here.member.id), has_second_factor(uow, here.member.id)
        left = codes_left(uow, here.member.id)
    seal = hidden(session_token(desk, here.session.id))
    lines = [_line(desk, area, row, row.id == here.session.id, seal) for row in rows]
    everywhere = tag("div", fields.form(
        f"/{area}/logins", seal, fields.keep("which", OTHERS), fields.submit(texts, "login.end_others"),
    ), class_="ways") if len(rows) > 1 else None  # fmt: skip
    body = join(
        tag("p", say("login.signed_in_as", name=here.member.display), class_="hint"),
        tag("ul", *lines, class_="logins"), everywhere, tag("hr"),
        tag("h2", say("login.renew_title" if has else "login.set_title")),
        tag("p", say("login.left", count=left), class_="hint") if factor else None,
        _renew_form(desk, area, seal, wrong, has, factor),
        tag("p", tag("a", say("login.back"), href=f"/{area}"), class_="ways"),
    )  # fmt: skip
    return card_page(texts, say("login.mine"), body, status, wide=True)


def _line(desk: Desk, area: str, row: LoginSession, here: bool, seal: Html) -> Html:
    say = desk.house.texts.say
    device = row.device or say("login.some_device")
    about = tag(
        "div", tag("b", device), tag("span", say(f"login.area.{row.area}"), class_="chip"),
        tag("span", say("login.this_one"), class_="chip go") if here else None,
        tag("small", say("login.since", how=say(f"login.how.{row.how}"), since=say_moment(row.created_at),
                         seen=say_moment(row.seen_at))),
    )  # fmt: skip
    end = fields.form(
        f"/{area}/logins", seal, fields.keep("which", str(row.id)),
        tag("button", say("login.end"), type="submit", aria_label=f"{say('login.end')}：{device}"),
    )  # fmt: skip
    return tag("li", about, None if here else end)


def _renew_form(desk: Desk, area: str, seal: Html, wrong: str | None, has: bool, factor: bool) -> Html:
    texts = desk.house.texts
    asked = (
        fields.password_field(texts, "password", "login.present_password", "current-password"),
        fields.code_field(texts, "login.code", "login.code_hint") if factor else None,
    ) if has else ()  # fmt: skip
    send = tag("div", fields.submit(texts, "login.renew" if has else "login.set", main=False), class_="buttons")
    return fields.form(f"/{area}/renew", seal, fields.told(wrong), *asked, send)


def _has_password(uow: UnitOfWork, staff_id: int) -> bool:
    found = uow.session.get(Credential, staff_id)
    return found is not None and found.password_hash is not None
