"""Choosers and word classes as plain arrays, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nlu.chooser import Chooser
from nlu.facts import FactModel

_JOINT = "\x00"  # cannot occur in a feature: control characters are dropped before features are made


def fact_arrays(facts: FactModel) -> dict[str, Any]:
    """Return everything a fact model consists of as arrays by name."""
    arrays: dict[str, Any] = {"class_words": joined(list(facts.classes))}
    arrays["class_numbers"] = np.asarray(list(facts.classes.values()), np.int16)
    for name, chooser in facts.choosers.items():
        arrays[f"chooser_{name}_names"] = joined(chooser.names())
        arrays[f"chooser_{name}_weights"] = chooser.weights.astype(np.float16)
        arrays[f"chooser_{name}_none"] = chooser.none
    return arrays


def read_facts(names: Sequence[str], arrays: Mapping[str, Any]) -> FactModel:
    """Read the choosers of these names back."""
    numbers = [tuple(row) for row in arrays["class_numbers"].tolist()]
    classes = dict(zip(parted(arrays["class_words"]), numbers, strict=True)) if numbers else {}
    return FactModel(classes, {name: _chooser(name, arrays) for name in names})


def joined(names: Sequence[str]) -> Any:
    """Return names as one array of bytes."""
    return np.frombuffer(_JOINT.join(names).encode(), np.uint8)


def parted(array: Any) -> list[str]:
    """Return the names an array was joined from."""
    return str(array.tobytes().decode()).split(_JOINT)


def _chooser(name: str, arrays: Mapping[str, Any]) -> Chooser:
    weights = arrays[f"chooser_{name}_weights"].astype(np.float32)
    columns = (
        {feature: at for at, feature in enumerate(parted(arrays[f"chooser_{name}_names"]))} if len(weights) else {}
    )
    if len(columns) != len(weights):
        raise ValueError(f"chooser {name}: {len(columns)} names for {len(weights)} weights")
    return Chooser(columns, weights, arrays[f"chooser_{name}_none"].astype(np.float32))
