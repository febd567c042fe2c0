"""Personal data in text is masked before anything is stored or logged (domain §4.4.8, design §5)."""

import re
from dataclasses import dataclass

MASK = "▇▇"

_DIGITS = "零〇一幺壹二三四五六七八九"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_FULL_WIDTH_DIGITS = {0xFF10 + value: str(value) for value in range(10)}
_INTRODUCTION = r"(?:我叫|我的名字[是叫]?|姓名|名字叫|联系人|本人姓名|反映人)(?:是|[:\uff1a])?\s*"
_NAME_END = r"(?=[,\uff0c。;\uff1b、!\uff01?\uff1f\s]|是|在|的|电话|手机|$)"

# group 1 of each pattern is what gets covered; the order matters: an ID card before the numbers inside it
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("id_card", re.compile(
        r"(?<![0-9A-Za-z])([1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[\dXx])(?![0-9A-Za-z])")),
    ("phone", re.compile(r"(?<!\d)((?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d){8})(?!\d)")),
    ("phone", re.compile(rf"([一幺壹][三四五六七八九](?:[ -]?[{_DIGITS}]){{9}})")),
    ("phone", re.compile(r"(?<!\d)(0\d{2,3}[ -]\d{7,8})(?!\d)")),
    ("bank_card", re.compile(r"(?<!\d)((?:\d[ -]?){15,18}\d)(?!\d)")),
    ("email", re.compile(r"([A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,})")),
    ("plate", re.compile(rf"([{_PROVINCES}][A-HJ-NP-Z][·.]?[A-HJ-NP-Z0-9]{{5,6}})")),
    ("name", re.compile(rf"{_INTRODUCTION}([一-鿿]{{2,4}}?){_NAME_END}")),
)  # fmt: skip


@dataclass(frozen=True)
class Masked:
    """Text without personal data, and the kinds of data that were covered."""

    text: str
    kinds: tuple[str, ...]


def mask(text: str) -> Masked:
    """Cover ID cards, phones (spaced, in Chinese numerals), bank cards, plates, e-mail, told names."""
    kinds: list[str] = []
    text = text.translate(_FULL_WIDTH_DIGITS)
    for kind, pattern in PATTERNS:
        text, hits = pattern.subn(_cover, text)
        kinds += [kind] * hits
    return Masked(text, tuple(dict.fromkeys(kinds)))


def _cover(found: re.Match[str]) -> str:
    start, end = found.start(1) - found.start(), found.end(1) - found.start()
    return found.group()[:start] + MASK + found.group()[end:]
