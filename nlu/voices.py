"""How well the ears hear somebody new: every voice of the training rows is left out once (`make eval`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nlu.costs import Costs, weigh
from nlu.cutter import Cutter
from nlu.evaluate import macro_f1
from nlu.extract import Extract
from nlu.features import Document, Features, fit_features
from nlu.fit import fit_head, matrix
from nlu.interval import Figure, bootstrap
from nlu.normalise import normalise, simplifier
from nlu.rows import Example, read_folder
from nlu.taxonomy import load_taxonomy
from nlu.train import EARS


@dataclass(frozen=True)
class VoiceFigures:
    """Class macro-F1 over all rows while their own voice was left out, per voice, and what the errors cost."""

    all: Figure
    voices: Mapping[str, Figure]
    costs: Costs

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        voices = {name: one.as_json() for name, one in self.voices.items()}
        return {"all": self.all.as_json(), "voices": voices, "costs": self.costs.as_json()}

    def as_text(self) -> str:
        """Return one line per voice, the hardest first."""
        ranked = sorted(self.voices.items(), key=lambda item: item[1].value)
        width = max(map(len, self.voices), default=3)
        lines = [f"{'all':<{width}}  {self.all}", *(f"{name:<{width}}  {one}" for name, one in ranked)]
        return "\n".join([*lines, f"thresholds: {self.costs}"])


def leave_voices_out(data: Path) -> VoiceFigures:
    """Train the class head once per voice without it, and let it hear that voice."""
    examples = [example for example in read_folder(data) if example.label]
    names = sorted({str(example.label) for example in examples})
    gold = np.array([names.index(str(example.label)) for example in examples])
    chances = np.empty((len(gold), len(names)))
    simplify, extract = simplifier(), Extract(EARS, Cutter())
    documents = [extract(normalise(example.text, simplify).text) for example in examples]
    voices = np.array([example.voice for example in examples])
    for voice in sorted(set(voices)):
        train, test = np.flatnonzero(voices != voice), np.flatnonzero(voices == voice)
        chances[test] = _heard([documents[at] for at in train], [examples[at] for at in train],
                               [documents[at] for at in test], names)  # fmt: skip

    guessed = chances.argmax(axis=1)

    def figure(places: Any) -> Figure:
        return bootstrap(len(places), lambda at: macro_f1(gold[places[at]], guessed[places[at]], len(names)))

    limits = load_taxonomy().thresholds
    return VoiceFigures(
        figure(np.arange(len(gold))),
        {str(v): figure(np.flatnonzero(voices == v)) for v in sorted(set(voices))},
        weigh(chances, gold, limits["close"], limits["unsure"]),
    )


def _heard(known: list[Document], examples: list[Example], strange: list[Document], names: list[str]) -> Any:
    """Return the chances of every strange message over `names`."""
    features: Features = fit_features(known)
    labels, groups = [str(each.label) for each in examples], [each.voice for each in examples]
    head = fit_head(matrix(features, [features.row(one) for one in known]), labels, groups)
    return np.array([[scores[name] for name in names] for one in strange if (scores := head.scores(features.row(one)))])
