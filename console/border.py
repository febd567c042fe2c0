"""Where a click becomes one unit of work with one commit, and where errors become a sentence on the page."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from nicegui import Client, ui

from console.desk import Desk
from storage.errors import DatabaseBusyError
from storage.unit_of_work import UnitOfWork
from texts.catalogue import Catalogue
from tickets.errors import TicketError

Result = TypeVar("Result")


async def look(desk: Desk, work: Callable[[UnitOfWork], Result]) -> Result:
    """Read in a worker thread."""

    def read() -> Result:
        with desk.database.reading() as uow:
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
    try:
        written = await asyncio.to_thread(commit, desk, work)
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


def explain(texts: Catalogue, error: TicketError | DatabaseBusyError) -> str:
    """The sentence of an error."""
    if not isinstance(error, TicketError):
        return texts.say("page.busy")
    params = dict(error.params)
    if "field" in params:
        params["field"] = texts.say(f"field.{params['field']}")
    return texts.say(error.key, **params)
