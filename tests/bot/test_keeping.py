"""The commands of keeping, as an administrator runs them; heads in the log; `/del` with the process killed."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.heads import HEADS_FILE, export_heads, note_restore, read_heads
from dialogs.engine import turn
from dialogs.incoming import Incoming
from storage import audit
from storage.database import Database, make_engine
from storage.models import Audit, Outbox, Tombstone, VaultEntry
from storage.vault import load_vault
from tests.storage.planting import DECOYS, NOW, kill_at_random, plant
from tickets.house import House

ROOT = Path(__file__).parents[2]
ERASE = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from dialogs.engine import turn
from dialogs.incoming import Incoming
from nlu.taxonomy import load_taxonomy
from storage.database import Database, make_engine
from storage.erasing import scrub
from storage.vault import load_vault
from texts.catalogue import load_catalogue
from tickets.calendar import load_calendar
from tickets.clock import Clock
from tickets.house import House
url, keys = sys.argv[1], Path(sys.argv[2])
database = Database(make_engine(url), load_vault(keys, create=False), "erasing")
house = House(Clock(load_calendar()), None, load_taxonomy(), load_catalogue())
said = Incoming("telegram", "chat-7c1f0a-0", "del-1", datetime(2026, 11, 24, 3, tzinfo=UTC), text="/del")
print("ready", flush=True)
database.run(lambda uow: turn(uow, house, said))
scrub(database, said.at)
"""


def jianfu(folder: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "JIANFU_DATA_DIR": str(folder), **env}
    command = [sys.executable, "-c", "from bot.cli import main; main()", *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, cwd=ROOT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a planted database."""
    data = tmp_path / "var"
    assert jianfu(data, "migrate").returncode == 0
    database = opened(data)
    plant(database, 3)
    database.run(lambda uow: audit.seal(uow, NOW + timedelta(minutes=1)))
    export_heads(database, data)
    database.engine.dispose()
    return data


def opened(data: Path) -> Database:
    return Database(
        make_engine(f"sqlite:///{data / 'jianfu.db'}"), load_vault(data / "keys" / "vault.key", create=False)
    )


def test_rotate_backup_restore_verify(folder: Path, tmp_path: Path) -> None:
    saved, elsewhere = tmp_path / "night.backup", tmp_path / "elsewhere"
    assert "old keys dropped" in jianfu(folder, "rotate-keys").stdout
    assert jianfu(folder, "backup", str(saved)).returncode == 0
    key = folder / "keys" / "backup.key"
    blob = saved.read_bytes()
    assert not [decoy for decoy in DECOYS if decoy.encode() in blob]
    refused = jianfu(folder, "restore", str(saved))
    assert refused.returncode == 2 and "--overwrite" in refused.stderr
    assert jianfu(elsewhere, "restore", str(saved), "--key-file", str(key)).returncode == 0
    database = opened(elsewhere)
    with database.reading() as uow:
        assert uow.vault.find(uow.session, "chat:telegram", f"{DECOYS[0]}-2")
        assert {"rotate_keys", "backup", "restore"} <= set(uow.session.exec(select(Audit.action)))
    database.engine.dispose()
    checked = jianfu(elsewhere, "verify-audit")
    assert checked.returncode == 0 and "3 rows in 1 seals checked; 3 not sealed yet" in checked.stdout
    later = jianfu(elsewhere, "verify-audit", "--heads", str(folder / HEADS_FILE))
    assert later.returncode == 0, later.stdout


def test_verify_audit_names_the_row_and_fails(folder: Path) -> None:
    database = opened(folder)
    database.run(lambda uow: uow.session.execute(text("UPDATE audit SET actor = 'somebody' WHERE id = 2")))
    database.engine.dispose()
    checked = jianfu(folder, "verify-audit")
    assert checked.returncode == 1 and "DAMAGE row 2 changed (seal 1)" in checked.stdout


def test_verify_audit_sees_a_cut_off_tail_by_the_exported_heads(folder: Path) -> None:
    database = opened(folder)
    database.run(lambda uow: [uow.session.execute(text(f"DELETE FROM {name}")) for name in ("audit", "audit_seal")])
    database.engine.dispose()
    checked = jianfu(folder, "verify-audit")
    assert checked.returncode == 1 and "tail cut off" in checked.stdout


def test_health_is_counts(folder: Path) -> None:
    ended = jianfu(folder, "health")
    found = json.loads(ended.stdout)
    assert found["waiting"] == 3 and found["unsealed"] == 0 and found["schema"] and found["disk_free_mb"] > 0
    assert found["key_age_days"] == 0 and found["backup_age_h"] is None
    assert not [decoy for decoy in DECOYS if decoy in ended.stdout] and not re.search(r"p[0-9a-f]{16}", ended.stdout)


def test_a_backup_needs_its_key(folder: Path, tmp_path: Path) -> None:
    saved, wrong = tmp_path / "a.backup", tmp_path / "wrong.key"
    jianfu(folder, "backup", str(saved))
    wrong.write_text("not the right secret at all")
    wrong.chmod(0o600)
    ended = jianfu(tmp_path / "new", "restore", str(saved), "--key-file", str(wrong))
    assert ended.returncode == 2 and len(ended.stderr.strip().splitlines()) == 1


def test_heads_are_exported_once_and_survive_a_torn_line(folder: Path) -> None:
    database, path = opened(folder), folder / HEADS_FILE
    assert export_heads(database, folder) == 0 and len(read_heads(path)) == 1
    with path.open("a") as handle:
        handle.write('{"seal": 2, "he\n')
    database.run(lambda uow: audit.write(uow, "x", "admin", "cli", NOW) and None)
    database.run(lambda uow: audit.seal(uow, NOW + timedelta(minutes=2)))
    assert export_heads(database, folder) == 1 and sorted(read_heads(path)) == [1, 2]
    note_restore(folder, "a.backup")
    assert read_heads(path) == {}
    database.engine.dispose()


def test_del_killed_at_random_points_ends_with_one_answer_and_no_trace(
    database: Database, house: House, tmp_path: Path
) -> None:
    plant(database, 2)
    first = Incoming("telegram", f"{DECOYS[0]}-0", "said-1", datetime(2026, 11, 24, 2, 30, tzinfo=UTC),
                     text="民政局一个月让我们填了三遍留守儿童表，我电话13812345678")  # fmt: skip
    database.run(lambda uow: turn(uow, house, first))
    args = [str(database.engine.url), str(tmp_path / "keys" / "vault.key")]
    for seed in range(2):
        kill_at_random(ERASE, args, seed, wanted=4)
    with database.reading() as uow:
        opened = [uow.vault.open(entry.sealed) for entry in uow.session.exec(select(VaultEntry))]
        assert not [value for value in opened if f"{DECOYS[0]}-0".encode() == value or b"13812345678" in value]
        assert f"{DECOYS[0]}-1".encode() in opened
        assert len([row for row in uow.session.exec(select(Outbox)) if row.reply_to == "del-1"]) == 1
        stones = uow.session.exec(select(Tombstone)).all()
        assert [stone.what for stone in stones] == ["identity"] and stones[0].scrubbed_at is not None
