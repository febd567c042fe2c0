"""Heads of the audit chain go where the database cannot reach: the log, and a file beside it.

So a chain that was cut off, or computed anew by somebody with the key, is seen.
"""

import json
import os
from pathlib import Path

import structlog

from bot.errors import BotError
from storage.audit import seals_after
from storage.database import Database

log = structlog.get_logger()
HEADS_FILE = "audit-heads.jsonl"


def export_heads(database: Database, folder: Path) -> int:
    """Write every seal that the file does not know yet, to the file and to the log; gives how many."""
    path = folder / HEADS_FILE
    known = read_heads(path)
    with database.reading() as uow:
        fresh = [(made.id, made.chain, len(made.rows)) for made in seals_after(uow, max(known, default=0))]
    if not fresh:
        return 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="ascii") as handle:
        for number, head, rows in fresh:
            handle.write(json.dumps({"seal": number, "head": head, "rows": rows}) + "\n")
            log.info("audit sealed", seal=number, head=head, rows=rows)
        handle.flush()
        os.fsync(handle.fileno())
    return len(fresh)


def read_heads(path: Path) -> dict[int, str]:
    """Seal number → head, from our file or from a log in JSON lines; seals before a restore count no more."""
    heads: dict[int, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            said = json.loads(line)
            if "restored" in said:
                heads = {}
            elif "head" in said and "seal" in said:
                heads[int(said["seal"])] = str(said["head"])
        except (ValueError, TypeError):
            continue  # a line cut short by a crash, or another program's
    return heads


def note_restore(folder: Path, source: str) -> None:
    """From here on the chain of the backup counts."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / HEADS_FILE).open("a", encoding="utf-8") as handle:
        handle.write(json.dumps({"restored": source}) + "\n")
    log.warning("restored from a backup: audit seals after it are no longer expected", source=source)


def heads_of(folder: Path, logs: list[Path]) -> dict[int, str]:
    """What our own file and other logs know; BotError when a named log is missing."""
    heads = read_heads(folder / HEADS_FILE)
    for path in logs:
        if not path.is_file():
            raise BotError(f"no log at {path}")
        heads |= read_heads(path)
    return heads
