"""Where a click becomes one unit of work with one commit, and where errors become a sentence on the page.

Every look and every click of an open page asks first whether its sign-in still lasts: a revoked one ends at once.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from nicegui import Client, ui

from console.desk import Desk
from console.present import require_present
from console.wording import explain
from storage.errors import DatabaseBusyError
from storage.unit_of_work import UnitOfWork
from tickets.errors import TicketError

Result = TypeVar("Result")


async def look(desk: Desk, work: Callable[[UnitOfWork], Result]) -> Result:
    """Read in a worker thread; SignedOutError when the sign-in of the page is over."""

    def read() -> Result:
        with desk.database.reading() as uow:
            require_present(uow, desk)
            return work(uow)

    return await asyncio.to_thread(read)


async def attempt(
    desk: Desk,
    work: Callable[[UnitOfWork], object],
    done: str | None = None,
    warn: Callable[[], str | None] = lambda: None,
) -> bool:
    """Do and commit in a worker thread, then wake the sender; a refusal is told and False, nothing typed is lost.

    `warn` gives what to say instead of `done` when the work was a refusal that had to be written down.
    """
    client = ui.context.client  # the button that was pressed may be gone when the work is done

    def checked(uow: UnitOfWork) -> None:
        require_present(uow, desk, clicked=True)
        work(uow)

    try:
        written = await asyncio.to_thread(commit, desk, checked)
    except (TicketError, DatabaseBusyError) as error:
        _warn(client, explain(desk.house.texts, error))
        return False
    desk.nudge(written)
    if (warning := warn()) is not None:
        _warn(client, warning)
    elif done is not None:
        with client:
            ui.notify(done, type="positive", position="top")
    return True


def _warn(client: Client, told: str) -> None:
    with client:
        ui.notify(told, color="warning", textColor="white", position="top", timeout=8000, close_button="×")


def commit(desk: Desk, work: Callable[[UnitOfWork], object]) -> list[int]:
    """Run `work` in one unit of work; gives the ids of the outbox rows it wrote."""

    def run(uow: UnitOfWork) -> UnitOfWork:
        work(uow)
        return uow

    return desk.database.run(run).outgoing_ids()
