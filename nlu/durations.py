"""How long it took, in hours, when the message gives hours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.numerals import NUMBER, to_number

_HALF_DAY = 4.0
_DAY = 8.0
_WITHIN = r"(?!之?内|以内|前|之前|后|之后|一次|一报|不到就|就要|就得)"
_AMOUNT = re.compile(
    rf"(?P<h>{NUMBER})个?(?P<half>半)?(?:小时|钟头|点钟头)(?P<halftail>半)?{_WITHIN}"
    rf"|(?P<halfhour>半个?(?:多)?(?:小时|钟头)){_WITHIN}"
    rf"|(?P<m>{NUMBER})(?P<mhalf>)分钟{_WITHIN}"
    r"|(?P<quarters>[一二两三])刻钟"
    rf"|(?P<halfday>大?半天|(?:整整|整|一整|耗了|花了|忙了|搭进去|搞了|弄了)?一?个?(?:上午|下午|晌午)(?<=一上午|一下午|个上午|个下午|了上午))"
    rf"{_WITHIN}"
    r"|(?P<day>一整天|整整一天|[了花]一?(?:整)?天(?!天)|(?<=了)一天(?![一二两三四五六七八九十\d次]))"
)
_SPAN = re.compile(
    rf"(?P<p1>凌晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|夜里)?(?P<h1>{NUMBER})(?:点|:)(?P<m1>半|\d\d|[一二三]刻|[一二三四五]十)?(?:多|钟)?"
    rf"(?:[一\u4e00-\u9fff]{{0,3}}?)(?:到|至|-|~)(?:了)?"
    rf"(?P<p2>凌晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|夜里|半夜)?(?P<h2>{NUMBER})(?:点|:)(?P<m2>半|\d\d|[一二三]刻|[一二三四五]十)?"
)
# Announcing or travelling is not the burden's length: 提前半小时通知, 会前两小时.
_NOT_BEFORE = re.compile(r"(?:提前|前|不到|隔|每隔|过了?)$")
# Everything that looks like a length, burden or not; whoever asks has to choose.
_LENGTH = re.compile(
    rf"(?P<h>{NUMBER}|半)个?(?P<half>半)?(?:小时|钟头|点钟|钟(?!头|点|表))(?P<tail>半)?(?:(?P<hm>{NUMBER})分)?"
    rf"|(?P<m>{NUMBER})分钟?(?!之|[^之,。;!? ]?[类给打])"
    r"|(?P<quarters>[一二两三])刻钟"
    r"|(?P<part>(?:大?半|一|整|整个|[两二俩三四五六七])个?(?:天|日|晌|后晌|上午|下午|晌午|晚上|晚|夜|宿|黑夜|黑了|前晌|朝|天工夫|暝))(?!前|后|一|天)"
    r"|(?P<whole>整整?一?[天日]|一整[天日]|成日|全天)"
    rf"|(?P<days>{NUMBER})(?:整)?天(?!前|后|内|之)"
)
_HALF_DAYS = ("半天", "半日", "上午", "下午", "晌", "晌午", "后晌", "前晌")
_PM = {"下午", "傍晚", "晚上", "晚", "夜里"}


def read_hours(text: str) -> float | None:
    """Return the longest stretch of hours named in the text."""
    found = [_amount(match) for match in _AMOUNT.finditer(text) if not _NOT_BEFORE.search(text[: match.start()])]
    found += [_span(match) for match in _SPAN.finditer(text)]
    known = [hours for hours in found if hours is not None and 0.05 <= hours <= 72]
    return round(max(known), 2) if known else None


def find_hours(text: str) -> Iterator[tuple[int, int, float, str]]:
    """Yield every stretch of hours in the text: start, end, hours, and what kind of words say it."""
    for match in _SPAN.finditer(text):
        hours = _span(match)
        if hours is not None and 0 < hours <= 24:
            yield match.start(), match.end(), round(hours, 2), "clock"
    for match in _LENGTH.finditer(text):
        hours, kind = _length(match)
        if hours is not None and 0 < hours <= 200:
            yield match.start(), match.end(), round(hours, 2), kind


def _length(match: re.Match[str]) -> tuple[float | None, str]:
    if match["h"]:
        value = 0.5 if match["h"] == "半" else to_number(match["h"])
        more = 0.5 * bool(match["half"] or match["tail"]) + (to_number(match["hm"] or "零") or 0) / 60
        return (None if value is None else value + more), "hours"
    if match["m"]:
        value = to_number(match["m"])
        return (None if value is None else value / 60), "minutes"
    if match["quarters"]:
        return (to_number(match["quarters"]) or 1) / 4, "minutes"
    if match["days"]:
        value = to_number(match["days"])
        return (None if value is None else value * _DAY), "days"
    if match["whole"]:
        return _DAY, "whole"
    word = match["part"]
    halves = word.endswith(_HALF_DAYS) or word.startswith(("半", "大半"))
    return (to_number(word[0]) or 1) * (_HALF_DAY if halves or word[-1] in "晚夜宿了上暝" else _DAY), f"part {word}"


def _amount(match: re.Match[str]) -> float | None:
    if match["h"]:
        value = to_number(match["h"])
        return None if value is None else value + (0.5 if match["half"] or match["halftail"] else 0)
    if match["m"]:
        value = to_number(match["m"])
        return None if value is None else value / 60
    if match["quarters"]:
        return (to_number(match["quarters"]) or 1) / 4
    if match["halfhour"]:
        return 0.5
    return _HALF_DAY if match["halfday"] else _DAY


def _span(match: re.Match[str]) -> float | None:
    start = _clock(match["p1"], match["h1"], match["m1"])
    end = _clock(match["p2"] or match["p1"], match["h2"], match["m2"])
    if start is None or end is None:
        return None
    return end - start if end > start else end + 12 - start if end + 12 > start else None


def _clock(part: str | None, hour: str, minute: str | None) -> float | None:
    value = to_number(hour)
    if value is None or value > 24:
        return None
    value += 12 if part in _PM and value < 12 else 0
    if minute == "半":
        return value + 0.5
    if minute and minute.endswith("刻"):
        return value + (to_number(minute[0]) or 0) / 4
    return value + (to_number(minute) or 0) / 60 if minute else value
