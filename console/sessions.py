"""Signed-in browsers: a row on the server, a signed cookie with a random token, one per area.

The row decides: it ends by itself (idle, or too long), or is ended from another browser. The token is new at every
sign-in and whenever the role changes: one that was planted or overheard before is worth nothing (NIST SP 800-63B §5).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request, Response
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete
from sqlmodel import col, select

from console.desk import Desk
from console.login.rules import LoginRules
from console.staff import area_of
from storage.models import LoginSession
from storage.tokens import hash_token
from storage.unit_of_work import UnitOfWork
from tickets.workflow import Role

TOUCH = timedelta(minutes=1)  # how exactly the last click is known: not every click is a write
KEPT = timedelta(days=30)  # how long an ended sign-in stays in the list of its owner


@dataclass(frozen=True)
class Session:
    """Who is signed in, in which role, until when."""

    id: int
    staff_id: int
    role: Role
    until: datetime


def cookie_name(area: str) -> str:
    """The cookie of an area; its path keeps it from being sent anywhere else."""
    return f"jf_{area}"


def begin(uow: UnitOfWork, desk: Desk, staff_id: int, role: Role, how: str, device: str) -> tuple[LoginSession, str]:
    """A new sign-in and the token for its cookie."""
    area, now, token = area_of(role) or "", desk.now(), secrets.token_urlsafe(32)
    forgotten = col(LoginSession.staff_id) == staff_id, col(LoginSession.expires_at) <= now - KEPT
    uow.session.exec(delete(LoginSession).where(*forgotten))
    row = LoginSession(
        token_hash=hash_token(token), staff_id=staff_id, area=area, role=role.value, how=how, device=device,
        created_at=now, seen_at=now, expires_at=now + desk.rules.lasts_in(area),
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    return row, token


def switch(uow: UnitOfWork, session_id: int, role: Role) -> tuple[LoginSession, str]:
    """Another role in the same sign-in, under a new token; when it ends does not move."""
    row, token = uow.session.get_one(LoginSession, session_id), secrets.token_urlsafe(32)
    row.role, row.token_hash = role.value, hash_token(token)
    return row, token


def end(row: LoginSession, now: datetime) -> None:
    """Over, here and in every open page."""
    row.ended_at = row.ended_at or now


def find(uow: UnitOfWork, rules: LoginRules, session_id: int, now: datetime) -> LoginSession | None:
    """The sign-in with this id while it lasts."""
    row = uow.session.get(LoginSession, session_id)
    return row if row is not None and lasts(row, rules, now) else None


def lasts(row: LoginSession, rules: LoginRules, now: datetime) -> bool:
    """Neither ended, nor idle for too long, nor simply over."""
    return row.ended_at is None and now < row.expires_at and now < row.seen_at + rules.idle_in(row.area)


def touch(row: LoginSession, now: datetime) -> None:
    """Somebody is at work."""
    if now - row.seen_at >= TOUCH:
        row.seen_at = now


def of_staff(uow: UnitOfWork, staff_id: int) -> list[LoginSession]:
    """The sign-ins of a person in all areas, newest first."""
    query = select(LoginSession).where(LoginSession.staff_id == staff_id).order_by(col(LoginSession.id).desc())
    return list(uow.session.exec(query))


def set_cookie(response: Response, desk: Desk, row: LoginSession, token: str) -> None:
    """Put the token into the area's cookie, signed."""
    response.set_cookie(
        cookie_name(row.area), _signer(desk, row.area).dumps(token),
        max_age=max(int((row.expires_at - desk.now()).total_seconds()), 0), path=f"/{row.area}", httponly=True,
        samesite="strict", secure=desk.secure_cookies,
    )  # fmt: skip


def drop_cookie(response: Response, desk: Desk, area: str) -> None:
    """Sign out of an area."""
    response.delete_cookie(
        cookie_name(area), path=f"/{area}", httponly=True, samesite="strict", secure=desk.secure_cookies
    )


def read_session(request: Request, desk: Desk, area: str) -> Session | None:
    """The sign-in of a request, or None when absent, forged, of another area or over; it counts as a click."""
    try:
        token = str(_signer(desk, area).loads(request.cookies.get(cookie_name(area), "")))
    except (BadSignature, ValueError):
        return None
    with desk.database.reading() as uow:
        row = uow.session.exec(select(LoginSession).where(LoginSession.token_hash == hash_token(token))).first()
        if row is None or row.area != area or not lasts(row, desk.rules, desk.now()):
            return None
        found = Session(row.id or 0, row.staff_id, Role(row.role), row.expires_at)
        idle = desk.now() - row.seen_at
    if idle >= TOUCH:
        desk.database.run(lambda uow: touch(uow.session.get_one(LoginSession, found.id), desk.now()))
    return found


def _signer(desk: Desk, area: str) -> URLSafeSerializer:
    return URLSafeSerializer(desk.secret, salt=f"console:{area}")
