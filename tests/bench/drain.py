"""How fast messages leave: straight after the commit, and what the durable engine brings up later."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.house import Plant
from bot.jobs import Jobs
from bot.sender import Sender
from storage import outbox
from storage.people import find_or_make
from storage.unit_of_work import UnitOfWork
from tests.fakes.channels import FakeChannel


def now() -> datetime:
    """The real time."""
    return datetime.now(UTC)


def put(plant: Plant, number: int, left_behind: bool) -> list[int]:
    """Write messages for as many people; `left_behind` as if their process had died an hour ago."""
    moment = now() - timedelta(hours=1) if left_behind else now()

    def work(uow: UnitOfWork) -> list[int]:
        rows = []
        for index in range(number):
            person = find_or_make(uow, "fake", f"chat-{left_behind}-{index}", moment)
            rows.append(outbox.put(uow, person.pseudonym, "fake", "thanks", moment))
        uow.session.flush()
        return [row.id or 0 for row in rows]

    return plant.database.run(work)


async def direct(plant: Plant, number: int) -> float:
    """Messages a second from commit to channel on the happy path."""
    channel = FakeChannel()
    sender = Sender(plant.database, plant.house.texts, {"fake": channel}, now)
    ids = put(plant, number, left_behind=False)
    started = time.perf_counter()
    await sender.send_now(ids)
    assert len(channel.sent) == number
    return number / (time.perf_counter() - started)


async def through_the_engine(plant: Plant, number: int) -> float:
    """Messages a second that the engine fetches and sends, from its start on."""
    channel = FakeChannel()
    sender = Sender(plant.database, plant.house.texts, {"fake": channel}, now)

    async def nothing(_ids: list[int]) -> None:
        return None

    put(plant, number, left_behind=True)
    jobs = Jobs(plant, sender, nothing, now)
    started = time.perf_counter()
    await asyncio.to_thread(jobs.start, asyncio.get_running_loop())
    await _until(lambda: len(channel.sent) >= number)
    seconds = time.perf_counter() - started
    await asyncio.to_thread(jobs.stop)
    return number / seconds


async def _until(done: Callable[[], bool]) -> None:
    while not done():
        await asyncio.sleep(0.05)
