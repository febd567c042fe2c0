"""`jianfu backup FILE`: every table by program as JSON lines, compressed and encrypted as they flow, one file.

The vault's keys travel inside, or a rotation would make every older backup worthless; so the backup's own key decides.
"""

import base64
import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from storage.casket import Sealer, opened
from storage.database import Database
from storage.errors import BackupError
from storage.keyring import read_keyring, sync_folder
from storage.migrate import revision_of

FORMAT = 1


def back_up(database: Database, target: Path, secret: bytes, keys: Path, now: datetime) -> dict[str, int]:
    """Write and verify a backup, then put it in its place; gives rows per table."""
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            packer = _Packer(Sealer(handle, secret))
            with database.snapshot() as connection:
                head = {"format": FORMAT, "made": now.isoformat(), "revision": revision_of(connection)}
                packer.line({**head, "keys": read_keyring(keys).as_text()})
                counts = _tables(connection, packer)
            packer.end(counts)
            handle.flush()
            os.fsync(handle.fileno())
        if verify(part, secret) != counts:
            raise BackupError
        part.replace(target)
        sync_folder(target.parent.absolute())
        return counts
    finally:
        part.unlink(missing_ok=True)


class _Packer:
    """JSON lines → digest → compression → encryption."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer, self._pack, self._digest = sealer, zlib.compressobj(6), hashlib.sha256()

    def line(self, value: Any) -> None:
        """One line of the stream."""
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._digest.update(plain)
        self._sealer.write(self._pack.compress(plain))

    def end(self, counts: dict[str, int]) -> None:
        """Counts and checksum of everything before, then the end of the stream."""
        digest = self._digest.hexdigest()
        self.line({"end": counts, "sha256": digest})
        self._sealer.write(self._pack.flush())
        self._sealer.close()


def _tables(connection: Connection, packer: _Packer) -> dict[str, int]:
    counts: dict[str, int] = {}
    for table in SQLModel.metadata.sorted_tables:
        packer.line({"table": table.name, "columns": [column.name for column in table.columns]})
        counts[table.name] = 0
        found = connection.execution_options(yield_per=4).execute(select(table).order_by(*table.primary_key.columns))
        for row in found:
            packer.line([_plain(value) for value in row])
            counts[table.name] += 1
    return counts


def _plain(value: Any) -> Any:
    """A value as JSON knows it; moments and bytes are marked, so are mappings that look like such a mark."""
    if isinstance(value, bytes):
        return {"$": "bytes", "of": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"$": "moment", "of": value.astimezone(UTC).isoformat()}
    return {"$": "json", "of": value} if isinstance(value, dict) else value


def valued(value: Any) -> Any:
    """The value behind its JSON form."""
    if not isinstance(value, dict):
        return value
    kind, content = value["$"], value["of"]
    if kind == "bytes":
        return base64.b64decode(content)
    return datetime.fromisoformat(content) if kind == "moment" else content


def lines(source: Path, secret: bytes) -> Iterator[Any]:
    """The lines of a backup, the last one checked against all before; BackupError for anything wrong."""
    digest, last = hashlib.sha256(), None
    with source.open("rb") as handle:
        for line in _unpacked(opened(handle, secret)):
            if last is not None:
                raise BackupError
            value = json.loads(line)
            if isinstance(value, dict) and "end" in value:
                last = value
                if value["sha256"] != digest.hexdigest():
                    raise BackupError
            digest.update(line)
            yield value
    if last is None:
        raise BackupError


def _unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    unpack, rest = zlib.decompressobj(), b""
    try:
        for chunk in chunks:
            pieces = (rest + unpack.decompress(chunk)).split(b"\n")
            rest = pieces.pop()
            yield from (piece + b"\n" for piece in pieces)
        if rest or not unpack.eof:
            raise BackupError
    except zlib.error as error:
        raise BackupError from error


def verify(source: Path, secret: bytes) -> dict[str, int]:
    """Read a backup to its end and compare its counts; gives them. BackupError when anything is wrong."""
    counts: dict[str, int] = {}
    table = ""
    told: dict[str, int] = {}
    for value in lines(source, secret):
        if isinstance(value, list):
            counts[table] += 1
        elif "table" in value:
            table = value["table"]
            counts[table] = 0
        elif "end" in value:
            told = value["end"]
    if counts != told:
        raise BackupError
    return counts
