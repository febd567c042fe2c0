"""One-time sign-in links (development), leaving, and switching between the desk roles one person holds."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import col, select

from console import sessions
from console.desk import Desk
from console.errors import NobodyInRoleError
from console.login.entering import enter as enter_browser
from console.login.form_guard import FIELD, refuse, session_token
from console.login.join_page import add_join
from console.login.logins_page import add_logins, not_signed_in
from console.login.observer_page import add_observer_page
from console.login.sign_in_page import add_sign_in
from console.plain import plain_page, safe_headers, step_page
from console.present import present_at
from console.staff import DESK_AREA, ROLES_OF, area_of, find_member
from storage.models import LoginLink, LoginSession, Staff, StaffRole
from storage.tokens import hash_token
from storage.unit_of_work import UnitOfWork
from tickets.errors import NotAllowedError
from tickets.workflow import Role

LINK_LASTS = timedelta(hours=24)


def make_link(uow: UnitOfWork, role: str, now: datetime, login: str | None = None) -> str:
    """A path that signs in once within 24 hours, for `login` or the first active holder of the role."""
    area = area_of(Role(role))
    if area is None:
        raise NotAllowedError(role=role)
    query = select(Staff).join(StaffRole).where(StaffRole.role == role, col(Staff.active))
    if login is not None:
        query = query.where(Staff.login == login)
    staff = uow.session.exec(query.order_by(col(Staff.id))).first()
    if staff is None:
        raise NobodyInRoleError(role=role)
    token = secrets.token_urlsafe(32)
    uow.session.add(LoginLink(
        token_hash=hash_token(token), staff_id=staff.id or 0, role=role, expires_at=now + LINK_LASTS
    ))  # fmt: skip
    uow.session.flush()
    return f"/{area}/enter?token={token}"


def redeem(uow: UnitOfWork, token: str, area: str, now: datetime) -> tuple[int, Role] | None:
    """Use a link up; None (and nothing used) when unknown, used, expired, of another area or its holder gone."""
    link = uow.session.get(LoginLink, hash_token(token), with_for_update=True)
    if link is None or link.used_at is not None or now >= link.expires_at:
        return None
    role, member = Role(link.role), find_member(uow, link.staff_id)
    if area_of(role) != area or member is None or role not in member.roles:
        return None
    link.used_at = now
    return link.staff_id, role


def add_routes(app: FastAPI, desk: Desk) -> None:
    """Everything around signing in: pages, links, leaving, switching roles."""
    add_sign_in(app, desk)
    add_join(app, desk)
    add_logins(app, desk)
    add_observer_page(app, desk)
    for area in ROLES_OF:
        app.get(f"/{area}/enter", include_in_schema=False)(_enter(desk, area))
        app.post(f"/{area}/leave", include_in_schema=False)(_leave(desk, area))
    app.post(f"/{DESK_AREA}/as/{{role}}", include_in_schema=False)(_switch(desk))


def _enter(desk: Desk, area: str) -> Callable[[Request, str], Response]:
    def enter(request: Request, token: str = "") -> Response:
        found = desk.database.run(lambda uow: redeem(uow, token, area, desk.now())) if desk.rules.links else None
        if found is None:
            return plain_page(desk.house.texts, "page.link_dead", 403)
        response = _go(request, area)
        enter_browser(request, response, desk, *found, "link")
        return response

    return enter


def _leave(desk: Desk, area: str) -> Callable[..., Response]:
    def leave(request: Request, token: Annotated[str, Form(alias=FIELD, max_length=64)] = "") -> Response:
        session = sessions.read_session(request, desk, area)
        if session is not None:
            if (refused := refuse(request, desk, session_token(desk, session.id), token)) is not None:
                return refused
            desk.database.run(lambda uow: sessions.end(uow.session.get_one(LoginSession, session.id), desk.now()))
        response = plain_page(desk.house.texts, "page.left", 200, ("login.go", f"/{area}/sign-in"))
        sessions.drop_cookie(response, desk, area)
        return response

    return leave


def _switch(desk: Desk) -> Callable[..., Response]:
    def switch(request: Request, role: Role, token: Annotated[str, Form(alias=FIELD, max_length=64)] = "") -> Response:
        here = present_at(desk, request, DESK_AREA)
        if here is None:
            return not_signed_in(desk, DESK_AREA)
        if (refused := refuse(request, desk, session_token(desk, here.session.id), token)) is not None:
            return refused
        if role not in here.member.roles_in(DESK_AREA):
            return plain_page(desk.house.texts, "error.role", 403)
        response = _go(request, DESK_AREA)
        row, fresh = desk.database.run(lambda uow: sessions.switch(uow, here.session.id, role))
        sessions.set_cookie(response, desk, row, fresh)
        return response

    return switch


def _go(request: Request, area: str) -> Response:
    """To the area; a click in another site's page (webmail) needs a step of our own, else Strict drops the cookie."""
    if request.headers.get("sec-fetch-site") == "cross-site":
        return step_page(f"/{area}")
    return RedirectResponse(f"/{area}", status_code=303, headers=safe_headers())
