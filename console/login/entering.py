"""The one place where a browser becomes signed in, however the person proved who they are."""

from fastapi import Request, Response

from console import sessions
from console.desk import Desk
from console.login.devices import device_words, remember_device
from console.login.form_guard import Seed
from console.staff import area_of
from storage.models import LoginSession
from storage.unit_of_work import UnitOfWork
from tickets.workflow import Role


def enter(request: Request, response: Response, desk: Desk, staff_id: int, role: Role, how: str) -> None:
    """Begin a sign-in in this browser: whatever was signed in here before ends, the token is new."""
    area = area_of(role) or ""
    before = sessions.read_session(request, desk, area)

    def begin(uow: UnitOfWork) -> tuple[LoginSession, str]:
        if before is not None:
            sessions.end(uow.session.get_one(LoginSession, before.id), desk.now())
        return sessions.begin(uow, desk, staff_id, role, how, device_words(request))

    row, token = desk.database.run(begin)
    sessions.set_cookie(response, desk, row, token)
    Seed(request, desk, area).drop(response)
    if how != "link":
        remember_device(request, response, desk, area, staff_id)
