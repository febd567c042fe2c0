"""What was asked at first and what it became on the way down: 90% to 100%, 月底 to 十号."""

from __future__ import annotations

import re

_N = r"[零一二两三四五六七八九十百千万\d]{1,10}"
# One kind of value per group: only values of one kind can be a requirement and its raised form.
_KINDS = {
    "share": rf"百分之?(?:百|{_N}(?:点{_N})?)|\d{{1,6}}(?:\.\d{{1,3}})?%|{_N}成",
    "date": r"(?:下个?|本|这个?)?月[底末初中]"
    r"|(?:(?:\d{1,2}|[一二三四五六七八九十]{1,2})月)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[号日]"
    r"|年[底末前]|季度?末|(?:下?周|星期|礼拜)[一二三四五六日天]|[今明后][天日]",
    "span": rf"{_N}(?:个)?(?:天|工作日|小时|个?月|周|礼拜)",
    "amount": rf"{_N}(?:户|人|条|个|亩|次|场|票|篇|份|件|处|块|元|万)",
}
_VALUE = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()))
_FIRST = r"(?:说|给了?|要求|原来|本来|原本|规定|文件上|明明|写的?是?|通知|从|定的?是?|只要|上面|市里|省里|把)"
_RAISED = (
    r"(?:改成|改到|变成|成了|变|提到|提高到|加到|加码到|涨到|压到|压缩到|缩到|缩成|提前到|"
    r"要求|就要|就剩|只剩|就给|只给|非要|就成|翻成|抬到|升到|到了?我们|到咱)"
)
_STEPS = re.compile(rf"{_FIRST}.{{0,14}}$", re.S)


def read_raised(text: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return the places of the first and of the raised requirement in the text."""
    values = [(str(match.lastgroup), match.start(), match.end()) for match in _VALUE.finditer(text)]
    for at, (kind, start, end) in enumerate(values):
        later = [value for value in values[at + 1 :] if value[0] == kind]
        if not later or not _STEPS.search(text[:start]):
            continue
        last = _last_raised(text, end, later)
        if last and text[start:end] != text[last[0] : last[1]]:
            return (start, end), last
    return None


def _last_raised(text: str, end: int, later: list[tuple[str, int, int]]) -> tuple[int, int] | None:
    """Follow the steps 改成 …, 镇里要求 … as far as they go."""
    found = None
    for _, start, stop in later:
        between = text[end:start]
        if len(between) > 16 or not re.search(_RAISED, between):
            break
        found, end = (start, stop), stop
    return found
