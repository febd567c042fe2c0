"""An open desk page is bound to the sign-in it was opened with."""

import asyncio

from fastapi import Request
from nicegui import ui

from console.desk import Desk
from console.present import Present, present_at

BOUND = "session"


async def present(desk: Desk, request: Request, area: str) -> Present | None:
    """Who is signed in to this area, while they still hold the role; the page is bound to this sign-in."""
    found = await asyncio.to_thread(present_at, desk, request, area)
    if found is not None:
        ui.context.client.storage[BOUND] = found.session.id
    return found


def bound_session() -> int | None:
    """The sign-in behind the open page; None before it is bound."""
    found: int | None = ui.context.client.storage.get(BOUND)
    return found
