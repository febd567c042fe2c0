"""Where sealed values lie: found in the metadata and by how a sealed value begins, never from a list."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, Connection, LargeBinary, MetaData, String, Table, cast, func, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from storage.sealed import SealedBytes, SealedText

BEGINNING = "gAAAAA"  # version byte and the top of the time stamp of every Fernet token of this century
ROWS, LARGE_ROWS = 200, 4  # rows per transaction; a sealed file has up to 27 MB


@dataclass(frozen=True)
class Found:
    """A row with something sealed in it."""

    key: tuple[Any, ...]
    values: dict[str, Any]


def strict(column: Column[Any]) -> bool:
    """True for columns that hold nothing but sealed values."""
    return isinstance(column.type, SealedBytes | SealedText)


def candidates(table: Table) -> list[Column[Any]]:
    """Columns that could hold a sealed value: text, bytes, JSON."""
    kinds = (String, LargeBinary, JSON, SealedBytes, SealedText)
    keys = set(table.primary_key.columns)
    return [column for column in table.columns if isinstance(column.type, kinds) and column not in keys]


def sealed_tables(metadata: MetaData) -> list[Table]:
    """Tables with such columns."""
    return [table for table in metadata.sorted_tables if candidates(table)]


def next_batch(connection: Connection, table: Table, after: tuple[Any, ...] | None) -> list[Found]:
    """The next rows with a sealed value behind a primary key, locked for changing."""
    keys, columns = list(table.primary_key.columns), candidates(table)
    query = select(*keys, *columns).where(or_(*(_looks_sealed(column) for column in columns)))
    if after is not None:
        query = query.where(tuple_(*keys) > tuple_(*after)) if len(keys) > 1 else query.where(keys[0] > after[0])
    large = any(isinstance(column.type, LargeBinary | SealedBytes) for column in columns)
    rows = connection.execute(query.order_by(*keys).limit(LARGE_ROWS if large else ROWS).with_for_update())
    return [
        Found(tuple(row[: len(keys)]), {c.name: v for c, v in zip(columns, row[len(keys) :], strict=True) if v})
        for row in rows
    ]


def _looks_sealed(column: Column[Any]) -> ColumnElement[bool]:
    if strict(column):
        return column.is_not(None)
    if isinstance(column.type, JSON):
        return cast(column, String).like(f"%{BEGINNING}%")
    if isinstance(column.type, LargeBinary):
        return func.substr(column, 1, len(BEGINNING)) == BEGINNING.encode()
    return column.like(f"{BEGINNING}%")
