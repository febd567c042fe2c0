"""Encrypted backup: one file, verified, both databases into each other; without its key it says nothing."""

import base64
import re
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import SQLModel, select

from storage import audit
from storage.backup import back_up, verify
from storage.casket import read_secret
from storage.database import Database, make_engine
from storage.errors import BackupError, KeyFileError, NotEmptyError
from storage.keyring import new_keyring, read_keyring, write_keyring
from storage.migrate import migrate
from storage.models import Outbox, Unit, VaultEntry
from storage.outbox import parameters, put
from storage.people import find_or_make
from storage.restore import restore
from storage.rotation import rotate
from storage.vault import load_vault
from tests.postgres import drop_database, fresh_database
from tests.storage.planting import DECOYS, NOW, kill_at_random, plant

SECRET = b"correct horse battery staple 42"
SCRIPT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from storage.database import make_engine
from storage.errors import NotEmptyError
from storage.restore import restore
url, source, keys = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
engine = make_engine(url)
print("ready", flush=True)
secret, over = b"correct horse battery staple 42", sys.argv[4] == "over"
try:
    print(sum(restore(engine, source, secret, keys, datetime.now(UTC), over).values()))
except NotEmptyError:  # the run before was killed after its last step; the test compares every row
    print("done before")
"""


def rows_of(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Everything in our tables, as values."""
    engine = make_engine(url)
    with engine.connect().execution_options(jianfu_reading=True) as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key.columns))]
            for table in SQLModel.metadata.sorted_tables
        }
    engine.dispose()
    found["audit"] = [row for row in found["audit"] if "restore" not in row]
    return found


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "vault.key"


@pytest.fixture
def saved(database: Database, tmp_path: Path, keys: Path) -> Path:
    """A backup of a planted database."""
    plant(database, 8)
    put_edit(database)
    target = tmp_path / "a.backup"
    back_up(database, target, SECRET, keys, NOW)
    return target


def put_edit(database: Database) -> None:
    """A row that points at another of its own table."""

    def work(uow):
        put(uow, "p1", "web", "greeting", NOW, edit_of=1, params={"a": {"$": "bytes", "of": "x"}},
            buttons=[[{"key": "button.skip", "payload": "skip:x:1"}]])  # fmt: skip

    database.run(work)


