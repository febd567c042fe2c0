"""Reading the rows a model learns from: JSON lines of our own data folders, or anybody's text and label."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.errors import DataError

COMPLAINT = "complaint"


@dataclass(frozen=True)
class Example:
    """One message of our own data: what it is, and who seems to speak."""

    text: str
    intent: str
    label: str | None
    label2: str | None
    subcode: str | None
    voice: str


def read_folder(data: Path) -> list[Example]:
    """Read every `complaints/*.jsonl` and `intents/*.jsonl` under `data`; a text counts once."""
    found: dict[str, Example] = {}
    for path in sorted((data / "complaints").glob("*.jsonl")) + sorted((data / "intents").glob("*.jsonl")):
        for row in read_lines(path):
            example = _example(row, path)
            found.setdefault(example.text, example)
    if not found:
        raise DataError(f"no rows under {data}")
    return list(found.values())


def read_lines(path: Path) -> list[Mapping[str, Any]]:
    """Read a JSON lines file, blank lines skipped."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: {error}") from error


def labelled(rows: Iterable[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """Return texts and labels of `{"text", "label"}` rows of any label set."""
    texts, labels = [], []
    for number, row in enumerate(rows, 1):
        try:
            text, label = row["text"], row["label"]
        except (KeyError, TypeError) as error:
            raise DataError(f"row {number}: text and label are needed") from error
        texts.append(str(text))
        labels.append(str(label))
    if not texts:
        raise DataError("no rows")
    return texts, labels


def _example(row: Mapping[str, Any], path: Path) -> Example:
    voice = str(row.get("voice") or path.stem)
    try:
        if row.get("intent", COMPLAINT) != COMPLAINT:
            return Example(str(row["text"]), str(row["intent"]), None, None, None, voice)
        label = str(row["label"])
        return Example(str(row["text"]), COMPLAINT, label, row.get("label2") or None, _subcode(row, label), voice)
    except KeyError as error:
        raise DataError(f"{path}: a row without {error}") from error


def _subcode(row: Mapping[str, Any], label: str) -> str | None:
    """Return `class-digit`, whether the row says `3` or `class-3`."""
    given = str(row.get("subcode") or "").strip()
    if not given or given == "-":
        return None
    return given if given.startswith(label) else f"{label}-{given}"
