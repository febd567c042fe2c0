"""The catalogue of texts: load the YAML files, list keys and variables, fill a text with values."""

from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from texts.errors import UnfilledTextError, UnknownKeyError

FOLDER = Path(__file__).parent


class Catalogue:
    """All texts under dotted keys; `audience` tells whom a key speaks to (the file it stands in)."""

    def __init__(self, texts: Mapping[str, str], audiences: Mapping[str, str]) -> None:
        self._texts = dict(texts)
        self._audiences = dict(audiences)

    def say(self, key: str, /, **params: Any) -> str:
        """The sentence of `key` with its variables filled; TextError when key or value is missing."""
        if key not in self._texts:
            raise UnknownKeyError(key)
        missing = self.variables(key) - params.keys()
        if missing:
            raise UnfilledTextError(f"{key}: {', '.join(sorted(missing))}")
        return self._texts[key].format_map(params)

    def __contains__(self, key: object) -> bool:
        return key in self._texts

    def keys(self) -> frozenset[str]:
        """All keys."""
        return frozenset(self._texts)

    def audience(self, key: str) -> str:
        """complainant, unit, supervisor or desk."""
        return self._audiences[key]

    def variables(self, key: str) -> frozenset[str]:
        """Names of the variables of a text."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self._texts[key]) if name)


def load_catalogue(folder: Path = FOLDER) -> Catalogue:
    """Read every `<audience>.yaml` of a folder."""
    texts: dict[str, str] = {}
    audiences: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        for key, text in _flatten(yaml.safe_load(path.read_text(encoding="utf-8"))):
            texts[key] = text.rstrip("\n")
            audiences[key] = path.stem
    return Catalogue(texts, audiences)


def _flatten(tree: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in tree.items():
        key = f"{prefix}{name}"
        pairs += _flatten(value, f"{key}.") if isinstance(value, Mapping) else [(key, str(value))]
    return pairs
