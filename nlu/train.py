"""Training: the product's own ears from its data folders, or a plain classifier from anybody's rows."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.cutter import Cutter
from nlu.errors import DataError
from nlu.extract import Extract
from nlu.features import fit_features
from nlu.fit import fit_head, matrix
from nlu.model import Model
from nlu.normalise import normalise, simplifier
from nlu.rows import COMPLAINT, Example, labelled, read_folder

OPTIONS: Mapping[str, Any] = {"chars": [1, 2], "words": True}
EARS, PLAIN = "ears", "plain"


@dataclass(frozen=True)
class TrainReport:
    """What was trained: rows, labels per head, size of the vocabulary, seconds."""

    rows: int
    labels: Mapping[str, tuple[str, ...]]
    features: int
    seconds: float


def train(rows: Iterable[Mapping[str, Any]], out: Path) -> TrainReport:
    """Train a classifier on `{"text", "label"}` rows of any label set and store it in `out`."""
    texts, labels = labelled(rows)
    if len(set(labels)) < 2:
        raise DataError("at least two labels are needed")
    return _train(texts, {"label": list(labels)}, None, out, PLAIN)


def train_ears(data: Path, out: Path) -> TrainReport:
    """Train the ears (intent, class, sub-code) on the rows under `data` and store them in `out`."""
    examples = read_folder(data)
    targets: dict[str, list[str | None]] = {
        "intent": [example.intent for example in examples],
        "class": [example.label for example in examples],
        "subcode": [example.subcode for example in examples],
    }
    _check(examples)
    return _train([e.text for e in examples], targets, [e.voice for e in examples], out, EARS)


def _train(
    texts: Sequence[str],
    targets: Mapping[str, Sequence[str | None]],
    voices: Sequence[str] | None,
    out: Path,
    name: str,
) -> TrainReport:
    start = time.perf_counter()
    simplify, extract = simplifier(), Extract(OPTIONS, Cutter())
    documents = [extract(normalise(text, simplify).text) for text in texts]
    features = fit_features(documents, least=1 if len(texts) < 20_000 else 2)
    data = matrix(features, [features.row(document) for document in documents])
    heads = {}
    for head, target in targets.items():
        known = [at for at, label in enumerate(target) if label is not None]
        labels = [str(target[at]) for at in known]
        if len(set(labels)) >= 2:
            heads[head] = fit_head(data[known], labels, [voices[at] for at in known] if voices else None)
    Model(features, heads, OPTIONS, name).save(out)
    labels_of = {head: fitted.labels for head, fitted in heads.items()}
    return TrainReport(len(texts), labels_of, len(features.idf), time.perf_counter() - start)


def _check(examples: Sequence[Example]) -> None:
    if not any(example.intent == COMPLAINT for example in examples):
        raise DataError("no complaints among the rows")
    if not any(example.intent != COMPLAINT for example in examples):
        raise DataError("nothing but complaints among the rows")
