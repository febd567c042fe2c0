"""A database with sealed values in every place that has any, and a child process that can be killed."""

import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import audit, outbox
from storage.database import Database
from storage.people import find_or_make
from storage.unit_of_work import UnitOfWork

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
DECOYS = ("chat-7c1f0a", "原话里的欧阳明镜", "13912345678")


def plant(database: Database, people: int) -> None:
    """People with addresses, words and files in the vault, secrets in the outbox, rows in the audit log."""

    def work(uow: UnitOfWork) -> None:
        for number in range(people):
            who = find_or_make(uow, "telegram", f"{DECOYS[0]}-{number}", NOW).pseudonym
            uow.vault.put(uow.session, who, "words", f"{DECOYS[1]} {DECOYS[2]} {number}".encode(), NOW)
            uow.vault.put(uow.session, who, "file", f"{DECOYS[1]} {number}".encode() * 200, NOW)
            outbox.put(uow, who, "telegram", "thanks", NOW, secrets={"claim": f"{number:04}"})
            audit.write(uow, "receive", "complainant", who, NOW + timedelta(seconds=number), f"ticket:{number}")

    database.run(work)


def kill_at_random(script: str, args: list[str], seed: int, wanted: int = 4, once: bool = False) -> tuple[int, str]:
    """Kill a script at random moments after it said 「ready」, then let it run to its end.

    `once`: a run that ends by itself is the end. Gives the kills that hit it at work, and what the last run printed.
    """
    draw, kills, span = random.Random(seed), 0, 0.4
    for turn in range(wanted + 1):
        child = subprocess.Popen(
            [sys.executable, "-c", script, *args], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert child.stdout is not None and child.stdout.readline().strip() == "ready", child.communicate()[1]
        if turn < wanted:
            time.sleep(draw.uniform(0, span))
            child.send_signal(signal.SIGKILL)
        said, failed = child.communicate(timeout=120)
        if child.returncode == -signal.SIGKILL:
            kills += 1
            continue
        assert child.returncode == 0, failed
        span /= 2  # it was faster than we
        if once:
            break
    return kills, said
