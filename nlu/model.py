"""A trained model: one vocabulary, one or more heads, stored as plain arrays and JSON (never pickle)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nlu.errors import ModelError
from nlu.fact_store import fact_arrays, joined, parted, read_facts
from nlu.facts import FactModel
from nlu.features import Features
from nlu.head import Head

ARRAYS, CARD = "model.npz", "model.json"
FORMAT = 4  # rises when features change: a model made for others would hear nonsense


@dataclass(frozen=True)
class Model:
    """Vocabulary, heads by name (`label`, or `intent`, `class`, `subcode`), and how features are made."""

    features: Features
    heads: Mapping[str, Head]
    options: Mapping[str, Any]
    name: str
    facts: FactModel | None = None

    def save(self, folder: Path) -> None:
        """Write the model; the card is replaced last, so that a half-written folder is not taken for whole."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {"idf": self.features.idf}
        arrays["names"] = joined(self.features.names())
        for name, head in self.heads.items():
            arrays[f"{name}_weights"] = head.weights.astype(np.float16)
            arrays[f"{name}_bias"] = head.bias
        if self.facts:
            arrays |= fact_arrays(self.facts)
        _replace(folder / ARRAYS, lambda path: _write_arrays(path, arrays))
        card = {"format": FORMAT, "name": self.name, "options": dict(self.options), "heads": {}}
        card["choosers"] = sorted(self.facts.choosers) if self.facts else []
        card["heads"] = {n: {"labels": h.labels, "temperature": h.temperature} for n, h in self.heads.items()}
        text = json.dumps(card, ensure_ascii=False, indent=1)
        _replace(folder / CARD, lambda path: path.write_text(text, encoding="utf-8"))


def load_model(folder: Path) -> Model:
    """Read a model folder."""
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        if card["format"] != FORMAT:
            raise ValueError(f"format {card['format']}, not {FORMAT}: train again")
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            names = parted(arrays["names"])
            features = Features({n: at for at, n in enumerate(names)}, arrays["idf"])
            heads = {name: _head(name, item, arrays) for name, item in card["heads"].items()}
            facts = read_facts(card["choosers"], arrays) if card["choosers"] else None
        return Model(features, heads, card["options"], card["name"], facts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder}: {error}") from error


def _head(name: str, card: Mapping[str, Any], arrays: Mapping[str, Any]) -> Head:
    weights = arrays[f"{name}_weights"].astype(np.float32)
    labels = tuple(card["labels"])
    if weights.shape[1] != len(labels):
        raise ValueError(f"head {name}: {weights.shape[1]} columns for {len(labels)} labels")
    return Head(labels, weights, arrays[f"{name}_bias"].astype(np.float32), float(card["temperature"]))


def _write_arrays(path: Path, arrays: Mapping[str, Any]) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)


def _replace(path: Path, write: Any) -> None:
    fresh = path.with_name(path.name + ".new")
    write(fresh)
    fresh.replace(path)
