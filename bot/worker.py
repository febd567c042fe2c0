"""`jianfu worker`: the durable engine without pages: sends what was left behind, calls the clock, polls Telegram."""

import asyncio
import signal

import structlog

from bot.house import Plant
from bot.server import Parts, build_parts, run_telegram, wall_clock

log = structlog.get_logger()


def work(plant: Plant) -> None:
    """Work until SIGTERM or SIGINT."""
    asyncio.run(_work(build_parts(plant, wall_clock)))


async def _work(parts: Parts) -> None:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await asyncio.to_thread(parts.jobs.start, loop)
    tasks = [asyncio.create_task(parts.jobs.beat())]
    if parts.telegram is not None and not parts.plant.settings.telegram_webhook:
        tasks.append(asyncio.create_task(run_telegram(parts)))
    log.info("working", owner=parts.plant.database.owner)
    await stopped.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.to_thread(parts.jobs.stop)
