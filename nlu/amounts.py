"""Candidates for the counts, stretches of time and lengths a message may complain of, each with what speaks for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlu.counts import read_count
from nlu.durations import find_hours, read_hours
from nlu.numerals import rough_int

_MOST = 40  # candidates of one kind: a page of digits must stay cheap
_COUNT = re.compile(
    r"(?P<nth>第)?(?P<n>\d{1,9}(?:\.\d+)?[万千百]?|[〇零一二两俩仨三四五六七八九十廿百千万]{1,8})(?P<rough>[几多来余])?"
)
_ACTS = "次回遍趟拨轮批场茬波道版稿度"
_NEVER = tuple("字岁成号口元亩斤")  # words, ages, shares, dates, heads, money and land are no counts of a burden
_SHORTEST = 0.05  # three minutes: 翻了两分钟 tells how little somebody cared
_CLAUSE = re.compile(r"[,。;!?~:]")
_REPEATED = re.compile(
    r"(?:一|各|又)(?P<measure>[次回遍趟拨轮批场道份张套个本篇版])"
    r"|(?P<verb>[要问查报填录看来开写评考交拍](?=[、,。;! ]|$))"
)
_PERIOD = re.compile(
    r"(?P<day>(?:每个?|一|逐|当|今|昨|整|大)?(?:天天|日日|夜夜|晚晚|早晚|[天日儿暝宿晚夜朝晌]|上午|下午|早上|晚上|工作日|后晌|黑夜))"
    r"|(?P<week>(?:每个?|逐|一个?|[这本上下]个?|头|周)?(?:周(?!年|边|转|到|围|全|密|折|家|姐|叔|老)|星期|礼拜)(?:[一二三四五六日天末])?)"
    r"|(?P<month>(?:每个?|逐|一个?|[这本上当下]个?|半个?|[\d一二三四五六七八九十近]{1,3}个?|月)?月(?:月|份|底|初|中|末|头)?)"
    r"|(?P<quarter>(?:每个?|逐|一个?|[这本上]个?)?季度?(?!节)|季报|三个月)"
    r"|(?P<year>(?:每|逐|一|今|去|本|全|当|年|头|整|半)?年(?!级|轻|纪|龄|前|后生|画|货|糕|会|味)(?:年|初|底|末|度|来|头|里)?)"
)


@dataclass(frozen=True)
class Amount:
    """A candidate at [start, end) of the clean text with its value and the features that speak for or against it."""

    start: int
    end: int
    value: float | str
    marks: tuple[str, ...]


def count_candidates(text: str, label: str | None) -> list[Amount]:
    """Return everything in the text that may be the count complained of."""
    matches = [(m, v) for m in _COUNT.finditer(text) if (v := rough_int(m["n"], m["rough"] or "")) is not None]
    matches = [(m, v) for m, v in matches if not text.startswith(_NEVER, m.end())][:_MOST]
    periods = [(m.start(), str(m.lastgroup)) for m in _PERIOD.finditer(text)]
    rivals = Counter(text[m.end() : m.end() + 1] for m, _ in matches)
    biggest = _biggest(matches)
    found, rule = [], read_count(text).times
    for at, (match, value) in enumerate(matches):
        measure = text[match.end() : match.end() + 1]
        marks = [
            f"rule {value == rule}",
            *around(text, match.start(), match.end()),
            *_size(match, value),
            *_rank(at, len(matches), rivals[measure], value == biggest[measure]),
            f"label {label} {measure}",
            f"act {measure in _ACTS} {value > 1}",
            f"act {measure in _ACTS} {min(value, 4)} {bool(match['nth'])}",
            f"first act {measure in _ACTS and not any(text[m.end() : m.end() + 1] in _ACTS for m, _ in matches[:at])}",
            *_near_period(text, match.start(), periods, measure),
        ]
        found.append(Amount(match.start(), match.end(), value, tuple(marks)))
    return [*found, *_repeats(text, label)]


def _biggest(matches: Sequence[tuple[re.Match[str], int]]) -> dict[str, int]:
    """Return the greatest value before each measure word."""
    found: dict[str, int] = {}
    for match, value in matches:
        measure = match.string[match.end() : match.end() + 1]
        found[measure] = max(value, found.get(measure, 0))
    return found


def period_candidates(text: str, label: str | None) -> list[Amount]:
    """Return everything in the text that may be the stretch of time a count goes with."""
    found, rule = [], read_count(text).per
    matches = list(_PERIOD.finditer(text))[:_MOST]
    for at, match in enumerate(matches):
        kind, word = str(match.lastgroup), match[0]
        start, end = match.span()
        clause = _clause(text, start, end)
        marks = [
            *around(text, start, end),
            f"rule {kind == rule} {rule is None}",
            f"word {word}",
            f"kind {kind}",
            f"word {word} {text[end : end + 1]}",
            f"opening {kind} {word[:1]}",
            f"opening {kind} {text[start - 1 : start]}{word[:1]}",
            f"count beside {kind} {word[:1]} {_counts(clause)}",
            f"acts {kind} {word[:1]} {any(char in _ACTS for char in clause)}",
            f"label {label} {kind}",
            f"rank {min(at, 3)} of {min(len(matches), 4)}",
            f"place {min(start // 10, 5)}",
        ]
        found.append(Amount(start, end, kind, tuple(marks)))
    return found


def hour_candidates(text: str, label: str | None) -> list[Amount]:
    """Return everything in the text that may be how long the burden takes, in hours."""
    found, rule = [], read_hours(text)
    matches = [match for match in find_hours(text) if match[2] >= _SHORTEST][:_MOST]
    top = max((hours for *_, hours, _ in matches), default=0.0)
    for at, (start, end, hours, kind) in enumerate(matches):
        clause = _clause(text, start, end)
        marks = [
            *around(text, start, end),
            f"rule {hours == rule}",
            f"kind {kind}",
            f"kind {kind} {text[start - 1 : start]}",
            f"kind {kind} {text[end : end + 1]}",
            f"label {label} {kind}",
            f"label {label}",
            f"hours {min(int(hours * 2), 20)}",
            f"rank {min(at, 3)} of {min(len(matches), 4)} {hours == top}",
            *(f"clause {char}" for char in set(clause)),
        ]
        found.append(Amount(start, end, hours, tuple(marks)))
    return found


def around(text: str, start: int, end: int) -> Iterator[str]:
    """Yield the characters before and after a candidate."""
    for size in (1, 2, 3):
        yield f"before {text[max(0, start - size) : start]}"
        yield f"after {text[end : end + size]}"
    yield f"second {text[end + 1 : end + 2]}"
    yield f"second {text[end + 1 : end + 3]}"
    yield f"both {text[max(0, start - 1) : start]} {text[end : end + 1]}"
    for char in set(_clause(text, start, start)[-8:]):
        yield f"left {char}"
    for char in set(text[end + 1 : end + 7]):
        yield f"right {char}"


def _size(match: re.Match[str], value: int) -> Iterator[str]:
    bucket = min(value, 6) if value < 10 else 10 if value < 20 else 20 if value < 100 else 100 if value < 1000 else 1000
    yield f"size {bucket}"
    yield f"nth {bool(match['nth'])} {bucket}"
    yield f"size {bucket} {match.string[match.end() : match.end() + 1]}"
    yield f"figures {match['n'][0].isascii()} {len(match['n']) > 3}"


def _rank(at: int, number: int, rivals: int, biggest: bool) -> Iterator[str]:
    yield f"rank {min(at, 4)}"
    yield f"last {at == number - 1}"
    yield f"alone {number == 1}"
    yield f"biggest {biggest} {min(rivals, 3)}"
    yield f"number {min(number, 6)}"


def _near_period(text: str, place: int, periods: Sequence[tuple[int, str]], measure: str) -> Iterator[str]:
    """Yield the stretches of time named in the clause, and whether one stands just before."""
    start, end = clause_bounds(text, place, place)
    near = [(place - at, kind) for at, kind in periods if start <= at < end and at != place]
    yield f"periods {bool(near)} {measure}"
    for distance, kind in near:
        yield f"period {kind} {distance > 0}"
        if 0 < distance <= 6:
            yield f"period before {kind} {distance <= 3} {measure}"
        if distance == -1:
            yield f"period itself {kind}"


def _repeats(text: str, label: str | None) -> Iterator[Amount]:
    """Yield counts nobody spelled out: 民政要一遍残联要一遍妇联又要一遍 is three."""
    groups: dict[str, list[int]] = {}
    for match in _REPEATED.finditer(text):
        groups.setdefault(match["measure"] or match["verb"], []).append(match.start())
    for sign, places in groups.items():
        if 2 <= len(places) <= 12:
            gap = (places[-1] - places[0]) // (len(places) - 1)
            marks = (f"repeat {sign}", f"repeats {min(len(places), 5)}", f"repeat gap {min(gap // 4, 4)}",
                     f"repeat {sign in _ACTS} {min(len(places), 4)}", f"repeat label {label}")  # fmt: skip
            yield Amount(places[0], places[-1] + 1, len(places), marks)


def _counts(clause: str) -> bool:
    return bool(re.search(r"[两俩仨三四五六七八九十百\d][一-鿿]", clause))


def clause_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the clause around [start, end) begins and ends, at most 40 characters away."""
    cuts = [match.end() for match in _CLAUSE.finditer(text, max(0, start - 40), start)]
    after = _CLAUSE.search(text, end, end + 40)
    return (cuts[-1] if cuts else max(0, start - 40)), (after.start() if after else min(len(text), end + 40))


def _clause(text: str, start: int, end: int) -> str:
    first, last = clause_bounds(text, start, end)
    return text[first:last]
