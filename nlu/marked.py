"""Messages whose facts people marked: what the choosers learn from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.errors import DataError
from nlu.normalise import normalise
from nlu.rows import read_lines

Span = tuple[int, int]


@dataclass(frozen=True)
class Marked:
    """One message in its clean form with the facts marked in it."""

    text: str
    label: str
    voice: str
    units: tuple[str, ...]
    object: str | None
    times: int | None
    per: str | None
    hours: float | None
    deadline: str | None


def read_marked(data: Path, simplify: Callable[[str], str]) -> list[Marked]:
    """Read every `slots/*.jsonl` under `data`; a text counts once."""
    found: dict[str, Marked] = {}
    for path in sorted((data / "slots").glob("*.jsonl")):
        for row in read_lines(path):
            marked = _marked(row, path, simplify)
            found.setdefault(marked.text, marked)
    return list(found.values())


def places(text: str, name: str | None) -> list[Span]:
    """Return everywhere the name stands in the text."""
    found: list[Span] = []
    at = text.find(name) if name else -1
    while name and at >= 0:
        found.append((at, at + len(name)))
        at = text.find(name, at + 1)
    return found


def _marked(row: Mapping[str, Any], path: Path, simplify: Callable[[str], str]) -> Marked:
    def clean(value: Any) -> str | None:
        return normalise(str(value), simplify).text if value else None

    try:
        return Marked(
            text=clean(row["text"]) or "",
            label=str(row["label"]),
            voice=str(row.get("voice") or path.stem),
            units=tuple(filter(None, map(clean, row["units"]))),
            object=clean(row["object"]),
            times=row["times"],
            per=row["per"],
            hours=row["hours"],
            deadline=clean(row["deadline"]),
        )
    except KeyError as error:
        raise DataError(f"{path}: a marked row without {error}") from error
