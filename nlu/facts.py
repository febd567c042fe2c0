"""Choosing facts among candidates: the learned part of reading slots, beside the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nlu.amounts import Amount
from nlu.chooser import Chooser, Numbers, shares
from nlu.features import Floats
from nlu.spans import Span, Spans, WordClasses

UNITS, OBJECT = 0, 1  # decisions of the chooser of spans
# Least chance at which a fact is named; where right and wrong weigh the same in F1 it lies below one half.
LEAST = {"units": 0.18, "object": 0.2, "times": 0.3, "per": 0.3, "hours": 0.22, "deadline": 0.22}
_RIVALS = 8  # names worth comparing with one another


@dataclass(frozen=True)
class FactModel:
    """Word classes, and choosers by name: `spans` (units and object), `times`, `per`, `hours`, `deadline`."""

    classes: WordClasses
    choosers: Mapping[str, Chooser]


def choose_units(spans: Spans, scores: Floats, none: float, fixed: Sequence[Span] = ()) -> list[Span]:
    """Return the places of units in order, none overlapping; `fixed` ones are units whatever their scores."""
    least = float(np.log(LEAST["units"] / (1 - LEAST["units"])))
    sums = scores[:, UNITS] - none if len(scores) else np.zeros(0)
    kept = list(fixed)
    for at in sorted(np.flatnonzero(sums > least), key=lambda at: -float(sums[at])):
        start, end = spans.places[at]
        if all(end <= left or start >= right for left, right in kept):
            kept.append((start, end))
    return sorted(kept)


def choose_object(text: str, spans: Spans, scores: Floats, none: float) -> Span | None:
    """Return the place whose name shares most characters with what is meant, judging by all likely names."""
    if not len(scores):
        return None
    chances = shares(scores[:, OBJECT], none)
    best = [int(at) for at in np.argsort(-chances, kind="stable")[:_RIVALS]]
    names = [text[slice(*spans.places[at])] for at in best]
    gains = [sum(chances[at] * dice(name, other) for at, other in zip(best, names, strict=True)) for name in names]
    first = int(np.argmax(gains))
    return spans.places[best[first]] if gains[first] >= LEAST["object"] else None


def choose_amount(name: str, chooser: Chooser, amounts: Sequence[Amount]) -> Amount | None:
    """Return the candidate that is meant; candidates of one value speak for one another."""
    if not amounts:
        return None
    chances = chooser.chances([amount.marks for amount in amounts])
    together: dict[float | str, float] = {}
    for amount, chance in zip(amounts, chances, strict=True):
        together[amount.value] = together.get(amount.value, 0.0) + float(chance)
    value = max(together, key=together.__getitem__)
    return _first(amounts, chances, value) if together[value] >= LEAST[name] else None


def _first(amounts: Sequence[Amount], chances: Numbers, value: float | str) -> Amount:
    return max(zip(amounts, chances, strict=True), key=lambda pair: (pair[0].value == value, float(pair[1])))[0]


def dice(one: str, other: str) -> float:
    """Return the share of characters two names have in common."""
    rest = list(other)
    common = 0
    for char in one:
        if char in rest:
            rest.remove(char)
            common += 1
    return 2 * common / (len(one) + len(other))
