"""`jianfu restore FILE`: verify the whole backup first, then put it into the database in one transaction.

Killed anywhere the target is as it was, or complete; started again it finishes.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, func, insert, inspect, select, text, update
from sqlmodel import SQLModel

from storage.backup import lines, valued, verify
from storage.database import Database
from storage.errors import BackupError, KeyFileError, NotEmptyError
from storage.keyring import Keyring, parse_keyring, read_keyring, write_keyring
from storage.migrate import head_revision, migrate, schema_state
from storage.vault import Vault

ROWS = 50
ACTION = "restore"
ENGINE_SCHEMA = "dbos"  # the durable engine's own tables: what it knew belongs to the rows before


def restore(
    engine: Engine, source: Path, secret: bytes, keys: Path, now: datetime, overwrite: bool = False
) -> dict[str, int]:
    """Restore into an empty database, or over a full one when told; gives rows per table."""
    counts = verify(source, secret)
    waiting = keys.with_name(keys.name + ".restored")
    if waiting.exists() and _finished(engine, waiting):  # killed between the commit and the new keys
        _put_keys(keys, waiting, now)
        return counts
    head = next(lines(source, secret))
    if head["revision"] != head_revision():
        raise BackupError(f"the backup has schema {head['revision']}, this version needs {head_revision()}")
    if schema_state(engine) != "current":
        migrate(engine)
    ring = _ring(keys, parse_keyring(head["keys"]), overwrite)
    database = Database(engine, Vault([key.encode() for key in ring.seals], ring.lookup.encode()))
    with database.writing() as connection:
        if not overwrite and not is_empty(connection):
            raise NotEmptyError
        _clear(connection)
        for table, rows in _tables(source, secret):
            _fill(connection, table, rows)
        _note(connection, now, head["made"], ring)
        waiting.unlink(missing_ok=True)
        if _differs(keys, ring):
            write_keyring(waiting, ring)
    if waiting.exists():
        _put_keys(keys, waiting, now)
    return counts


def is_empty(connection: Connection) -> bool:
    """True when none of our tables has a row."""
    tables = SQLModel.metadata.sorted_tables
    return not any(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)


def _ring(keys: Path, saved: Keyring, overwrite: bool) -> Keyring:
    """The keys after the restore: ours with the saved ones behind, or the saved ones where ours cannot stay."""
    if not keys.exists():
        return saved
    ours = read_keyring(keys)
    if ours.lookup == saved.lookup:
        return ours.joined(saved)
    if not overwrite:
        raise KeyFileError(f"{keys} belongs to another database; move it away or say --overwrite")
    return saved


def _differs(keys: Path, ring: Keyring) -> bool:
    return not keys.exists() or read_keyring(keys).seals != ring.seals or read_keyring(keys).lookup != ring.lookup


def _put_keys(keys: Path, waiting: Path, now: datetime) -> None:
    """The rows are there: their keys take the place of the old ones, which are set aside."""
    if keys.exists() and read_keyring(keys).lookup != read_keyring(waiting).lookup:
        keys.rename(keys.with_name(f"{keys.name}.before-{now.astimezone(UTC):%Y%m%dT%H%M%S}"))
    waiting.replace(keys)


def _clear(connection: Connection) -> None:
    """Empty our tables; the durable engine begins anew, or it would think that old work is done."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"DROP SCHEMA IF EXISTS {ENGINE_SCHEMA} CASCADE"))
    else:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        kept = {*SQLModel.metadata.tables, "alembic_version"}
        for name in inspect(connection).get_table_names():
            if name not in kept and not name.startswith("sqlite_"):
                connection.execute(text(f'DROP TABLE "{name}"'))
    for table in reversed(SQLModel.metadata.sorted_tables):
        for column in _own_references(table):
            connection.execute(update(table).values({column: None}))
        connection.execute(delete(table))


def _tables(source: Path, secret: bytes) -> Iterator[tuple[Table, Iterator[dict[str, Any]]]]:
    """Every table of the backup with its rows, read as they are asked for."""
    stream = lines(source, secret)
    next(stream)
    waiting: list[Any] = [next(stream)]

    def rows(columns: list[str]) -> Iterator[dict[str, Any]]:
        for value in stream:
            if not isinstance(value, list):
                waiting.append(value)
                return
            yield dict(zip(columns, map(valued, value), strict=True))

    while "table" in (head := waiting.pop()):
        yield SQLModel.metadata.tables[head["table"]], rows(head["columns"])


def _fill(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    """Insert rows; references inside the same table are set when all of its rows are there."""
    inner, later = _own_references(table), []
    batch: list[dict[str, Any]] = []
    for row in rows:
        set_later = {name: row[name] for name in inner if row[name] is not None}
        if set_later:
            later.append((row, set_later))
        batch.append({**row, **dict.fromkeys(inner)})
        if len(batch) == ROWS:
            connection.execute(insert(table), batch)
            batch = []
    if batch:
        connection.execute(insert(table), batch)
    for row, values in later:
        key = [column == row[column.name] for column in table.primary_key.columns]
        connection.execute(update(table).where(*key).values(values))
    _go_on_counting(connection, table)


def _own_references(table: Table) -> list[str]:
    return [key.parent.name for key in table.foreign_keys if key.column.table is table]


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL's counters go on behind the highest id; SQLite finds it by itself."""
    column = table.autoincrement_column
    if connection.dialect.name != "postgresql" or column is None:
        return
    highest = connection.execute(select(func.max(column))).scalar_one()
    sequence = connection.execute(select(func.pg_get_serial_sequence(table.name, column.name))).scalar_one()
    if highest is not None and sequence is not None:
        connection.execute(select(func.setval(sequence, highest)))


def _note(connection: Connection, now: datetime, made: str, ring: Keyring) -> None:
    """The restore stands in the audit log like everything else."""
    detail = {"made": made, "keys": _mark(ring)}
    row = {"at": now, "action": ACTION, "role": "admin", "actor": "cli", "detail": detail}
    connection.execute(insert(SQLModel.metadata.tables["audit"]).values(row))


def _finished(engine: Engine, waiting: Path) -> bool:
    """True when the rows in the database are those that the waiting keys belong to."""
    if schema_state(engine) != "current":
        return False
    audit = SQLModel.metadata.tables["audit"]
    newest = select(audit.c.detail).where(audit.c.action == ACTION).order_by(audit.c.id.desc()).limit(1)
    with engine.connect().execution_options(jianfu_reading=True) as connection:
        detail = connection.execute(newest).scalar_one_or_none()
    return detail is not None and detail.get("keys") == _mark(read_keyring(waiting))


def _mark(ring: Keyring) -> str:
    """Tells one set of keys from another without telling anything of them."""
    return hashlib.sha256(("restored\0" + ring.as_text()).encode()).hexdigest()
