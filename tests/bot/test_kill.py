"""kill -9 between commit and send: after a restart the durable engine sends the message, once."""

import subprocess
import sys
import time
from pathlib import Path

SCRIPT = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.house import Plant, open_database, prepare
from bot.jobs import Jobs
from bot.sender import Sender
from bot.settings import Settings
from storage import outbox
from storage.people import find_or_make
from texts.catalogue import load_catalogue

folder, role = Path(sys.argv[1]), sys.argv[2]
settings = Settings(data_dir=folder, outbox_lease_seconds=1, sweep_seconds=1, _env_file=None)
now = lambda: datetime.now(UTC)

class FileChannel:
    name = "file"
    limits = None
    async def send(self, address, message, silent):
        with (folder / "delivered").open("a") as handle:
            handle.write(f"{address} {message.text}\\n")
        return "1"
    async def edit(self, address, external_id, message):
        raise AssertionError

def commit_and_die():
    database = prepare(settings)
    def work(uow):
        person = find_or_make(uow, "file", "chat-1", now())
        outbox.put(uow, person.pseudonym, "file", "thanks", now())
    database.run(work)
    os.kill(os.getpid(), signal.SIGKILL)

async def recover():
    database = open_database(settings)
    texts = load_catalogue()
    sender = Sender(database, texts, {"file": FileChannel()}, now)
    class House: pass
    async def nothing(ids): ...
    jobs = Jobs(Plant(settings, database, House()), sender, nothing, now)
    await asyncio.to_thread(jobs.start, asyncio.get_running_loop())
    await asyncio.sleep(float(sys.argv[3]))
    await asyncio.to_thread(jobs.stop)

commit_and_die() if role == "commit" else asyncio.run(recover())
"""


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), *args], capture_output=True, text=True, timeout=120,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip


def test_a_message_survives_the_death_of_its_process(tmp_path: Path) -> None:
    died = run(tmp_path, "commit")
    assert died.returncode == -9, died.stderr
    assert not (tmp_path / "delivered").exists()
    time.sleep(1.1)  # the dead process' lease runs out
    recovered = run(tmp_path, "recover", "8")
    assert recovered.returncode == 0, recovered.stderr
    delivered = (tmp_path / "delivered").read_text().splitlines()
    assert len(delivered) == 1 and delivered[0].startswith("chat-1 谢谢您"), recovered.stderr
    again = run(tmp_path, "recover", "3")
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "delivered").read_text().splitlines() == delivered
