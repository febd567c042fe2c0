"""The facts of a complaint: who, what, how often, how long, by when; each as it stands in the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nlu.counts import Count, read_count
from nlu.deadlines import find_limits, read_deadline
from nlu.durations import read_hours
from nlu.normalise import Normal
from nlu.objects import ObjectWords, read_object
from nlu.raised import read_raised
from nlu.understanding import Unit
from nlu.units import Mention

Span = tuple[int, int]
_DOCUMENT = re.compile(r"[\u4e00-\u9fff]{0,8}[〔\[(【]\s?(?:19|20)\d\d\s?[〕\])】]\s?第?\d{1,5}号")


@dataclass(frozen=True)
class Slots:
    """What was found in one message."""

    units: tuple[Unit, ...]
    object: str | None
    count: Count
    hours: float | None
    deadline: datetime | None
    raised: tuple[str, str] | None
    document: str | None
    due: str | None = None


def read_slots(
    normal: Normal,
    tokens: Sequence[Span],
    mentions: Sequence[Mention],
    label: str | None,
    at: datetime | None,
    words: ObjectWords,
) -> Slots:
    """Read all facts of a clean text; `tokens` are its words, `mentions` its units."""
    text = normal.text
    thing = read_object(text, tokens, [(m.start, m.end) for m in mentions], label, words)
    limits = find_limits(text)
    return Slots(
        units=tuple(Unit(normal.source(m.start, m.end), m.known) for m in mentions),
        object=normal.source(*thing) if thing else None,
        count=read_count(text),
        hours=read_hours(text),
        deadline=read_deadline(text, at),
        raised=raised_in(normal),
        document=document_in(normal),
        due=normal.source(*limits[0]) if limits else None,
    )


def raised_in(normal: Normal) -> tuple[str, str] | None:
    """Return what was asked at first and what it became."""
    raised = read_raised(normal.text)
    return (normal.source(*raised[0]), normal.source(*raised[1])) if raised else None


def document_in(normal: Normal) -> str | None:
    """Return the number of an official document, such as 青民〔2026〕12号."""
    document = _DOCUMENT.search(normal.text)
    return normal.source(*document.span()) if document else None
