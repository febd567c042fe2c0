"""Two complaints in one message: where a person starts the second one."""

from __future__ import annotations

import re
from itertools import pairwise

Span = tuple[int, int]
_SHORTEST = 3
# Words with which people open another matter; a full stop alone does not.
_OPENERS = (
    r"另外(?:还有|再说)?(?:一[件个桩]事?)?|还有(?:一[件个桩条码]事?|就是|那个|个事)|再(?:一个|有一|一件|说一[件个]|就是|反映一|讲一|提一)[件个桩]?事?|"
    r"再说(?=那个|会|表|群|检查)|第[一二三四五](?:[,、:是件]|个(?!月|星期|礼拜|季))|其[一二三]|[一二三]是(?!一|不|个|人|家|户|口|等)|[1-5][.、)](?!\d)|"
    r"顺便(?:说|反映|提|讲)(?:一[下句]|下)?|同时(?:反映)?,|除了这个|除此之外|此外|与此同时|"
    r"这(?:事|件)(?:还没完|之外)|不光(?:这个|如此|是这),|一[件码]归一[件码]"
)
_SPLIT = re.compile(rf"(?:(?<=[,。;!?、 ])|^)(?=(?:{_OPENERS}))|(?<=;)|(?<=\n)")
_OPENER = re.compile(rf"^(?:{_OPENERS})[,:、 ]?")


def split_parts(text: str) -> list[Span]:
    """Return the pieces a message falls into at words that open another matter; one piece when there are none."""
    cuts = [0, *sorted({match.start() for match in _SPLIT.finditer(text)} - {0}), len(text)]
    pieces = [_tidy(text, start, end) for start, end in pairwise(cuts)]
    return [(start, end) for start, end in pieces if end - start >= _SHORTEST]


def _tidy(text: str, start: int, end: int) -> Span:
    """Drop the opener and the punctuation around a piece."""
    while start < end and not text[start].isalnum() and text[start] not in '《“"「':
        start += 1
    opener = _OPENER.match(text[start:end])
    start += opener.end() if opener else 0
    while end > start and text[end - 1] in " ,。;、!?\n":
        end -= 1
    return start, end
