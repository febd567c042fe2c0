"""The durable engine (DBOS): comes back for messages left behind, and calls the clock every minute.

Not on the happy path. Its arguments are row ids and moments only, since it stores them readably.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import structlog
from dbos import DBOS, SetWorkflowID

from bot.heads import export_heads
from bot.house import Plant
from bot.sender import Outcome, Sender
from storage import leases, outbox, slots
from storage.erasing import scrub
from storage.errors import DatabaseBusyError
from tickets.tick import tick

log = structlog.get_logger()

APPLICATION_VERSION = "jianfu-1"  # fixed: work queued by an older release is taken by this one
ZONE = "Asia/Shanghai"
MOST_ATTEMPTS = 50
BEAT_SECONDS, ALIVE = 5.0, timedelta(seconds=20)
EXECUTOR = "executor:"
STOP_SECONDS = 2


class Jobs:
    """Owns the engine's life in one process."""

    _loop: asyncio.AbstractEventLoop
    _sweep: Callable[[datetime, Any], None]
    _tick: Callable[[datetime, Any], None]

    def __init__(
        self,
        plant: Plant,
        sender: Sender,
        after_commit: Callable[[list[int]], Coroutine[Any, Any, None]],
        now: Callable[[], datetime],
    ) -> None:
        self._plant = plant
        self._sender = sender
        self._after_commit = after_commit
        self._now = now

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Register workflows and schedules, then launch; `loop` is where the sender lives."""
        self._loop = loop
        settings = self._plant.settings
        DBOS(config={
            "name": "jianfu", "system_database_url": settings.url, "application_version": APPLICATION_VERSION,
            "executor_id": self._plant.database.owner, "log_level": "ERROR", "enable_otlp": False,
        })  # fmt: skip
        self._register_sweep(self._register_delivery())
        self._register_clock()
        DBOS.launch()
        DBOS.apply_schedules([
            {"schedule_name": "sweep", "workflow_fn": self._sweep,
             "schedule": f"*/{settings.sweep_seconds} * * * * *", "cron_timezone": ZONE},
            {"schedule_name": "tick", "workflow_fn": self._tick, "schedule": "0 * * * * *", "cron_timezone": ZONE},
        ])  # fmt: skip

    def stop(self) -> None:
        """Stop taking work; what is unfinished stays in the database for whoever sweeps next."""
        DBOS.destroy(workflow_completion_timeout_sec=STOP_SECONDS)
        name = EXECUTOR + self._plant.database.owner
        self._plant.database.run(lambda uow: leases.release(uow, name))

    async def beat(self) -> None:
        """Say every few seconds that this process is alive; the work of silent ones is taken over."""
        name = EXECUTOR + self._plant.database.owner
        while True:
            await asyncio.to_thread(self._plant.database.run, lambda uow: leases.hold(uow, name, self._now(), ALIVE))
            await asyncio.sleep(BEAT_SECONDS)

    def _register_delivery(self) -> Callable[[int], str]:
        @DBOS.step(name="attempt")
        def attempt(row_id: int) -> tuple[str, float]:
            outcome: Outcome = self._on_loop(self._sender.send_one(row_id))
            return outcome.kind, outcome.seconds

        @DBOS.step(name="give_up")
        def give_up(row_id: int) -> None:
            self._on_loop(self._sender.give_up(row_id))

        @DBOS.workflow(name="deliver")
        def deliver(row_id: int) -> str:
            for _ in range(MOST_ATTEMPTS):
                kind, seconds = attempt(row_id)
                if kind not in ("later", "held"):
                    return kind
                DBOS.sleep(max(seconds, 1.0))
            give_up(row_id)
            return "given up"

        return deliver

    def _register_sweep(self, deliver: Callable[[int], str]) -> None:
        @DBOS.step(name="send_left_behind")
        def send_left_behind() -> list[int]:
            self._take_over()
            with self._plant.database.reading() as uow:
                left = outbox.due(uow, self._now())
            found: list[int] = self._on_loop(self._sender.send_left(left))
            return found

        @DBOS.workflow(name="sweep")
        def sweep(_scheduled: datetime, _context: Any) -> None:
            for row_id in send_left_behind():  # what one attempt did not settle gets a workflow of its own
                with SetWorkflowID(f"outbox:{row_id}"):
                    DBOS.start_workflow(deliver, row_id)

        self._sweep = sweep

    def _register_clock(self) -> None:
        @DBOS.step(name="run_tick")
        def run_tick() -> int:
            with self._plant.database.unit_of_work() as uow:
                done = tick(uow, self._plant.house, self._now())
                slots.touch(uow, "tick", self._now())
                uow.commit()
                ids = uow.outgoing_ids()
            self._on_loop(self._after_commit(ids))
            self._tidy()
            return done

        @DBOS.workflow(name="tick")
        def run(_scheduled: datetime, _context: Any) -> None:
            run_tick()

        self._tick = run

    def _tidy(self) -> None:
        """Outside any transaction: heads of the audit chain go to the log, erased bytes out of the files."""
        database = self._plant.database
        export_heads(database, self._plant.settings.data_dir)
        try:
            scrub(database, self._now())
        except DatabaseBusyError as error:  # somebody else writes: in a minute again
            log.warning("not scrubbed yet", why=type(error).__name__)

    def _take_over(self) -> None:
        """Resume what processes left pending that have been silent for twenty seconds."""
        with self._plant.database.reading() as uow:
            living = leases.alive(uow, EXECUTOR, self._now())
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        mine = self._plant.database.owner
        dead = [
            each.workflow_id for each in pending
            if each.executor_id not in (None, mine) and EXECUTOR + str(each.executor_id) not in living
        ]  # fmt: skip
        if dead:
            log.warning("taking over", workflows=len(dead))
            DBOS.resume_workflows(dead)

    def _on_loop(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
