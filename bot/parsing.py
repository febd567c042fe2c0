"""`jianfu parse`, `train`, `evaluate`: the ears on JSON lines, without database or network."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from tickets.house import Listener


def parse_lines(lines: TextIO, out: TextIO, ears: Listener) -> None:
    """Read `{"text", "at"?}` per line, write one understanding per line, in order."""
    for line in lines:
        if not line.strip():
            continue
        row = _row(line)
        heard = ears.parse(str(row.get("text", "")), _moment(row.get("at")))
        out.write(_line(heard.as_json()) + "\n")
        out.flush()


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Rows of a JSON lines file, `-` for stdin."""
    with sys.stdin if str(path) == "-" else path.open(encoding="utf-8") as handle:
        for line in handle:
            if line.strip():
                yield json.loads(line)


def _row(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        row = line.strip()  # a bare line is a message too: nothing is lost
    return row if isinstance(row, dict) else {"text": row}


def _line(answer: dict[str, Any]) -> str:
    """One answer as JSON; escaped where it holds half a character, which no encoding can write."""
    line = json.dumps(answer, ensure_ascii=False)
    return line if line.isprintable() or line.encode(errors="ignore").decode() == line else json.dumps(answer)


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
