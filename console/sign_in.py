"""One-time sign-in links and the routes that turn them into a cookie."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import col, select

from console.desk import Desk
from console.errors import NobodyInRoleError
from console.plain import plain_page, safe_headers, step_page
from console.sessions import LASTS, Session, drop_cookie, read_session, set_cookie
from console.staff import DESK_AREA, ROLES_OF, area_of, find_member
from storage.models import LoginLink, Staff, StaffRole
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
    uow.session.add(LoginLink(token_hash=_hash(token), staff_id=staff.id or 0, role=role, expires_at=now + LINK_LASTS))
    uow.session.flush()
    return f"/{area}/enter?token={token}"


def redeem(uow: UnitOfWork, token: str, area: str, now: datetime) -> Session | None:
    """Use a link up; None (and nothing used) when unknown, used, expired, of another area or its holder gone."""
    link = uow.session.get(LoginLink, _hash(token), with_for_update=True)
    if link is None or link.used_at is not None or now >= link.expires_at:
        return None
    role, member = Role(link.role), find_member(uow, link.staff_id)
    if area_of(role) != area or member is None or role not in member.roles:
        return None
    link.used_at = now
    return Session(link.staff_id, role, now + LASTS)


def add_routes(app: FastAPI, desk: Desk) -> None:
    """`/desk/enter`, `/unit/enter`, leaving, and switching between the desk roles one person holds."""
    for area in ROLES_OF:
        app.get(f"/{area}/enter", include_in_schema=False)(_enter(desk, area))
        app.get(f"/{area}/leave", include_in_schema=False)(_leave(desk, area))
    app.get(f"/{DESK_AREA}/as/{{role}}", include_in_schema=False)(_switch(desk))


def _enter(desk: Desk, area: str) -> Callable[[Request, str], Response]:
    def enter(request: Request, token: str = "") -> Response:
        session = desk.database.run(lambda uow: redeem(uow, token, area, desk.now()))
        if session is None:
            return plain_page(desk.house.texts, "page.link_dead", 403)
        response = _go(request, area)
        set_cookie(response, desk, area, session)
        return response

    return enter


def _leave(desk: Desk, area: str) -> Callable[[], Response]:
    def leave() -> Response:
        response = plain_page(desk.house.texts, "page.left", 200)
        drop_cookie(response, desk, area)
        return response

    return leave


def _switch(desk: Desk) -> Callable[[Request, Role], Response]:
    def switch(request: Request, role: Role) -> Response:
        session = read_session(request, desk, DESK_AREA)
        if session is None:
            return plain_page(desk.house.texts, "page.sign_in", 401)
        with desk.database.reading() as uow:
            member = find_member(uow, session.staff_id)
        if member is None or role not in member.roles_in(DESK_AREA):
            return plain_page(desk.house.texts, "error.role", 403)
        response = _go(request, DESK_AREA)
        set_cookie(response, desk, DESK_AREA, Session(session.staff_id, role, session.until))
        return response

    return switch


def _go(request: Request, area: str) -> Response:
    """To the area; a click in another site's page (webmail) needs a step of our own, else Strict drops the cookie."""
    if request.headers.get("sec-fetch-site") == "cross-site":
        return step_page(f"/{area}")
    return RedirectResponse(f"/{area}", status_code=303, headers=safe_headers())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
