"""How well the ears hear: classes and intents on messages kept apart (`make eval`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.ears import Ears, load_ears
from nlu.evaluate import Evaluation, score
from nlu.rows import COMPLAINT, read_lines
from nlu.understanding import Understanding


@dataclass(frozen=True)
class Quality:
    """Classes as if every complaint were heard as one, intents over everything, sub-codes where the class is right."""

    classes: Evaluation
    intents: Evaluation
    first_two: float
    subcode: float
    outcomes: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return {
            "classes": self.classes.as_json(),
            "intents": self.intents.as_json(),
            "first_two": round(self.first_two, 4),
            "subcode": round(self.subcode, 4),
            "outcomes": dict(self.outcomes),
        }

    def as_text(self) -> str:
        """Return a page to read."""
        outcomes = ", ".join(f"{name} {count}" for name, count in self.outcomes.items())
        return "\n".join(
            [
                f"CLASSES  among the first two {self.first_two:.3f}  sub-code {self.subcode:.3f}  ({outcomes})",
                self.classes.as_text(),
                "",
                "INTENTS",
                self.intents.as_text(),
            ]
        )


def measure_ears(folder: Path, model_dir: Path) -> Quality:
    """Measure a trained model on `complaints.jsonl` and `intents.jsonl` in `folder`."""
    complaints, others = (read_lines(folder / f"{name}.jsonl") for name in ("complaints", "intents"))
    ears = load_ears(model_dir)
    heard, rest = _hear(ears, complaints), _hear(ears, others)
    best = [next(iter(understood.scores)) for understood in heard]
    labels = [str(row["label"]) for row in complaints]
    coded = [
        (str(one.subcode), str(row["subcode"]))
        for row, one in zip(complaints, heard, strict=True)
        if row.get("subcode") and one.label == row["label"]
    ]
    return Quality(
        classes=score(labels, best, [one.scores[label] for one, label in zip(heard, best, strict=True)]),
        intents=score(
            [COMPLAINT] * len(complaints) + [str(row["intent"]) for row in others],
            [one.intent for one in heard + rest],
            [one.confidence for one in heard + rest],
        ),
        first_two=_share([label in list(one.scores)[:2] for label, one in zip(labels, heard, strict=True)]),
        subcode=_share([found.endswith(truth) for found, truth in coded]),
        outcomes=Counter(one.outcome for one in heard if one.intent == COMPLAINT),
    )


def _hear(ears: Ears, rows: Sequence[Mapping[str, Any]]) -> list[Understanding]:
    return ears.parse_many([str(row["text"]) for row in rows])


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0
