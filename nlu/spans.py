"""Stretches of words that may name a unit or the thing complained of, and what speaks for each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nlu.chooser import Chooser
from nlu.features import Floats

Span = tuple[int, int]
WordClasses = Mapping[str, tuple[int, ...]]
_MOST_WORDS, _LONGEST = 7, 12
# Names are looked for among the first words only: a longer text has said by then what it is about.
_MANY = 250
_FAR = -30.0  # added to those that are not looked at closely
_CLOSER_LOOK = 15  # candidates per decision that are weighed with their own features too
_NUMERAL = re.compile(r"[零〇一二两俩仨三四五六七八九十百千万几半\d]+")
_OWN = frozenset(["我", "来电人", "来电", "系", "我们", "我是", "反映人", "该", "咱", "俺", "阮", "自述"])
_ASKING = frozenset("要让叫写填报做搞拍开查盖签")
_ACTS = re.compile("[要让叫喊催问查来发派说]")
_ACTS_BEFORE = re.compile("[要让叫喊催问查来发派说填报做写拍开]")
_POST = re.compile("的?(?:[\u4e00-\u9fff]长|主任|工作人员|干部|小伙|大姐|人员|同志|科员|会计)")
_CUT = re.compile("[,。;!?]")


@dataclass(frozen=True)
class Hints:
    """What the rules say about a message: unit mentions (whether they speak), the object, heads of the class."""

    label: str
    mentions: Mapping[Span, bool]
    object: Span | None
    heads: Mapping[str, int]
    stops: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Spans:
    """Candidates of one message: first and last word of each, features of words as such and of candidates."""

    places: list[Span]
    first: list[int]
    last: list[int]
    opening: list[list[str]]
    closing: list[list[str]]
    inside: list[list[str]]
    own: Callable[[int], list[str]]
    hinted: list[int]


def class_words(words: Iterable[str]) -> list[str]:
    """Return words as word classes know them: without blanks, numerals as one sign."""
    return [_NUMERAL.sub("N", word) for word in words if word.strip()]


def find_spans(text: str, tokens: Sequence[Span], hints: Hints, classes: WordClasses) -> Spans:
    """Return all candidates among the words of a clean text."""
    tokens = _split(tokens[:_MANY], sorted({at for place in hints.mentions for at in place}))
    words = ["^", "^", *(_NUMERAL.sub("N", text[start:end]) for start, end in tokens), "$", "$"]
    kinds = [_kinds(word, classes) for word in words]
    inside = [
        [f"F{words[at]}", f"G{words[at - 1]}|{words[at]}", f"J{kinds[at][-1]}", f"K{kinds[at - 1][0]}|{kinds[at][0]}"]
        for at in range(2, len(tokens) + 2)
    ]
    places, first, last = _collect(text, tokens)
    extra = _Extra(text, words, kinds, hints)
    hinted = [at for at, place in enumerate(places) if place in hints.mentions or place == hints.object]
    return Spans(
        places,
        first,
        last,
        _opening(text, tokens, words, kinds, hints),
        _closing(text, tokens, words, kinds, hints),
        inside,
        lambda at: extra(places[at], first[at] + 2, last[at] + 2),
        hinted,
    )


def score_spans(chooser: Chooser, spans: Spans) -> Floats:
    """Return the scores of every candidate, one column per decision.

    What words say as such is summed for all candidates; only the best of these are looked at one by one.
    """
    count = len(spans.opening)
    sums = chooser.sums([*spans.opening, *spans.closing, *spans.inside])
    opening, closing, reached = sums[:count], sums[count : 2 * count], np.cumsum(sums[2 * count :], axis=0)
    scores: Floats = opening[spans.first] + closing[spans.last] + reached[spans.last] - reached[spans.first]
    near = {*spans.hinted}
    for decision in range(scores.shape[1]):
        near.update(np.argsort(-scores[:, decision], kind="stable")[:_CLOSER_LOOK].tolist())
    closer = sorted(near)
    scores += _FAR
    if closer:
        scores[closer] += chooser.sums([spans.own(at) for at in closer]) - _FAR
    return scores


def _split(tokens: Sequence[Span], cuts: Sequence[int]) -> Sequence[Span]:
    """Cut words where a unit starts or ends: 市 | 监查 hides 市监."""
    inner = {cut for cut in cuts if any(start < cut < end for start, end in tokens)} if cuts else set()
    if not inner:
        return tokens
    edges = sorted({at for token in tokens for at in token} | inner)
    return list(pairwise(edges))


def _collect(text: str, tokens: Sequence[Span]) -> tuple[list[Span], list[int], list[int]]:
    """Return the place, first and last word of every candidate."""
    word = [any(char.isalnum() for char in text[start:end]) for start, end in tokens]
    places, firsts, lasts = [], [], []
    for first, (start, _) in enumerate(tokens):
        for last in range(first, min(len(tokens), first + _MOST_WORDS)):
            end = tokens[last][1]
            if not word[last] or end - start > _LONGEST:
                break
            places.append((start, end))
            firsts.append(first)
            lasts.append(last)
    return places, firsts, lasts


def _kinds(word: str, classes: WordClasses) -> tuple[str, ...]:
    known = classes.get(word)
    return tuple(map(str, known)) if known else (f"o{min(len(word), 3)}",)


def _classed(prefix: str, kinds: Sequence[str]) -> list[str]:
    return [f"{prefix}{place}{kind}" for place, kind in enumerate(kinds)]


def _bare(word: str) -> bool:
    """Tell whether a word is a mark of punctuation, which no name starts or ends with."""
    return len(word) == 1 and not word.isalnum()


def _opening(
    text: str, tokens: Sequence[Span], words: Sequence[str], kinds: Sequence[tuple[str, ...]], hints: Hints
) -> list[list[str]]:
    """Return what each word says as the first of a name."""
    found: list[list[str]] = []
    own = asking = False
    clause = 0
    for number, (start, _) in enumerate(tokens):
        at = number + 2
        before, word = words[at - 1], words[at]
        if before in ",。;!?:~ ":
            own = asking = False
            clause = start
        if _bare(word):
            found.append([])
            continue
        marks = [f"a{before}", f"b{words[at - 2]}|{before}", f"c{before[-1]}", f"d{word}", f"e{before}|{word}",
                 f"f{word[0]}", f"l{min(number, 6)}",
                 f"Lc{kinds[at - 1][0]}|{kinds[at][0]}"]  # fmt: skip
        marks += _classed("La", kinds[at - 1]) + _classed("Lb", kinds[at])
        marks += [f"Le{act}" for act in set(_ACTS_BEFORE.findall(text, max(clause, start - 8), start))]
        marks += ["Lo"] * own + ["Lk"] * asking + ["Ls"] * (word in hints.stops) + ["Lt"] * (before in hints.stops)
        own, asking = own or text[start : tokens[number][1]] in _OWN, asking or word in _ASKING
        found.append(marks)
    return found


def _closing(
    text: str, tokens: Sequence[Span], words: Sequence[str], kinds: Sequence[tuple[str, ...]], hints: Hints
) -> list[list[str]]:
    """Return what each word says as the last of a name, the head."""
    found: list[list[str]] = []
    cuts = [*(match.start() for match in _CUT.finditer(text)), len(text)]
    cut = 0
    for number, (_, end) in enumerate(tokens):
        at = number + 2
        word, after = words[at], words[at + 1]
        while cuts[cut] < end:
            cut += 1
        if _bare(word):
            found.append([])
            continue
        marks = [f"m{word}", f"n{word[-1]}", f"o{text[max(0, end - 2) : end]}", f"p{text[max(0, end - 3) : end]}",
                 f"q{after}", f"r{after[0]}", f"s{text[end : end + 2]}", f"t{word}|{after}",
                 f"u{after}|{words[at + 2]}", f"y{hints.label}|{word}", f"z{hints.label}|{word[-1]}",
                 f"D{word[-1]}|{after[0]}", f"Rc{kinds[at][0]}|{kinds[at + 1][0]}",
                 f"Rd{hints.label}{kinds[at][-1]}"]  # fmt: skip
        marks += _classed("Ra", kinds[at]) + _classed("Rb", kinds[at + 1])
        marks += [f"Rf{act}" for act in set(_ACTS.findall(text, end, min(end + 8, cuts[cut])))]
        found.append(marks + ["Rp"] * bool(_POST.match(text, end)) + _head(text, end, hints))
    return found


def _head(text: str, end: int, hints: Hints) -> list[str]:
    """Return whether a head noun of the class ends here, and how good a one."""
    for size in (4, 3, 2, 1):
        rank = hints.heads.get(text[max(0, end - size) : end])
        if rank is not None:
            return [f"Rh{min(rank // 5, 4)}", f"Rh{hints.label}"]
    return []


class _Extra:
    """Features of a candidate as a whole."""

    def __init__(self, text: str, words: Sequence[str], kinds: Sequence[tuple[str, ...]], hints: Hints) -> None:
        self._text, self._words, self._kinds, self._hints = text, words, kinds, hints
        self._after = Counter(text[end : end + 1] for _, end in hints.mentions)
        self._taken = {at for start, end in hints.mentions for at in range(start, end)}

    def __call__(self, place: Span, first: int, last: int) -> list[str]:
        start, end = place
        name, before = self._text[start:end], self._words[first - 1]
        head = self._kinds[last][-1]
        marks = [f"1{_NUMERAL.sub('N', name)}", f"2{end - start}", f"3{last - first}",
                 f"5{before}|{self._words[last]}", f"8{before[-1]}|{name[-1]}", f"9{self._kinds[first - 1][-1]}|{head}",
                 f"0t{head}|{self._kinds[last + 1][-1]}", f"0v{name[-2:]}|{before}"]  # fmt: skip
        speaks = self._hints.mentions.get(place)
        if speaks is not None:
            marks += [f"0u{speaks}", f"0n{min(len(self._hints.mentions), 4)}"]
        elif start in self._taken or end - 1 in self._taken:
            marks.append("0o")
        marks += ["0r"] if place == self._hints.object else []
        marks += ["0p"] if self._after[self._text[end : end + 1]] >= 2 else []
        marks += ["0c"] if self._text.count(name) > 1 else []
        return marks
