"""Who is at a page: read once when it opens, asked again with every look and click of a page that stays open."""

import asyncio
from dataclasses import dataclass, replace

from fastapi import Request

from console import sessions
from console.desk import Desk
from console.errors import SignedOutError
from console.sessions import Session, read_session
from console.staff import Member, find_member
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Present:
    """A signed-in member of staff in one of the roles they hold; `desk` is bound to this sign-in."""

    session: Session
    member: Member
    desk: Desk


def present_at(desk: Desk, request: Request, area: str) -> Present | None:
    """Who is signed in to this area, while they still hold the role."""
    session = read_session(request, desk, area)
    if session is None:
        return None
    with desk.database.reading() as uow:
        member = find_member(uow, session.staff_id)
    if member is None or session.role not in member.roles:
        return None
    return Present(session, member, replace(desk, session_id=session.id))


async def present(desk: Desk, request: Request, area: str) -> Present | None:
    """The same for pages that stay open: they go on with the desk of the answer, which ends with the sign-in."""
    return await asyncio.to_thread(present_at, desk, request, area)


def require_present(uow: UnitOfWork, desk: Desk, clicked: bool = False) -> None:
    """SignedOutError when the sign-in behind a page is over; a click keeps it from being idle, a look does not."""
    if desk.session_id is None:
        return
    row = sessions.find(uow, desk.rules, desk.session_id, desk.now())
    if row is None:
        raise SignedOutError
    if clicked:
        sessions.touch(row, desk.now())
