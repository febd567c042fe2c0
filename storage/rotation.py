"""Key rotation: a new key first, everything sealed anew in batches, old keys dropped only when nothing needs them.

Killed anywhere and started again it goes on: a key file with several seal keys is a rotation that was not finished.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Connection, Table, text, update
from sqlmodel import SQLModel

from storage.clockwork import Now
from storage.database import Database
from storage.errors import StuckError
from storage.keyring import Keyring, locked, read_keyring, write_keyring, write_private
from storage.sealed_finder import Found, next_batch, sealed_tables, strict

FENCE_SECONDS = 120.0
HEAD = b"gAAAAA"
SKIPPED = (".db", ".db-wal", ".db-shm", ".key")


@dataclass
class Rotated:
    """What a rotation did: values sealed anew, where, and what no key opens (then the old keys stay)."""

    resealed: int = 0
    tables: set[str] = field(default_factory=set)
    unopened: list[str] = field(default_factory=list)
    finished: bool = False


def rotate(database: Database, path: Path, folder: Path, now: Now, told: Callable[[str], None]) -> Rotated:
    """Rotate the keys in `path`, or finish a rotation that was cut short; `folder` holds the data files."""
    with locked(path):
        ring = read_keyring(path)
        if len(ring.seals) == 1:
            ring = ring.with_new_key(now())
            write_keyring(path, ring)
            told("new key written")
        else:
            told("going on with a rotation that was cut short")
        wait_for_others(database)
        done = _reseal_until_clean(database, ring, folder, told)
        if not done.unopened:
            write_keyring(path, ring.newest_only())
            done.finished = True
        return done


def _reseal_until_clean(database: Database, ring: Keyring, folder: Path, told: Callable[[str], None]) -> Rotated:
    """Passes over everything until one changes nothing."""
    done = Rotated()
    while True:
        before, done.unopened = done.resealed, []
        for table in sealed_tables(SQLModel.metadata):
            _reseal_table(database, table, ring, done)
        done.resealed += _reseal_files(folder, ring)
        if done.resealed == before:
            return done
        told(f"{done.resealed} sealed anew")


def _reseal_table(database: Database, table: Table, ring: Keyring, done: Rotated) -> None:
    """One table in primary-key order, a few rows to a transaction."""
    after: tuple[object, ...] | None = None
    while True:
        with database.writing() as connection:
            batch = next_batch(connection, table, after)
            for row in batch:
                _reseal_row(connection, table, row, ring, done)
        if not batch:
            return
        after = batch[-1].key


def _reseal_row(connection: Connection, table: Table, row: Found, ring: Keyring, done: Rotated) -> None:
    fresh: dict[str, object] = {}
    for name, value in row.values.items():
        new, unopened = reseal(value, ring)
        if new != value:
            fresh[name] = new
        if unopened and strict(table.c[name]):
            done.unopened.append(f"{table.name}.{name} {'/'.join(map(str, row.key))}")
    if fresh:
        where = [column == part for column, part in zip(table.primary_key.columns, row.key, strict=True)]
        connection.execute(update(table).where(*where).values(fresh))
        done.resealed += len(fresh)
        done.tables.add(table.name)


def reseal(value: object, ring: Keyring) -> tuple[object, bool]:
    """A value sealed with the newest key, and whether something in it opens with no key at all."""
    if isinstance(value, dict):
        pairs = {name: reseal(each, ring) for name, each in value.items()}
        return {name: new for name, (new, _) in pairs.items()}, any(bad for _, bad in pairs.values())
    if isinstance(value, list):
        parts = [reseal(each, ring) for each in value]
        return [new for new, _ in parts], any(bad for _, bad in parts)
    if isinstance(value, str) and value.startswith(HEAD.decode()) and value.isascii():
        fresh = _token(value.encode(), ring)
        return (fresh.decode(), False) if fresh else (value, True)
    if isinstance(value, bytes) and value.startswith(HEAD):
        fresh = _token(value, ring)
        return (fresh, False) if fresh else (value, True)
    return value, isinstance(value, bytes)


def _token(sealed: bytes, ring: Keyring) -> bytes | None:
    keys = [Fernet(key) for key in ring.seals]
    try:
        keys[0].decrypt(sealed)
        return sealed
    except InvalidToken:
        pass
    try:
        return MultiFernet(keys).rotate(sealed)
    except InvalidToken:
        return None


def _reseal_files(folder: Path, ring: Keyring) -> int:
    """Sealed files beside the database, found by how they begin."""
    done = 0
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if path.is_symlink() or not path.is_file() or path.name.endswith(SKIPPED):
            continue
        with path.open("rb") as handle:
            if handle.read(len(HEAD)) != HEAD:
                continue
        sealed = path.read_bytes()
        fresh = _token(sealed, ring)
        if fresh is not None and fresh != sealed:
            write_private(path, fresh)
            done += 1
    return done


def wait_for_others(database: Database) -> None:
    """Wait until every transaction that may have sealed with the old key is over.

    Later ones look at the key file before they seal. SQLite: one writer at a time, so holding the lock once is enough.
    """
    if database.engine.dialect.name == "sqlite":
        with database.writing():
            return
    deadline = time.monotonic() + FENCE_SECONDS
    with database.engine.connect() as connection:
        since = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        connection.rollback()
        older = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND xact_start < :since"
        )
        while connection.execute(older, {"since": since}).scalar_one():
            connection.rollback()
            if time.monotonic() > deadline:
                raise StuckError
            time.sleep(0.1)
