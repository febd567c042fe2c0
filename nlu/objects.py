"""What the demand is about: the form, meeting, certificate, app, inspection … as it is named in the text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import yaml

from nlu.numerals import NUMBER
from nlu.taxonomy import DATA

Span = tuple[int, int]
_TITLE = re.compile(r"《([^《》]{2,40})》")
_QUOTED = re.compile(
    r"[“\"「『']([^”\"」』'“「『]{2,16})[”\"」』'](?=(?:的)?(?:表|群|app|平台|小程序|系统|软件|活动|会|行动|专项|台账|证明|公众号|检查|考核|报表|调研|问卷|这张|这个))"
)
_CHECKED = re.compile(
    r"查(?!了|完|过|询|看|处|[一二两三四五六七八九十几])(?:的是|的都是|的|我们)?"
    r"([\u4e00-\u9fff]{2,6}?)(?=[,。;!?、 ]|$|的|不同|查)"
)
_LEAD = re.compile(
    rf"(?:第?{NUMBER}(?:个|张|份|本|条|场|套|篇|页|项|点半?|分钟|天|周|小时|次|轮|期|版|家|种|位|口|块|号|类|遍)|完了?|每[人天户周月个次]|天天|了|着|过|名叫|叫|管|找)+"
)
_LONGEST = 12


@dataclass(frozen=True)
class ObjectWords:
    """Head nouns by class, the words a name stops at, and look-alikes."""

    heads: Mapping[str, Sequence[str]]
    any: Sequence[str]
    stops: frozenset[str]
    not_heads: frozenset[str]


@lru_cache(maxsize=1)
def load_object_words() -> ObjectWords:
    """Read the shipped words."""
    raw = yaml.safe_load((DATA / "objects.yaml").read_text(encoding="utf-8"))
    heads = {code: tuple(str(words).split()) for code, words in raw["heads"].items()}
    return ObjectWords(heads, tuple(raw["any"].split()), frozenset(raw["stops"].split()), frozenset(raw["not"].split()))


def read_object(
    text: str, tokens: Sequence[Span], taken: Sequence[Span], label: str | None, words: ObjectWords
) -> Span | None:
    """Return the place of the object; `tokens` are word places, `taken` the places of units."""
    for pattern in (_TITLE, _QUOTED):
        match = pattern.search(text)
        if match:
            return match.span(1)
    heads = tuple(words.heads.get(label or "", ())) + tuple(words.any)
    best: tuple[float, Span] | None = None
    for at, (_, end) in enumerate(tokens):
        head = _head(text, tokens, at, heads)
        if head is None or _look_alike(text, end, words):
            continue
        start = _trim(text, _reach(text, tokens, at, head, taken, words), end)
        if end - start < 2:
            continue
        score = _score(heads, text[head:end], head - start)
        best = (score, (start, end)) if best is None or score > best[0] else best
    if best is not None:
        return best[1]
    match = _CHECKED.search(text) if label == "multi_assessments" else None
    free = match and all(match.end(1) <= begin or stop <= match.start(1) for begin, stop in taken)
    return match.span(1) if match and free else None


def _head(text: str, tokens: Sequence[Span], at: int, heads: tuple[str, ...]) -> int | None:
    """Return where the longest head that ends with token `at` starts."""
    end = tokens[at][1]
    if not text.endswith(heads, 0, end):
        return None
    return end - max(len(head) for head in heads if text.endswith(head, 0, end))


def _look_alike(text: str, end: int, words: ObjectWords) -> bool:
    return any(text[max(0, end - n) : end] in words.not_heads for n in (2, 3, 4)) or any(
        text[end - 1 : end - 1 + n] in words.not_heads for n in (2, 3)
    )


def _reach(text: str, tokens: Sequence[Span], at: int, head: int, taken: Sequence[Span], words: ObjectWords) -> int:
    """Read leftwards from the head over words that can belong to a name."""
    start = head
    limit = tokens[at][1] - _LONGEST
    for left, right in reversed(tokens[: at + 1]):
        if left >= start:
            continue
        word = text[left : min(right, start)]
        apart = right < start
        if left < limit or apart or word in words.stops or not word.isalnum() or _numeral(word):
            break
        if right > start and left < head:
            # The head ends inside a longer word (登记表 holds 表): the whole word is the name.
            start = left
            continue
        if any(left < stop and begin < right for begin, stop in taken):
            break
        start = left
    return start


def _trim(text: str, start: int, end: int) -> int:
    """Drop counts and stray particles in front of a name: 二十六个工作群, 完审计."""
    match = _LEAD.match(text, start, end)
    return match.end() if match else start


def _numeral(word: str) -> bool:
    return all(char.isdigit() or char in "零一二两三四五六七八九十百千万几多来第" for char in word)


def _score(heads: Sequence[str], head: str, modifier: int) -> float:
    """Rank: heads of the class in their order, a name with its own modifier before a bare head."""
    place = heads.index(head) if head in heads else len(heads)
    return 1.5 * (modifier > 0) + 0.2 * min(modifier, 5) - 1.2 * place / len(heads) - 0.6 * (len(head) == 1)
