"""Candidates for the words that say by when something is demanded: 明早八点前, 三日内, 当天, 随见随清."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.amounts import Amount, around, clause_bounds
from nlu.deadlines import find_limits
from nlu.numerals import NUMBER

_MOST = 40
_N = NUMBER
_DAY = (
    r"(?:大后|后|明|今|当|次|听|第二|翌)(?:天|日|儿|朝|暝|早|晚|晏|夜|晨)(?:上)?|昨[天日晚]"
    r"|(?:每|下下|下|本|这)?个?(?:周|星期|礼拜)[一二三四五六日天末]?"
    rf"|(?:(?:{_N})月份?)?(?:{_N})[号日](?!线|楼|文|人)|(?:{_N})月份?"
    r"|(?:下个?|本|这个?|每)?月[底末初中]?|季度?[末底]|年[底末内前]|(?:国庆|中秋|春节|五一|元旦|清明|重阳|腊八|年关|节)(?=前)|[天逐每][天日暝晚]"
)
_PART = r"凌晨|早上|早晨|早浪|早|上午|中午|晌午|下午|傍晚|晚上|晚|夜里|夜|半夜|上班|下班|天黑|天亮|散会|收工"
_TIME = rf"(?:{_N})(?:点钟?|:|时)(?:半|\d\d|[一二三]刻|[一二三四五]?十[一二三四五六七八九]?|钟)?分?"
_TAIL = r"之?前|以前|之?内|以内|里头|截止|为止|之后|后"
_DUE = re.compile(
    rf"(?P<lead>限|剩|只给|仅给|给|不足|提前|提早)?(?P<body>"
    rf"(?P<span>(?:{_N}|半)个?(?:多)?(?:小时|钟头|分钟|天|日|工作日|周|礼拜|星期|月))"
    rf"|(?P<day>{_DAY})?(?P<part>{_PART})?(?P<time>{_TIME})?)(?P<tail>{_TAIL})?"
    r"|(?P<set>不过夜|随\w随\w|马上|立刻|立即|即刻|当场)"
)
_ASK = re.compile("[交报传给要催收填发回齐完限必须截]")


def due_candidates(text: str, label: str | None) -> list[Amount]:
    """Return everything in the text that may say by when; the value is the kind of words."""
    matches = [m for m in _DUE.finditer(text) if m["set"] or m["body"]][:_MOST]
    found, limits = [], find_limits(text) if matches else []
    for at, match in enumerate(matches):
        start, end = match.span()
        marks = [*around(text, start, end), *_shape(match), f"label {label}", f"place {min(start // 10, 5)}",
                 f"rank {min(at, 3)} of {min(len(matches), 4)}"]  # fmt: skip
        first, last = clause_bounds(text, start, end)
        ahead, behind = text[end:last], text[first:start]
        marks += [f"ahead {char}" for char in set(_ASK.findall(ahead[:8]))]
        marks += [f"behind {char}" for char in set(_ASK.findall(behind[-8:]))]
        marks.append(f"rule {any(left < end and start < right for left, right in limits)}")
        found.append(Amount(start, end, "due", tuple(marks)))
    return found


def _shape(match: re.Match[str]) -> Iterator[str]:
    """Yield which parts the words have."""
    shape = " ".join(name for name in ("lead", "span", "day", "part", "time", "tail", "set") if match[name])
    tail, asks = match["tail"] or "", bool(_ASK.match(match.string, match.end()))
    yield f"shape {shape}"
    yield f"tail {tail}"
    yield f"shape {shape} {tail} {asks}"
    yield f"asks {asks} {tail}"
    for name in ("lead", "day", "part", "set"):
        if match[name]:
            yield f"{name} {match[name]} {tail}"
    if match["span"]:
        yield f"span {match['span'][-1]} {tail}"
