"""The fault run: complaints flow through a misbehaving Telegram while `serve` and `worker` are killed at random.

Run `make test-faults` for 100 kills and 500 complaints; `make test` does 5 kills and 40 complaints.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import col, select

from bot.house import Plant, build, prepare
from bot.settings import Settings
from storage.models import Outbox, Staff, StaffRole, Ticket, Unit
from storage.unit_of_work import UnitOfWork
from tests.fakes.telegram_people import Person
from tests.fakes.telegram_server import FakeTelegram
from tickets import review
from tickets.moving import Actor
from tickets.workflow import Role

ROOT = Path(__file__).parents[2]
TEXTS = (
    "民政要一遍残联要一遍妇联又要一遍，同一张留守儿童表我们村填了三回",
    "应急局这个月来查了七次消防，每次都要书记陪着走一圈",
    "每天要在APP上打卡四次，少一次就全镇通报排名",
    "一周开了九个会，三个内容一模一样，没时间下村",
)
PARAPHRASE = "有同志反映，有关要求次数多、内容重复，望研究合并"


@dataclass
class Storm:
    """One run: processes, people, and what was counted."""

    folder: Path
    url: str
    model_dir: Path
    port: int
    seed: int
    telegram: FakeTelegram
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: int = 0

    def start(self, name: str) -> None:
        """Start `serve` or `worker`."""
        environment = {
            **os.environ, "JIANFU_DATA_DIR": str(self.folder), "JIANFU_DATABASE_URL": self.url,
            "JIANFU_MODEL_DIR": str(self.model_dir), "JIANFU_PORT": str(self.port),
            "JIANFU_TELEGRAM_TOKEN": self.telegram.token, "JIANFU_TELEGRAM_BASE_URL": self.telegram.url,
            "JIANFU_OUTBOX_LEASE_SECONDS": "6", "JIANFU_SWEEP_SECONDS": "2", "JIANFU_LOG_LEVEL": "WARNING",
        }  # fmt: skip
        command = [sys.executable, "-c", "from bot.cli import main; main()", name]
        log = (self.folder / f"{name}.{self.port}.log").open("ab")
        self.running[name] = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        log.close()

    def kill(self, name: str) -> None:
        """kill -9, without a word."""
        with suppress(ProcessLookupError):
            self.running[name].send_signal(signal.SIGKILL)
        self.running[name].wait()
        self.kills += 1

    def stop(self) -> None:
        """End what still runs."""
        for process in self.running.values():
            process.kill()
            process.wait()


def plant_of(storm: Storm) -> Plant:
    """The same database seen from the test's own process."""
    settings = Settings(
        data_dir=storm.folder, database_url=storm.url, model_dir=storm.model_dir, outbox_lease_seconds=1,
        _env_file=None,
    )  # fmt: skip
    return build(settings, prepare(settings))


def blow(storm: Storm, complaints: int, kills: int) -> dict[str, int]:
    """Send complaints while killing; returns what was counted once the storm is over. Raises when something is lost."""
    dice, plant = random.Random(storm.seed), plant_of(storm)
    people = [storm.telegram.person() for _ in range(complaints)]
    storm.telegram.misbehave(storm.seed, rate=0.08)
    for name in ("serve", "worker"):
        storm.start(name)
    moments = sorted(dice.sample(range(1, complaints), min(kills, complaints - 1)))
    for number, person in enumerate(people):
        person.says(f"{TEXTS[number % len(TEXTS)]}，第{number}号")
        if number in moments:
            time.sleep(dice.uniform(0.3, 5.0))
            name = dice.choice(("serve", "worker"))
            storm.kill(name)
            storm.start(name)
    wait_for(lambda: acknowledged(people) == complaints, 240, lambda: f"{acknowledged(people)} acknowledged")
    approve_all(plant)
    wait_for(lambda: noticed(people) == complaints, 240, lambda: f"{noticed(people)} noticed")
    storm.telegram.behave()
    wait_for(lambda: unsent(plant) == 0, 60, lambda: f"{unsent(plant)} unsent")
    counted = count(storm, plant, complaints)
    plant.database.engine.dispose()
    return counted


def count(storm: Storm, plant: Plant, complaints: int) -> dict[str, int]:
    """The books: what was written, what arrived, what came twice and whether that was counted."""
    with plant.database.reading() as uow:
        tickets = list(uow.session.exec(select(Ticket)))
        rows = list(uow.session.exec(select(Outbox).where(Outbox.channel == "telegram")))
    copies = sum(storm.telegram.repeated.values()) - len(storm.telegram.repeated)
    return {
        "complaints": complaints, "tickets": len(tickets), "different people": len({t.person for t in tickets}),
        "kills": storm.kills, "troubles met": len(storm.telegram.troubles_met), "notices": len(rows),
        "undelivered": sum(row.sent_at is None for row in rows), "repeated on screen": copies,
        "possible repeats counted": sum(row.repeats for row in rows),
    }  # fmt: skip


def acknowledged(people: list[Person]) -> int:
    """How many hold a receipt."""
    return sum(any("受理号JF-" in seen.text for seen in person.inbox) for person in people)


def noticed(people: list[Person]) -> int:
    """How many were told that their ticket was assigned."""
    return sum(any("已交办" in seen.text for seen in person.inbox) for person in people)


def unsent(plant: Plant) -> int:
    """Rows that have not left."""
    with plant.database.reading() as uow:
        return len(uow.session.exec(select(Outbox.id).where(col(Outbox.sent_at).is_(None))).all())


def approve_all(plant: Plant) -> None:
    """A lead assigns everything; the pushes are left to whoever sweeps."""

    def work(uow: UnitOfWork) -> None:
        lead = uow.session.exec(select(Staff).join(StaffRole).where(StaffRole.role == "lead")).first()
        unit = uow.session.exec(select(Unit.code).order_by(Unit.code)).first()
        assert lead is not None and unit is not None
        for ticket in uow.session.exec(select(Ticket).where(Ticket.state == "received")):
            actor = Actor(Role.LEAD, str(lead.id))
            review.approve(uow, plant.house, ticket, actor, PARAPHRASE, unit, "全市", ticket.created_at, "T1")

    plant.database.run(work)


def wait_for(done, seconds: float, state) -> None:  # type: ignore[no-untyped-def]
    """Wait until something is true, or say how far it came."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, state()
        time.sleep(0.3)


@contextmanager
def storm_in(folder: Path, url: str, model_dir: Path, port: int, seed: int) -> Iterator[Storm]:
    """A storm with its own Telegram; everything is ended afterwards."""
    with FakeTelegram() as telegram:
        storm = Storm(folder, url, model_dir, port, seed, telegram)
        try:
            yield storm
        finally:
            storm.stop()
