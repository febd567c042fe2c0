"""Names that people tell of themselves: 我叫…, 我是…, 姓名：…, 我姓…; what only sounds like one stays readable.

A name is a surname with one or two more characters, where a sentence can begin anew behind it.
"""

import re
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "data" / "names.txt"


def _read() -> dict[str, list[str]]:
    """Give the lists of the word file: `[head]` lines, then words."""
    lists: dict[str, list[str]] = {}
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            lists[line.strip("[]")] = []
        elif line and not line.startswith("#"):
            lists[next(reversed(lists))] += line.split()
    return lists


_STOP = r"(?=\s*(?:[^\w\s]|$|\n)|\s+)"
_FOREIGN = r"[A-Za-z]{2,}(?:[ ·.'-]{1,2}[A-Za-z]{2,}){0,3}"
_DOTTED = r"[一-鿿]{1,6}(?:[·•・][一-鿿]{1,8}){1,3}"
_INTRODUCES = (
    r"(?=[,。、;\s]*(?:我?是(?!因|想|为|不|的|要|怕)|我?在|电话|手机|家住|今年|来自|身份证|男|女|\d{1,2}岁|▇))"
)
_IS = r"\s*(?:[:=]|是|叫|为)\s*"
_CALLED = (
    r"(?:我(?:的|大)?名字?(?:就)?[是叫]|[我俺咱](?:本名|真名|全名|名|就)?叫(?:做|作)?|"
    r"本人(?:名叫|叫)|名字[是叫]|鄙人|免贵)"
)
_FIELD = (
    r"(?:姓\s?名|联\s?系\s?人|联络人|反映人|诉求人|来电人|致电人|经办人|经手人|收件人|填表人|落款|署名|签名|具名人?)"
)
_SELF = r"(?:[我俺咱](?:就)?是(?:那个|[^\W\d]{1,7}的)?|本人(?:是|系)?|这里是|在下|[我俺][,、])"


@cache
def load_patterns() -> tuple[re.Pattern[str], ...]:
    """The ways to tell a name; group 1 is the name."""
    lists = _read()
    compound, never = "|".join(lists["compound"]), "".join(lists["never"])
    surname, common = (f"(?:{compound}|[{''.join(lists[name])}])" for name in ("surnames", "common"))
    no_word = f"(?!{'|'.join(lists['words'])})"
    given = rf"(?:\s?[^\W\d_a-zA-Z{never}])"
    goes_on = rf"(?:{_STOP}|(?=\d|{'|'.join(lists['after'])}))"
    name = rf"{no_word}{surname}{given}{{2}}{goes_on}|{no_word}{surname}{given}{goes_on}"
    return tuple(map(re.compile, (
        rf"{_CALLED}\s*[:,]?\s*({_DOTTED}|{name}|{_FOREIGN})",
        rf"{_CALLED}\s*[:,]?\s*({no_word}{given}{{2,5}}?){_INTRODUCES}",
        rf"{_FIELD}{_IS}({_DOTTED}|{name}|{_FOREIGN}|{no_word}{surname}{given}{{1,2}})",
        rf"{_FIELD}{_IS}({no_word}{given}{{2,4}}){_STOP}",
        rf"{_FIELD}\s*({no_word}{surname}{given}{{1,2}}){goes_on}",
        rf"{_SELF}\s*({no_word}{common}{given}{{1,2}}{_STOP})",
        rf"(?:我|本人|免贵|咱|鄙人)\s?姓\s?({surname})(?!名)",
        rf"姓(?:{surname}|▇▇)[,、。 ]*(?:单?名|叫)\s?([一-鿿]{{1,2}}){goes_on}",
    )))  # fmt: skip


def find_names(plain: str) -> list[tuple[int, int]]:
    """Where told names stand in a shadow text (tickets.masking), from left to right without overlap."""
    spans: list[tuple[int, int]] = []
    for found in sorted(each.span(1) for pattern in load_patterns() for each in pattern.finditer(plain)):
        if not spans or found[0] >= spans[-1][1]:
            spans.append(found)
    return spans
