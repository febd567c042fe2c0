"""Key rotation: everything sealed anew, found by program; killed anywhere it finishes; nothing is ever unreadable."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlmodel import SQLModel, select

from storage.database import Database, make_engine
from storage.errors import RotationRunningError, VaultError
from storage.keyring import Keyring, locked, new_keyring, read_keyring
from storage.models import Outbox, VaultEntry
from storage.outbox import parameters
from storage.rotation import reseal, rotate
from storage.sealed_finder import candidates, strict
from storage.vault import Vault, load_vault
from tests.storage.planting import NOW, kill_at_random, plant

SCRIPT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from storage.database import Database, make_engine
from storage.rotation import rotate
from storage.vault import load_vault
url, folder = sys.argv[1], Path(sys.argv[2])
keys = folder / "keys" / "vault.key"
database = Database(make_engine(url), load_vault(keys, create=False), "rotation")
print("ready", flush=True)
done = rotate(database, keys, folder / "files", lambda: datetime.now(UTC), lambda line: None)
print(done.finished, done.unopened)
"""


def keys_of(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "vault.key"


def turn_keys(database: Database, tmp_path: Path):
    return rotate(database, keys_of(tmp_path), tmp_path / "files", lambda: NOW, lambda _: None)


def everything_opens(database: Database, vault: Vault) -> int:
    with database.reading() as uow:
        entries = [vault.open(entry.sealed) for entry in uow.session.exec(select(VaultEntry))]
        sealed = [row.sealed for row in uow.session.exec(select(Outbox)) if row.sealed]
        return len(entries) + len([vault.open(value.encode()) for value in sealed])


def test_everything_is_sealed_with_the_new_key_only(database: Database, tmp_path: Path) -> None:
    plant(database, 5)
    before = read_keyring(keys_of(tmp_path))
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "kept.sealed").write_bytes(database.vault.seal(b"a file beside the database"))
    done = turn_keys(database, tmp_path)
    assert done.finished and done.resealed == 5 * 4 + 1 and done.tables == {"vault_entry", "outbox"}
    after = read_keyring(keys_of(tmp_path))
    assert len(after.seals) == 1 and after.seals != before.seals and after.lookup == before.lookup
    assert stat.S_IMODE(keys_of(tmp_path).stat().st_mode) == 0o600
    fresh = load_vault(keys_of(tmp_path), create=False)
    assert everything_opens(database, fresh) == 20
    assert fresh.open((tmp_path / "files" / "kept.sealed").read_bytes()) == b"a file beside the database"
    with database.reading() as uow, pytest.raises(VaultError):
        old = Vault([before.seals[0].encode()], before.lookup.encode())
        old.open(uow.session.exec(select(VaultEntry)).first().sealed)


def test_a_running_process_follows(database: Database, tmp_path: Path) -> None:
    plant(database, 1)
    turn_keys(database, tmp_path)
    with database.reading() as uow:
        row = uow.session.exec(select(Outbox)).one()
        assert parameters(uow, row)["claim"] == "0000"
        assert uow.vault.find(uow.session, "chat:telegram", "chat-7c1f0a-0") == row.recipient
    ring = read_keyring(keys_of(tmp_path))
    assert Fernet(ring.seals[0]).decrypt(database.vault.seal(b"later")) == b"later"


def test_what_no_key_opens_keeps_the_old_keys(database: Database, tmp_path: Path) -> None:
    plant(database, 2)
    foreign = Fernet(Fernet.generate_key()).encrypt(b"?")
    database.run(lambda uow: uow.session.exec(update(VaultEntry).where(VaultEntry.id == 1).values(sealed=foreign)))
    done = turn_keys(database, tmp_path)
    assert not done.finished and done.unopened == ["vault_entry.sealed 1"]
    assert len(read_keyring(keys_of(tmp_path)).seals) == 2
    database.run(lambda uow: uow.session.delete(uow.session.get_one(VaultEntry, 1)))
    assert turn_keys(database, tmp_path).finished
    assert len(read_keyring(keys_of(tmp_path)).seals) == 1