@pytest.fixture(params=["sqlite", "postgres"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of either kind to restore into."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'elsewhere.db'}"
        return
    url = fresh_database(request.getfixturevalue("postgres"))
    yield url
    drop_database(url)


def test_everything_comes_back_in_either_database(
    database: Database, database_url: str, saved: Path, elsewhere: str, tmp_path: Path
) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    engine, fresh_keys = make_engine(elsewhere), tmp_path / "new machine" / "vault.key"
    restore(engine, saved, SECRET, fresh_keys, NOW)
    assert rows_of(elsewhere) == rows_of(database_url)
    assert stat.S_IMODE(fresh_keys.stat().st_mode) == 0o600
    other = Database(engine, load_vault(fresh_keys, create=False))
    with other.reading() as uow:
        person = uow.vault.find(uow.session, "chat:telegram", f"{DECOYS[0]}-3")
        assert person and uow.vault.address(uow.session, person, "chat:telegram") == f"{DECOYS[0]}-3"
        row = uow.session.exec(select(Outbox).where(Outbox.recipient == person)).one()
        assert parameters(uow, row)["claim"] == "0003"
    other.run(lambda uow: find_or_make(uow, "web", "somebody new", NOW))  # counters go on behind the highest id
    other.run(lambda uow: audit.write(uow, "x", "r", "a", NOW) and None)
    engine.dispose()


def test_a_full_database_is_not_touched_unless_told(
    database: Database, database_url: str, saved: Path, keys: Path
) -> None:
    database.run(lambda uow: find_or_make(uow, "web", "after the backup", NOW))
    now = rows_of(database_url)
    with pytest.raises(NotEmptyError):
        restore(database.engine, saved, SECRET, keys, NOW)
    assert rows_of(database_url) == now
    restore(database.engine, saved, SECRET, keys, NOW, overwrite=True)
    with database.reading() as uow:
        assert uow.vault.find(uow.session, "chat:web", "after the backup") is None


def test_the_engine_begins_anew(database: Database, saved: Path, keys: Path) -> None:
    """Work the durable engine believes done may belong to rows that are unsent again."""
    postgres = database.engine.dialect.name == "postgresql"
    with database.writing() as connection:
        if postgres:
            connection.execute(text("CREATE SCHEMA dbos"))
        name = "dbos.workflow_status" if postgres else "workflow_status"
        connection.execute(text(f"CREATE TABLE {name} (workflow_uuid TEXT PRIMARY KEY)"))
    restore(database.engine, saved, SECRET, keys, NOW, overwrite=True)
    there = "SELECT count(*) FROM " + (
        "information_schema.tables WHERE table_schema = 'dbos'" if postgres
        else "sqlite_master WHERE name = 'workflow_status'"
    )  # fmt: skip
    with database.engine.connect().execution_options(jianfu_reading=True) as connection:
        assert connection.execute(text(there)).scalar_one() == 0


def test_a_backup_from_before_a_rotation_still_opens(database: Database, saved: Path, keys: Path) -> None:
    rotate(database, keys, keys.parent / "none", lambda: NOW, lambda _: None)
    restore(database.engine, saved, SECRET, keys, NOW, overwrite=True)
    assert len(read_keyring(keys).seals) == 2
    with database.reading() as uow:
        assert uow.vault.find(uow.session, "chat:telegram", f"{DECOYS[0]}-1")
        for entry in uow.session.exec(select(VaultEntry)):
            uow.vault.open(entry.sealed)
    assert rotate(database, keys, keys.parent / "none", lambda: NOW, lambda _: None).finished


def test_keys_of_another_database_are_not_replaced_unless_told(saved: Path, elsewhere: str, tmp_path: Path) -> None:
    other = tmp_path / "other" / "vault.key"
    write_keyring(other, new_keyring(NOW))
    before, engine = other.read_bytes(), make_engine(elsewhere)
    with pytest.raises(KeyFileError):
        restore(engine, saved, SECRET, other, NOW)
    assert other.read_bytes() == before
    restore(engine, saved, SECRET, other, NOW, overwrite=True)
    aside = [path for path in other.parent.iterdir() if ".before-" in path.name]
    assert [path.read_bytes() for path in aside] == [before]
    engine.dispose()


def test_without_the_key_it_says_nothing(saved: Path, keys: Path) -> None:
    blob = saved.read_bytes()
    ring = read_keyring(keys)
    wanted = [*DECOYS, "telegram", "vault_entry", "alembic", ring.seals[0], ring.lookup]
    layers = [blob, *(base64.b64decode(found + b"==") for found in re.findall(rb"[A-Za-z0-9+/]{32,}", blob))]
    for start in range(0, min(len(blob), 4096)):
        try:
            layers.append(zlib.decompressobj().decompress(blob[start:]))
        except zlib.error:
            continue
    assert not [word for word in wanted for layer in layers if word.encode() in layer]
    with pytest.raises(BackupError):
        verify(saved, b"another secret of enough length")


def test_no_other_file_is_left(saved: Path) -> None:
    assert [path.name for path in saved.parent.iterdir() if "backup" in path.name] == ["a.backup"]


def test_a_backup_that_fails_leaves_the_old_one(database: Database, saved: Path, tmp_path: Path) -> None:
    before = saved.read_bytes()
    with pytest.raises(KeyFileError):
        back_up(database, saved, SECRET, tmp_path / "no.key", NOW)
    assert saved.read_bytes() == before and not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("content", [None, b"short", b"JIANFU"])
def test_a_weak_secret_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "backup.key"
    if content is not None:
        path.write_bytes(content)
        path.chmod(0o600)
    with pytest.raises(BackupError):
        read_secret(path)


def test_a_secret_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "backup.key"
    path.write_bytes(SECRET)
    path.chmod(0o644)
    with pytest.raises(BackupError, match="0600"):
        read_secret(path)
    path.chmod(0o600)
    assert read_secret(path) == SECRET


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup to damage, of more than one chunk."""
    folder = tmp_path_factory.mktemp("small")
    engine = make_engine(f"sqlite:///{folder / 'a.db'}")
    migrate(engine)
    database = Database(engine, load_vault(folder / "vault.key", create=True))
    plant(database, 1)
    noise = bytes((value * 7919) % 251 for value in range(1 << 20))

    def work(uow):
        for _ in range(2):
            uow.vault.put(uow.session, "p1", "file", noise, NOW)

    database.run(work)
    back_up(database, folder / "small.backup", SECRET, folder / "vault.key", NOW)
    engine.dispose()
    return folder / "small.backup"


@settings(max_examples=25, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), cut=st.booleans())
def test_any_damage_is_noticed(small: Path, place: float, bit: int, cut: bool) -> None:
    blob = bytearray(small.read_bytes())
    at = int(place * len(blob))
    if cut:
        del blob[at:]
    else:
        blob[at] ^= 1 << bit
    broken = small.with_suffix(".broken")
    broken.write_bytes(blob)
    with pytest.raises(BackupError):
        verify(broken, SECRET)


def test_a_damaged_backup_never_reaches_the_target(saved: Path, elsewhere: str, tmp_path: Path) -> None:
    blob = bytearray(saved.read_bytes())
    blob[-40] ^= 1
    saved.write_bytes(blob)
    engine = make_engine(elsewhere)
    with pytest.raises(BackupError):
        restore(engine, saved, SECRET, tmp_path / "new" / "vault.key", NOW)
    assert not (tmp_path / "new").exists()
    engine.dispose()


def test_killed_at_random_points_a_restore_is_all_or_nothing(
    database: Database, database_url: str, saved: Path, elsewhere: str, tmp_path: Path
) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("where the backup comes from makes no difference here")
    expected, kills = rows_of(database_url), 0
    fresh_keys = tmp_path / "new machine" / "vault.key"
    for seed, how in enumerate(("", "over")):
        args = [elsewhere, str(saved), str(fresh_keys), how]
        done, _ = kill_at_random(SCRIPT, args, seed, once=how == "")
        kills += done
        assert rows_of(elsewhere) == expected
    assert kills >= 1
    engine = make_engine(elsewhere)
    other = Database(engine, load_vault(fresh_keys, create=False))
    with other.reading() as uow:
        assert uow.session.exec(select(Unit)).first() is not None
        assert uow.vault.find(uow.session, "chat:telegram", f"{DECOYS[0]}-7")
    assert sorted(path.name for path in fresh_keys.parent.iterdir()) == ["vault.key"]
    engine.dispose()
