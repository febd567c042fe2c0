"""Two `serve` and two `worker` on one PostgreSQL: schedules exactly once, every process answers, one poller."""

import socket
import subprocess
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text

from tests.fakes.telegram_server import FakeTelegram
from tests.faults.storm import Storm


@pytest.fixture
def backend() -> str:
    return "postgres"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_four_processes_on_one_database(database_url: str, tmp_path: Path, model_dir: Path) -> None:
    with FakeTelegram() as telegram:
        storms = [Storm(tmp_path, database_url, model_dir, free_port(), 1, telegram) for _ in range(2)]
        try:
            for storm in storms:
                storm.start("serve")
                storm.start("worker")
            for storm in storms:
                wait_healthy(f"http://127.0.0.1:{storm.port}", storm.running["serve"])
            people = [telegram.person() for _ in range(6)]
            for number, person in enumerate(people):
                person.says(f"一周开了九个会，三个内容一模一样，没时间下村，第{number}次说")
            for person in people:
                person.wait_for("受理号JF-", 40)
            assert telegram.repeated == {}
            time.sleep(6)
        finally:
            for storm in storms:
                storm.stop()
    once(database_url)


def once(url: str) -> None:
    """Every scheduled moment was run by exactly one process."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT workflow_uuid, name FROM dbos.workflow_status WHERE name = 'sweep'"))
        runs = Counter(row[0] for row in rows)
    engine.dispose()
    assert len(runs) >= 2 and set(runs.values()) == {1}


def wait_healthy(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "serve ended"
        try:
            if httpx.get(f"{url}/api/health", timeout=1).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail("never healthy")