def test_words_that_look_sealed_are_no_hindrance(database: Database, tmp_path: Path) -> None:
    plant(database, 1)
    database.run(lambda uow: uow.session.execute(text("UPDATE person SET channel = 'gAAAAABnonsense'")))
    assert turn_keys(database, tmp_path).finished


def test_two_rotations_do_not_meet(database: Database, tmp_path: Path) -> None:
    with locked(keys_of(tmp_path)), pytest.raises(RotationRunningError):
        turn_keys(database, tmp_path)


def test_no_sealed_value_lies_where_rotation_does_not_look(database: Database) -> None:
    """Every column of every table that holds a token after real use is one the program finds."""
    plant(database, 2)
    looked = {(table.name, column.name) for table in SQLModel.metadata.sorted_tables for column in candidates(table)}
    with database.engine.connect().execution_options(jianfu_reading=True) as connection:
        for table in SQLModel.metadata.sorted_tables:
            for row in connection.execute(table.select()).mappings():
                holding = {name for name, value in row.items() if "gAAAAA" in str(value)}
                assert all((table.name, name) in looked for name in holding)
                assert all(strict(table.c[name]) for name in holding)


leaves = st.one_of(st.none(), st.integers(), st.text(max_size=5), st.binary(min_size=1, max_size=30))
nests = st.dictionaries(st.text(max_size=3), leaves, max_size=3)
nests = st.dictionaries(st.text(max_size=3), leaves, max_size=3)
trees = st.recursive(leaves | nests, lambda inner: st.lists(inner, max_size=3), max_leaves=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees)
def test_resealing_changes_nothing_but_the_key(tree: object) -> None:
    old = new_keyring()
    ring = old.with_new_key(datetime.now(UTC))
    first, last = Fernet(old.seals[0]), Fernet(ring.seals[0])

    def sealed(value: object) -> object:
        if isinstance(value, dict):
            return {name: sealed(each) for name, each in value.items()}
        if isinstance(value, list):
            return [sealed(each) for each in value]
        return first.encrypt(value) if isinstance(value, bytes) else value

    def opened(value: object) -> object:
        if isinstance(value, dict):
            return {name: opened(each) for name, each in value.items()}
        if isinstance(value, list):
            return [opened(each) for each in value]
        return last.decrypt(value) if isinstance(value, bytes) else value

    fresh, unopened = reseal(sealed(tree), ring)
    assert opened(fresh) == tree and not unopened
    assert reseal(fresh, ring) == (fresh, False)


def test_killed_at_random_points_it_finishes(database_url: str, tmp_path: Path) -> None:
    engine = make_engine(database_url)
    database = Database(engine, load_vault(keys_of(tmp_path), create=True))
    plant(database, 60)
    lookup = read_keyring(keys_of(tmp_path)).lookup
    total = 60 * 4
    kills = 0
    for seed in range(2):
        done, said = kill_at_random(SCRIPT, [database_url, str(tmp_path)], seed)
        kills += done
        assert said.strip() == "True []"
        assert everything_opens(database, load_vault(keys_of(tmp_path), create=False)) == total
    ring = read_keyring(keys_of(tmp_path))
    assert len(ring.seals) == 1 and ring.lookup == lookup
    assert stat.S_IMODE(keys_of(tmp_path).stat().st_mode) == 0o600
    assert kills >= 1
    assert sorted(path.name for path in keys_of(tmp_path).parent.iterdir()) == ["vault.key", "vault.key.lock"]
    engine.dispose()


def test_a_ring_is_written_and_read_back() -> None:
    ring = new_keyring(NOW).with_new_key(NOW)
    assert Keyring(ring.seals, ring.lookup, NOW) == ring
    assert ring.joined(ring) == ring and ring.newest_only().seals == ring.seals[:1]
