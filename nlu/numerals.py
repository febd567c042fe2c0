"""Chinese and Arabic numerals as people type them; a vague number is no number."""

from __future__ import annotations

import re

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3, "幺": 1}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
# A number in running text, with the words that make it rough but leave it a number: 两百多, 二十来, 上百.
# Bounded, so that a page of digits stays cheap.
NUMBER = (
    r"(?:上|近|成|快)?"
    r"(?:\d{1,12}(?:\.\d{1,4})?万?|[零〇一二两俩仨三四五六七八九十百千万几数]{1,10})(?:来|多|余)?"
)
_ARABIC = re.compile(r"(\d+(?:\.\d+)?)(万?)")
_PAIR = re.compile(r"([一二两三四五六七八九])[二三四五六七八九](?![一二两三四五六七八九])")
_VAGUE = re.compile(r"[几数]|(?<![百千万零〇])[一二两三四五六七八九]{2,}")


def to_number(text: str) -> float | None:
    """Return the value of a numeral such as 三, 26, 两百多, 三百二; None for 几, 三五, 七八."""
    body = text.strip("上近成快来多余")
    arabic = _ARABIC.fullmatch(body)
    if arabic:
        return float(arabic[1]) * (10_000 if arabic[2] else 1)
    if not body or (_VAGUE.search(body) and not _spelled(body)):
        return None
    return _chinese(body)


def to_int(text: str) -> int | None:
    """Return the whole number in a numeral, or None."""
    value = to_number(text)
    return None if value is None or value > 10**9 else int(value)


def rough_int(text: str, rough: str = "") -> int | None:
    """Return what a numeral says at least: 三四 is 3, 两三百 is 200, 十 with 几 behind it is 10."""
    body = text.replace("廿", "二十").replace("卅", "三十")
    value = to_int(body)
    if value is None:
        value = to_int(_PAIR.sub(r"\1", body))
    return None if value is None or (rough and value < 10) else value


def _spelled(body: str) -> bool:
    """Tell a number read out digit by digit (二〇二六) from a vague pair (三五, 七八)."""
    return len(body) >= 3 and all(char in _DIGITS for char in body)


def _chinese(body: str) -> float | None:
    if all(char in _DIGITS for char in body):
        return float("".join(str(_DIGITS[char]) for char in body))
    total = section = digit = 0
    last = 1
    for char in body:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char not in _UNITS:
            return None
        elif _UNITS[char] >= 10_000:
            total, section, digit = (total + section + digit or 1) * _UNITS[char], 0, 0
        else:
            section, digit = section + (digit or 1) * _UNITS[char], 0
        last = _UNITS.get(char, last)
    # 三百二 is 320, 一千五 is 1500; 三百零二 is 302.
    short = last >= 100 and body[-1] in _DIGITS and not {"零", "〇"} & set(body)
    return float(total + section + (digit * last // 10 if short else digit))
