"""The facts of a complaint as the choosers see them, instead of the rules alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from nlu.amounts import Amount
from nlu.candidates import CANDIDATES
from nlu.counts import Count
from nlu.deadlines import moment_at, read_deadline
from nlu.facts import OBJECT, UNITS, FactModel, choose_amount, choose_object, choose_units
from nlu.hints import HintFinder
from nlu.normalise import Normal
from nlu.slots import Slots, document_in, raised_in
from nlu.spans import Span, find_spans, score_spans
from nlu.understanding import Unit
from nlu.units import Mention, UnitFinder

_DEMANDS = re.compile("(?:还|又|非|偏|硬)要?(?:让|叫|喊)")


class SlotChooser:
    """Lets the choosers decide on everything the rules read in a complaint."""

    def __init__(self, facts: FactModel, hints: HintFinder, finder: UnitFinder) -> None:
        self._facts, self._hints, self._finder = facts, hints, finder

    def __call__(
        self,
        normal: Normal,
        tokens: Sequence[Span],
        mentions: Sequence[Mention],
        label: str,
        at: datetime | None,
    ) -> Slots:
        """Return the facts; `mentions` are the units of the rules and the dictionary."""
        text = normal.text
        units, thing = self._names(text, tokens, mentions, label)
        times, per = self._choose("times", text, label), self._choose("per", text, label)
        hours, due = self._choose("hours", text, label), self._choose("deadline", text, label)
        return Slots(
            units=tuple(Unit(normal.source(*place), self._finder.known(text[slice(*place)])) for place in units),
            object=normal.source(*thing) if thing else None,
            count=Count(int(times.value) if times else None, str(per.value) if per else None),
            hours=float(hours.value) if hours else None,
            due=normal.source(due.start, due.end) if due else None,
            deadline=(moment_at(text, due.start, due.end, at) or read_deadline(text, at)) if due and at else None,
            raised=raised_in(normal),
            document=document_in(normal),
        )

    def _names(
        self, text: str, tokens: Sequence[Span], mentions: Sequence[Mention], label: str
    ) -> tuple[list[Span], Span | None]:
        """Return the units, each name once, and the object."""
        chooser = self._facts.choosers["spans"]
        spans = find_spans(text, tokens, self._hints(text, tokens, label), self._facts.classes)
        scores = score_spans(chooser, spans)
        fixed = [(m.start, m.end) for m in mentions if self._sure(text, m)]
        names: dict[str, Span] = {}
        for place in choose_units(spans, scores, float(chooser.none[UNITS]), fixed):
            names.setdefault(text[slice(*place)], place)
        return list(names.values()), choose_object(text, spans, scores, float(chooser.none[OBJECT]))

    def _sure(self, text: str, mention: Mention) -> bool:
        """Tell whether rules decide: a name only the dictionary knows, or one that asks in so many words."""
        unseen = mention.known is not None and not self._finder.looks(text[mention.start : mention.end])
        return unseen or _DEMANDS.match(text, mention.end) is not None

    def _choose(self, name: str, text: str, label: str) -> Amount | None:
        return choose_amount(name, self._facts.choosers[name], CANDIDATES[name](text, label))
