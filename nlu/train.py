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
from nlu.facts import FactModel
from nlu.features import Features, fit_features
from nlu.fit import fit_each, fit_head, matrix
from nlu.fit_facts import fit_facts
from nlu.head import Head
from nlu.hints import HintFinder
from nlu.marked import read_marked
from nlu.model import Model
from nlu.normalise import LONG_LIMIT, normalise, simplifier
from nlu.objects import load_object_words
from nlu.rows import COMPLAINT, Example, labelled, read_folder
from nlu.spans import class_words
from nlu.units import UnitFinder
from nlu.word_classes import fit_word_classes

EARS: Mapping[str, Any] = {"chars": [1, 2], "cues": True}
PLAIN: Mapping[str, Any] = {"chars": [1, 2], "cues": False}


@dataclass(frozen=True)
class TrainReport:
    """What was trained: rows, labels per head, size of the vocabulary, seconds."""

    rows: int
    labels: Mapping[str, tuple[str, ...]]
    features: int
    seconds: float


def train(rows: Iterable[Mapping[str, Any]], out: Path) -> TrainReport:
    """Train a classifier on `{"text", "label"}` rows of any label set and store it in `out`."""
    start = time.perf_counter()
    texts, labels = labelled(rows)
    if len(set(labels)) < 2:
        raise DataError("at least two labels are needed")
    features, data = _prepare(texts, PLAIN)
    return _store(Model(features, {"label": fit_head(data, labels)}, PLAIN, "plain"), out, len(texts), start)


def train_ears(data: Path, out: Path) -> TrainReport:
    """Train the ears (intent, class, sub-code) on the rows under `data` and store them in `out`."""
    start = time.perf_counter()
    examples = read_folder(data)
    _check(examples)
    complaints = [at for at, example in enumerate(examples) if example.label]
    features, rows = _prepare([example.text for example in examples], EARS)
    voices = [example.voice for example in examples]
    heads = {
        # One decision over classes and other intents together: 24 intents against 6,000 complaints drown.
        "intent": fit_head(rows, [example.label or example.intent for example in examples], voices),
        **_complaint_heads(rows[complaints], [examples[at] for at in complaints]),
    }
    return _store(Model(features, heads, EARS, "ears", _facts(data, examples)), out, len(examples), start)


def _facts(data: Path, examples: Sequence[Example]) -> FactModel | None:
    """Fit the choosers of facts on the marked rows; without any the rules alone read facts."""
    simplify, cutter = simplifier(), Cutter()
    rows = read_marked(data, simplify)
    if not rows:
        return None
    texts = [normalise(example.text, simplify).text for example in examples]
    classes = fit_word_classes([class_words(cutter.cut(text)) for text in texts])
    return fit_facts(rows, cutter.places, classes, HintFinder(UnitFinder({}), load_object_words()))


def _complaint_heads(rows: Any, examples: Sequence[Example]) -> dict[str, Head]:
    labels = [str(example.label) for example in examples]
    heads = {
        "class": fit_head(rows, labels, [example.voice for example in examples]),
        "also": fit_each(rows, [frozenset(filter(None, (e.label, e.label2))) for e in examples]),
    }
    coded = [at for at, example in enumerate(examples) if example.subcode]
    codes = [str(examples[at].subcode) for at in coded]
    if len(set(codes)) >= 2:
        heads["subcode"] = fit_head(rows[coded], codes)
    return heads


def _prepare(texts: Sequence[str], options: Mapping[str, Any]) -> tuple[Features, Any]:
    """Return the vocabulary of the texts and their rows as a sparse matrix."""
    simplify, extract = simplifier(), Extract(options, Cutter())
    documents = [extract(normalise(text, simplify, LONG_LIMIT).text) for text in texts]
    features = fit_features(documents)
    return features, matrix(features, [features.row(document) for document in documents])


def _store(model: Model, out: Path, rows: int, start: float) -> TrainReport:
    model.save(out)
    labels = {name: head.labels for name, head in model.heads.items()}
    return TrainReport(rows, labels, len(model.features.idf), time.perf_counter() - start)


def _check(examples: Sequence[Example]) -> None:
    if not any(example.intent == COMPLAINT for example in examples):
        raise DataError("no complaints among the rows")
    if not any(example.intent != COMPLAINT for example in examples):
        raise DataError("nothing but complaints among the rows")
