"""One peer in a process of its own, so that time and memory are its own: `fit` or `hear`; prints one JSON line."""

import argparse
import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from nlu.rows import read_lines
from tests.bench.peers import Rasa, peer


def fit(name: str, home: Path, rows: Path, folder: Path) -> dict[str, Any]:
    """Train and time it."""
    data = read_lines(rows)
    started = time.perf_counter()
    peer(name, home).fit([row["text"] for row in data], [row["label"] for row in data], folder)
    return {"train": time.perf_counter() - started}


def hear(name: str, home: Path, rows: Path, folder: Path) -> dict[str, Any]:
    """Load, answer every row one after another, and note time and memory."""
    texts, one = [row["text"] for row in read_lines(rows)], peer(name, home)
    started = time.perf_counter()
    one.load(folder)
    one.scores(texts[0])
    ready = time.perf_counter() - started
    answers, times = [], []
    for text in texts:
        started = time.perf_counter()
        scores = one.scores(text)
        times.append(time.perf_counter() - started)
        answers.append(max(scores.items(), key=lambda item: item[1]))
    memory = one.memory()
    if isinstance(one, Rasa):
        one.close()
    p50, p99 = (float(np.percentile(times, at)) * 1000 for at in (50, 99))
    return {"load": ready, "p50": p50, "p99": p99, "memory": memory, "answers": answers}


def main() -> None:
    """Do what the command line says."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser()
    parser.add_argument("act", choices=["fit", "hear"])
    parser.add_argument("name")
    for argument in ("home", "rows", "folder"):
        parser.add_argument(argument, type=Path)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    print(json.dumps((fit if chosen.act == "fit" else hear)(chosen.name, chosen.home, chosen.rows, chosen.folder)))


if __name__ == "__main__":
    sys.exit(main())
