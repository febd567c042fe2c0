"""Fitting the choosers of facts on marked messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nlu.amounts import Amount
from nlu.candidates import CANDIDATES
from nlu.chooser import Chooser, Numbers
from nlu.facts import FactModel
from nlu.fit_chooser import Choices, Plain, as_chooser, count_columns, fit_choice, fit_each_span, sparse
from nlu.hints import HintFinder
from nlu.marked import Marked, places
from nlu.spans import Span, Spans, WordClasses, find_spans

Cut = Callable[[str], Sequence[Span]]
_SPAN_LEAST, _LEAST = 3, 2  # features seen less often teach nothing
_FREEDOM = {"units": 1.0, "object": 1.0, "times": 1.0, "per": 1.0, "hours": 1.0, "deadline": 1.0}


def fit_facts(rows: Sequence[Marked], cut: Cut, classes: WordClasses, hints: HintFinder) -> FactModel:
    """Fit all choosers; `cut` returns the places of the words of a text."""
    choosers = {"spans": _fit_spans(rows, cut, classes, hints)}
    for name, candidates in CANDIDATES.items():
        choosers[name] = _fit_amounts(name, rows, [candidates(row.text, row.label) for row in rows])
    return FactModel(classes, choosers)


class _SpanDesign:
    """Spans share the features of their first, last and inner words, so that these are summed once per word."""

    def __init__(self, columns: dict[str, int], messages: Sequence[Spans]) -> None:
        starts = np.cumsum([0] + [len(one.opening) for one in messages])
        self._first = np.concatenate([np.asarray(m.first, int) + s for m, s in zip(messages, starts, strict=False)])
        self._last = np.concatenate([np.asarray(m.last, int) + s for m, s in zip(messages, starts, strict=False)])
        self._words = int(starts[-1])
        lists = zip(*((_own(one), one.opening, one.closing, one.inside) for one in messages), strict=True)
        self._parts = [sparse(columns, [features for one in kind for features in one]) for kind in lists]
        self._turned = [part.T.tocsr() for part in self._parts]

    def scores(self, weights: Numbers) -> Numbers:
        """Return one score per span."""
        own, opening, closing, inside = (part @ weights for part in self._parts)
        reached = np.cumsum(inside)
        return np.asarray(own + opening[self._first] + closing[self._last] + reached[self._last] - reached[self._first])

    def gradient(self, slopes: Numbers) -> Numbers:
        """Return how the sum of slopes times scores changes with each weight."""
        first = np.bincount(self._first, slopes, self._words)
        last = np.bincount(self._last, slopes, self._words)
        inside = (last - first)[::-1].cumsum()[::-1]
        parts = zip(self._turned, (slopes, first, last, inside), strict=True)
        return np.asarray(sum(turned @ part for turned, part in parts))


def _fit_spans(rows: Sequence[Marked], cut: Cut, classes: WordClasses, hints: HintFinder) -> Chooser:
    messages = []
    for row in rows:
        tokens = cut(row.text)
        messages.append(find_spans(row.text, tokens, hints(row.text, tokens, row.label), classes))
    lists = (f for one in messages for kind in (_own(one), one.opening, one.closing, one.inside) for f in kind)
    columns = count_columns(lists, _SPAN_LEAST)
    design = _SpanDesign(columns, messages)
    units = fit_each_span(design, *_units(rows, messages), len(columns), _FREEDOM["units"])
    thing = fit_choice(design, _objects(rows, messages), len(columns), _FREEDOM["object"])
    return as_chooser(columns, [units, thing])


def _own(spans: Spans) -> list[list[str]]:
    return [spans.own(at) for at in range(len(spans.places))]


def _units(rows: Sequence[Marked], messages: Sequence[Spans]) -> tuple[Any, Any]:
    """Return which spans are units, and 0 for those that only repeat a name: there they may be a mere subject."""
    right, counts = [], []
    for row, spans in zip(rows, messages, strict=True):
        found = [places(row.text, name) for name in row.units]
        firsts, again = {each[0] for each in found if each}, {place for each in found for place in each[1:]}
        right += [float(place in firsts) for place in spans.places]
        counts += [float(place not in again - firsts) for place in spans.places]
    return np.asarray(right), np.asarray(counts)


def _objects(rows: Sequence[Marked], messages: Sequence[Spans]) -> Choices:
    message, right, none = [], [], []
    for at, (row, spans) in enumerate(zip(rows, messages, strict=True)):
        meant = set(places(row.text, row.object))
        hits = [place in meant for place in spans.places]
        message += [at] * len(hits)
        right += hits
        none.append(not any(hits))
    return Choices(np.asarray(message), np.asarray(right), np.asarray(none))


def _fit_amounts(name: str, rows: Sequence[Marked], found: Sequence[Sequence[Amount]]) -> Chooser:
    """Fit one kind of amount; messages whose marked value no candidate has teach nothing."""
    message: list[int] = []
    right: list[bool] = []
    none: list[bool] = []
    marks: list[tuple[str, ...]] = []
    for row, amounts in zip(rows, found, strict=True):
        truth = getattr(row, name)
        hits = [truth is not None and _right(name, row, amount) for amount in amounts]
        if truth is not None and not any(hits):
            continue
        message += [len(none)] * len(hits)
        right += hits
        none.append(truth is None)
        marks += [amount.marks for amount in amounts]
    columns = count_columns(marks, _LEAST)
    choices = Choices(np.asarray(message, int), np.asarray(right, bool), np.asarray(none))
    return as_chooser(columns, [fit_choice(Plain(columns, marks), choices, len(columns), _FREEDOM[name])])


def _right(name: str, row: Marked, amount: Amount) -> bool:
    if name == "deadline":
        return any(amount.start < end and start < amount.end for start, end in places(row.text, row.deadline))
    if name == "hours":
        return abs(float(amount.value) - float(getattr(row, name))) <= 0.1
    return bool(amount.value == getattr(row, name))
