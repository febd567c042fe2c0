"""The language data: no near-duplicates, enough breadth, and nothing shared with what is kept for evaluation."""

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TRAINING, EVALUATION = ROOT / "nlu" / "data", ROOT / "tests" / "eval"
CLASSES = (
    "repeat_reports", "multi_assessments", "excess_seals", "fingertip_formalism", "excess_traces",
    "meeting_overload", "clustered_visits", "added_demands",
)  # fmt: skip
RUN = 6
NEAR = 0.7  # share of common three-character pieces


def rows(folder: Path) -> Iterator[dict[str, Any]]:
    """All messages of a folder; marked facts repeat messages that stand elsewhere."""
    for path in sorted(path for path in folder.rglob("*.jsonl") if "slots" not in (path.parent.name, path.stem)):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


def pieces(text: str, size: int) -> set[str]:
    return {text[i : i + size] for i in range(len(text) - size + 1)} or {text}


def longest_run(one: str, other: str) -> int:
    """Length of the longest common run of characters."""
    best, before = 0, [0] * (len(other) + 1)
    for char in one:
        now = [0] * (len(other) + 1)
        for j, (back, against) in enumerate(zip(before, other, strict=False)):
            now[j + 1] = back + 1 if against == char else 0
        best, before = max(best, *now), now
    return best


def test_every_class_is_broad() -> None:
    counted = Counter(row["label"] for row in rows(TRAINING / "complaints"))
    voices = {row["voice"] for row in rows(TRAINING / "complaints")}
    assert all(counted[label] >= 700 for label in CLASSES), counted
    assert len(voices) >= 12


def test_no_message_twice_or_nearly() -> None:
    texts = [bare(row["text"]) for row in rows(TRAINING)]
    index: dict[str, list[int]] = defaultdict(list)
    known: list[set[str]] = []
    for number, text in enumerate(texts):
        mine = pieces(text, 3)
        shared = Counter(other for piece in mine for other in index[piece])
        for other, common in shared.most_common(3):
            union = len(mine) + len(known[other]) - common
            assert len(text) < RUN or common / union <= NEAR, f"{text} ~ {texts[other]}"
        for piece in mine:
            index[piece].append(number)
        known.append(mine)


def test_training_shares_nothing_with_evaluation() -> None:
    kept = [bare(row["text"]) for row in rows(EVALUATION)]
    index: dict[str, set[int]] = defaultdict(set)
    for number, text in enumerate(kept):
        for piece in pieces(text, RUN):
            index[piece].add(number)
    for row in rows(TRAINING):
        text = bare(row["text"])
        for number in set().union(*(index.get(piece, set()) for piece in pieces(text, RUN))):
            run = longest_run(text, kept[number])
            assert run < RUN or run * 2 < min(len(text), len(kept[number])), f"{text} / {kept[number]}"


def test_evaluation_is_large_enough() -> None:
    intents = Counter(row["intent"] for row in rows(EVALUATION) if "intent" in row)
    complaints = Counter(row["label"] for row in rows(EVALUATION) if "label" in row)
    assert sum(complaints.values()) >= 400 and sum(intents.values()) >= 300
    assert all(intents[name] >= 100 for name in ("corruption", "emergency", "distress", "retaliation"))
