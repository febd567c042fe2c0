"""Our rows as a Rasa 3.6 project: training data, pipeline, domain, and a hash that says which rows they were."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from nlu.errors import DataError
from nlu.normalise import LONG_LIMIT, normalise, simplifier
from nlu.rows import read_folder
from nlu.taxonomy import DATA

Classifier = Literal["lr", "diet"]
VERSION = "3.1"  # of the training data format, which Rasa 3.6 reads
HASH = "data_hash"
EPOCHS = 100
_SEED = 42
_USER_WORDS = "words"
# In Rasa's format brackets followed by a second bracket mark an entity; people do write such things.
_MARKUP = re.compile(r"\](?=[(\[{])")

Rows = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Project:
    """A written project: where it lies, how many rows of each intent it has, and the hash of its rows."""

    folder: Path
    rows: Mapping[str, int]
    data_hash: str


class _Block(str):
    """Text that is written over several lines."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes blocks as blocks."""


_Dumper.add_representer(
    _Block, lambda dumper, block: dumper.represent_scalar("tag:yaml.org,2002:str", str(block), style="|")
)


def export(data: Path, out: Path, classifier: Classifier = "lr") -> Project:
    """Write the rows under `data` as a Rasa project into `out`: one flat intent per class, the others beside them."""
    if classifier not in get_args(Classifier):
        raise DataError(f"no classifier {classifier}: lr or diet")
    rows = project_rows(data)
    intents: dict[str, list[str]] = {}
    for text, intent in rows:
        intents.setdefault(intent, []).append(text)
    nlu = [{"intent": name, "examples": _Block(_examples(texts))} for name, texts in sorted(intents.items())]
    (out / _USER_WORDS).mkdir(parents=True, exist_ok=True)
    _write(out / "nlu.yml", {"version": VERSION, "nlu": nlu})
    _write(out / "config.yml", config(classifier))
    _write(out / "domain.yml", {"version": VERSION, "intents": sorted(intents)})
    # Without any channel file Rasa opens one of its own that asks for no token.
    _write(out / "credentials.yml", {})
    (out / _USER_WORDS / "user_dict.txt").write_bytes((DATA / "user_dict.txt").read_bytes())
    digest = data_hash(rows)
    (out / HASH).write_text(digest + "\n", encoding="ascii")
    return Project(out, {name: len(texts) for name, texts in sorted(intents.items())}, digest)


def project_rows(data: Path) -> Rows:
    """Return clean text and flat intent of every row; a text counts once."""
    simplify = simplifier()
    found: dict[str, str] = {}
    for example in read_folder(data):
        text = normalise(example.text, simplify, LONG_LIMIT).text.strip()
        if text:
            found.setdefault(text, example.label or example.intent)
    return list(found.items())


def data_hash(rows: Rows) -> str:
    """Return the SHA-256 of the rows, whatever their order."""
    lines = sorted(json.dumps(row, ensure_ascii=False) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def config(classifier: Classifier) -> dict[str, Any]:
    """Return the pipeline: words and runs of characters, then a linear or a neural classifier, seeds fixed."""
    return {
        "recipe": "default.v1",
        "assistant_id": "jianfu",
        "language": "zh",
        "pipeline": [
            {"name": "JiebaTokenizer", "dictionary_path": _USER_WORDS},
            {"name": "CountVectorsFeaturizer", "min_df": 2},
            # Not char_wb: Rasa puts spaces between the words of jieba, and char_wb would stop at each of them.
            {"name": "CountVectorsFeaturizer", "analyzer": "char", "min_ngram": 1, "max_ngram": 3, "min_df": 2},
            _linear() if classifier == "lr" else _diet(),
        ],
        "policies": [],
    }


def _linear() -> dict[str, Any]:
    # liblinear: the default solver has not converged after 300 rounds and six minutes, and is six points worse.
    # ranking_length 0: all scores are answered, not only the ten best.
    return {
        "name": "LogisticRegressionClassifier",
        "solver": "liblinear",
        "random_state": _SEED,
        "ranking_length": 0,
    }


def _diet() -> dict[str, Any]:
    # Slow: an epoch of 10,362 rows took four minutes on two busy cores.
    return {
        "name": "DIETClassifier",
        "epochs": EPOCHS,
        "random_seed": _SEED,
        "entity_recognition": False,
        "constrain_similarities": True,
        "ranking_length": 0,
    }


def _examples(texts: Sequence[str]) -> str:
    return "".join(f"- {_MARKUP.sub('] ', text)}\n" for text in texts)


def _write(path: Path, content: Mapping[str, Any]) -> None:
    text = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    path.write_text(text, encoding="utf-8")
