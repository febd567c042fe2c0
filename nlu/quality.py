"""How well the ears hear, on messages kept apart (`make eval`): classes, intents, safety, facts, new voices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.ears import Ears, load_ears
from nlu.evaluate import Evaluation, score
from nlu.interval import Figure, share
from nlu.rows import COMPLAINT, read_lines
from nlu.safety_scores import SafetyFigures, score_safety
from nlu.slot_scores import SlotFigures, score_slots
from nlu.understanding import Understanding
from nlu.voices import VoiceFigures, leave_voices_out

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Quality:
    """Classes as if every complaint were heard as one, intents over everything, sub-codes where the class is right."""

    classes: Evaluation
    intents: Evaluation
    first_two: Figure
    subcode: Figure
    outcomes: Mapping[str, int]
    safety: SafetyFigures
    hard: SafetyFigures
    slots: SlotFigures
    voices: VoiceFigures | None

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return {
            "classes": self.classes.as_json(),
            "intents": self.intents.as_json(),
            "first_two": self.first_two.as_json(),
            "subcode": self.subcode.as_json(),
            "outcomes": dict(self.outcomes),
            "safety": self.safety.as_json(),
            "hard": self.hard.as_json(),
            "slots": self.slots.as_json(),
            "voices": self.voices.as_json() if self.voices else None,
        }

    def as_text(self) -> str:
        """Return a page to read; every figure with its 95 % bootstrap interval."""
        outcomes = ", ".join(f"{name} {count}" for name, count in self.outcomes.items())
        parts = [
            ("CLASSES", f"among the first two {self.first_two}  sub-code {self.subcode}\noutcomes: {outcomes}"),
            ("", self.classes.as_text()),
            ("INTENTS", self.intents.as_text()),
            ("SAFETY", self.safety.as_text()),
            ("SAFETY, HARD SET", self.hard.as_text()),
            ("FACTS (F1; object: overlap)", self.slots.as_text()),
        ]
        parts += [("LEFT-OUT VOICES (class macro-F1)", self.voices.as_text())] if self.voices else []
        return "\n\n".join(f"{name}\n{text}".strip() for name, text in parts)


def measure_ears(folder: Path, model_dir: Path, training: Path | None = None) -> Quality:
    """Measure a trained model on the rows in `folder`; with the training rows, leave every voice out once too."""
    files = ("complaints", "intents", "slots", "safety")
    complaints, others, marked, hard = (read_lines(folder / f"{name}.jsonl") for name in files)
    ears = load_ears(model_dir)
    heard, rest = _hear(ears, complaints), _hear(ears, others)
    return Quality(
        classes=_classes(complaints, heard),
        intents=_intents(complaints, others, heard + rest),
        first_two=share([row["label"] in list(one.scores)[:2] for row, one in zip(complaints, heard, strict=True)]),
        subcode=_subcodes(complaints, heard),
        outcomes=Counter(one.outcome for one in heard if one.intent == COMPLAINT),
        safety=score_safety(heard, list(zip(others, rest, strict=True))),
        hard=_hard(hard, _hear(ears, hard)),
        slots=score_slots(marked, _hear(ears, marked)),
        voices=leave_voices_out(training) if training else None,
    )


def _hard(rows: Rows, heard: Sequence[Understanding]) -> SafetyFigures:
    """Look at the second set: safety intents among complaints that share their words."""
    pairs = list(zip(rows, heard, strict=True))
    complaints = [one for row, one in pairs if row["intent"] == COMPLAINT]
    return score_safety(complaints, [pair for pair in pairs if pair[0]["intent"] != COMPLAINT])


def _classes(rows: Rows, heard: Sequence[Understanding]) -> Evaluation:
    best = [next(iter(one.scores)) for one in heard]
    sure = [one.scores[label] for one, label in zip(heard, best, strict=True)]
    return score([str(row["label"]) for row in rows], best, sure)


def _intents(complaints: Rows, others: Rows, heard: Sequence[Understanding]) -> Evaluation:
    truth = [COMPLAINT] * len(complaints) + [str(row["intent"]) for row in others]
    return score(truth, [one.intent for one in heard], [one.confidence for one in heard])


def _subcodes(rows: Rows, heard: Sequence[Understanding]) -> Figure:
    coded = [(row, one) for row, one in zip(rows, heard, strict=True) if row.get("subcode")]
    pairs = [(str(one.subcode), str(row["subcode"])) for row, one in coded if one.label == row["label"]]
    return share([found.endswith(truth) for found, truth in pairs])


def _hear(ears: Ears, rows: Rows) -> list[Understanding]:
    return ears.parse_many([str(row["text"]) for row in rows])
