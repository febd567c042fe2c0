"""Nothing acknowledged is lost, nothing is doubled uncounted, however often a process is killed."""

import os
import socket
from pathlib import Path

import pytest

from tests.faults.storm import blow, storm_in

COMPLAINTS = int(os.environ.get("JIANFU_FAULT_COMPLAINTS", "40"))
KILLS = int(os.environ.get("JIANFU_FAULT_KILLS", "5"))
SEED = int(os.environ.get("JIANFU_FAULT_SEED", "7"))


@pytest.fixture(params=["sqlite", "postgres"])
def backend(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def test_a_storm(database_url: str, tmp_path: Path, model_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with storm_in(tmp_path, database_url, model_dir, port, SEED) as storm:
        counted = blow(storm, COMPLAINTS, KILLS)
    with capsys.disabled():
        print(
            f"\n{database_url.partition(':')[0]}: " + ", ".join(f"{name} {number}" for name, number in counted.items())
        )
    assert counted["tickets"] == counted["different people"] == COMPLAINTS
    assert counted["undelivered"] == 0
    assert counted["repeated on screen"] <= counted["possible repeats counted"]
