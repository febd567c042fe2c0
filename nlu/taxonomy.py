"""The taxonomy: classes, intents, flags, referrals and thresholds, read from a versioned file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nlu.errors import TaxonomyError

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class SubCode:
    """A sub-code such as `repeat_reports-1` and its name."""

    code: str
    name: str


@dataclass(frozen=True)
class ComplaintClass:
    """One class of complaint: what it is, what it is not, what to ask, where to look."""

    code: str
    name: str
    definition: str
    belongs: tuple[str, ...]
    excludes: tuple[str, ...]
    subcodes: tuple[SubCode, ...]
    keywords: tuple[str, ...]
    slots: tuple[str, ...]
    questions: tuple[str, ...]
    registers: tuple[str, ...]
    legal_basis: tuple[str, ...]


@dataclass(frozen=True)
class Taxonomy:
    """One version of the classes and of everything else a message can be."""

    version: str
    classes: tuple[ComplaintClass, ...]
    intents: Mapping[str, str]
    flags: Mapping[str, str]
    referrals: Mapping[str, str]
    thresholds: Mapping[str, float]
    weights: Mapping[str, float]

    def by_code(self, code: str) -> ComplaintClass:
        """Return the class with this code."""
        for item in self.classes:
            if item.code == code:
                return item
        raise TaxonomyError(f"no class {code}")


def load_taxonomy(path: Path | None = None) -> Taxonomy:
    """Read a taxonomy file; without a path, the one shipped with the package."""
    path = path or DATA / "taxonomy.yaml"
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _taxonomy(raw)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise TaxonomyError(f"{path}: {error}") from error


def _taxonomy(raw: Mapping[str, Any]) -> Taxonomy:
    classes = tuple(_class(item) for item in raw["classes"])
    if len({item.code for item in classes}) != len(classes):
        raise ValueError("two classes with one code")
    return Taxonomy(
        version=str(raw["version"]),
        classes=classes,
        intents=dict(raw["intents"]),
        flags=dict(raw["flags"]),
        referrals={str(code): name for code, name in raw["referrals"].items()},
        thresholds={name: float(value) for name, value in raw["thresholds"].items()},
        weights={name: float(value) for name, value in raw["weights"].items()},
    )


def _class(raw: Mapping[str, Any]) -> ComplaintClass:
    lists = ("belongs", "excludes", "keywords", "slots", "questions", "registers", "legal_basis")
    return ComplaintClass(
        code=raw["code"],
        name=raw["name"],
        definition=raw["definition"],
        subcodes=tuple(SubCode(item["code"], item["name"]) for item in raw["subcodes"]),
        **{name: tuple(str(value) for value in raw[name]) for name in lists},
    )
