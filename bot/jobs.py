"""The durable engine (DBOS): comes back for messages left behind, and calls the clock every minute.

Not on the happy path. Its arguments are row ids and moments only, since it stores them readably.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

import structlog
from dbos import DBOS, SetWorkflowID

from bot.house import Plant
from bot.sender import Outcome, Sender
from storage import outbox
from tickets.tick import tick

log = structlog.get_logger()

APPLICATION_VERSION = "jianfu-1"  # fixed: work queued by an older release is taken by this one
ZONE = "Asia/Shanghai"
MOST_ATTEMPTS = 50
QUEUE = "outbox"


class Jobs:
    """Owns the engine's life in one process; `loop` is where the sender lives."""

    def __init__(
        self,
        plant: Plant,
        sender: Sender,
        loop: asyncio.AbstractEventLoop,
        after_commit: Callable[[list[int]], Coroutine[Any, Any, None]],
        now: Callable[[], datetime],
    ) -> None:
        self._plant = plant
        self._sender = sender
        self._loop = loop
        self._after_commit = after_commit
        self._now = now

    def start(self, executor_id: str = "embedded") -> None:
        """Register workflows and schedules, then launch; recovers what this executor left unfinished."""
        settings = self._plant.settings
        DBOS(config={
            "name": "jianfu", "system_database_url": settings.url, "application_version": APPLICATION_VERSION,
            "executor_id": executor_id, "log_level": "WARNING", "enable_otlp": False,
        })  # fmt: skip
        self._register()
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=20, polling_interval_sec=1.0)
        DBOS.apply_schedules([
            {"schedule_name": "sweep", "workflow_fn": self._sweep,
             "schedule": f"*/{settings.sweep_seconds} * * * * *", "cron_timezone": ZONE},
            {"schedule_name": "tick", "workflow_fn": self._tick, "schedule": "0 * * * * *", "cron_timezone": ZONE},
        ])  # fmt: skip

    def stop(self) -> None:
        """Stop taking work; what is unfinished stays in the database."""
        DBOS.destroy(workflow_completion_timeout_sec=0)

    def _register(self) -> None:
        @DBOS.step(name="attempt")
        def attempt(row_id: int) -> tuple[str, float]:
            return self._attempt(row_id)

        @DBOS.step(name="find_left_behind")
        def find_left() -> list[int]:
            return self._left_behind()

        @DBOS.step(name="run_tick")
        def run_tick() -> int:
            return self._run_tick()

        @DBOS.workflow(name="deliver")
        def deliver(row_id: int) -> str:
            for _ in range(MOST_ATTEMPTS):
                kind, seconds = attempt(row_id)
                if kind != "later":
                    return str(kind)
                DBOS.sleep(max(seconds, 1.0))
            return "given up"

        @DBOS.workflow(name="sweep")
        def sweep(_scheduled: datetime, _context: Any) -> None:
            for row_id in find_left():
                with SetWorkflowID(f"outbox:{row_id}"):
                    DBOS.start_workflow(deliver, row_id)

        @DBOS.workflow(name="tick")
        def run(_scheduled: datetime, _context: Any) -> None:
            run_tick()

        self._sweep, self._tick = sweep, run

    def _attempt(self, row_id: int) -> tuple[str, float]:
        sending = asyncio.run_coroutine_threadsafe(self._sender.send_one(row_id), self._loop)
        outcome: Outcome = sending.result()
        return outcome.kind, outcome.seconds

    def _left_behind(self) -> list[int]:
        with self._plant.database.reading() as uow:
            return outbox.due(uow, self._now())

    def _run_tick(self) -> int:
        with self._plant.database.unit_of_work() as uow:
            done = tick(uow, self._plant.house, self._now())
            uow.commit()
            ids = uow.outgoing_ids()
        asyncio.run_coroutine_threadsafe(self._after_commit(ids), self._loop).result()
        return done
