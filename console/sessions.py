"""The signed cookie of a signed-in person: one per area, so that one browser can hold both."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request, Response
from itsdangerous import BadSignature, URLSafeSerializer

from console.desk import Desk
from console.staff import area_of
from tickets.workflow import Role

LASTS = timedelta(hours=12)


@dataclass(frozen=True)
class Session:
    """Who is signed in, in which role, until when."""

    staff_id: int
    role: Role
    until: datetime


def cookie_name(area: str) -> str:
    """The cookie of an area; its path keeps it from being sent anywhere else."""
    return f"jf_{area}"


def set_cookie(response: Response, desk: Desk, area: str, session: Session) -> None:
    """Put the session into the area's cookie; the end of the session is signed with it and never moves."""
    value = _signer(desk, area).dumps([session.staff_id, session.role.value, int(session.until.timestamp())])
    response.set_cookie(
        cookie_name(area), value, max_age=max(int((session.until - desk.now()).total_seconds()), 0),
        path=f"/{area}", httponly=True, samesite="strict", secure=desk.secure_cookies,
    )  # fmt: skip


def drop_cookie(response: Response, desk: Desk, area: str) -> None:
    """Sign out of an area."""
    response.delete_cookie(
        cookie_name(area), path=f"/{area}", httponly=True, samesite="strict", secure=desk.secure_cookies
    )


def read_session(request: Request, desk: Desk, area: str) -> Session | None:
    """The session of a request, or None when absent, forged, of another area or over."""
    try:
        staff_id, role, until = _signer(desk, area).loads(request.cookies.get(cookie_name(area), ""))
        found = Session(int(staff_id), Role(role), datetime.fromtimestamp(until, desk.now().tzinfo))
    except (BadSignature, ValueError, TypeError):
        return None
    return found if desk.now() < found.until and area_of(found.role) == area else None


def _signer(desk: Desk, area: str) -> URLSafeSerializer:
    return URLSafeSerializer(desk.secret, salt=f"console:{area}")
