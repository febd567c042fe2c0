"""A served product to measure: started as a process, watched from outside."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.bench.memory import resident

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Served:
    """A running `jianfu serve`."""

    url: str
    pid: int
    cold_start: float  # seconds from exec to the first healthy answer

    def memory(self) -> float:
        """Resident memory in MB."""
        return resident(self.pid)


@contextmanager
def served(folder: Path, database_url: str, model_dir: Path) -> Iterator[Served]:
    """Serve over a migrated database until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ, "JIANFU_DATA_DIR": str(folder), "JIANFU_DATABASE_URL": database_url, "JIANFU_PORT": str(port),
        "JIANFU_MODEL_DIR": str(model_dir), "JIANFU_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    command = [sys.executable, "-c", "from bot.cli import main; main()", "serve"]
    started, url = time.perf_counter(), f"http://127.0.0.1:{port}"
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_ready(url, process)
        yield Served(url, process.pid, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    """Block until the health route answers."""
    while process.poll() is None:
        try:
            if httpx.get(f"{url}/api/health", timeout=1).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.02)
    raise RuntimeError("jianfu serve ended before it was ready")
