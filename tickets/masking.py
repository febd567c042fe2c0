"""Personal data in text is masked before anything is stored or logged (domain §4.4.8, design §5).

Patterns look at a shadow of the text: the same length, every character in one plain form. What they find is covered
in the text itself, so that what is not covered stays exactly as it was written.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from tickets.names import find_names

MASK = "▇▇"
Finder = Callable[[str], list[tuple[int, int]]]

# a digit in any script a person may type: 1, 一, 幺, 壹; wide, circled and raised ones are 1 in the shadow
_N = "[0-9零〇○一幺壹弌二贰貳三叁參四肆五伍六陆陸七柒八捌九玖]"
_ONE, _TWO = "[1一幺壹弌]", "[2二贰貳]"
_THREE_TO_NINE = "[3-9三叁參四肆五伍六陆陸七柒八捌九玖]"
# what people put between the digits of one number; invisible characters and the rings of key-cap emoji among them
_GAP = r"[ \t.·•_~*/()<>\[\]【】「」\-‐-―\u200b-\u200f\u2060\ufeff\ufe0f\u20e3]"
_S = rf"{_GAP}{{0,3}}"
_CARD = "[3-69三叁參四肆五伍六陆陸九玖]"  # how bank cards begin; dates and years do not
_APART = r"[ \-‐-―·.]"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_COUNTRY = rf"(?:(?:\+|\b00){_S}|(?<![0-9]))(?:86|八六|捌陆){_S}"
_ID_X = "[0-9零〇○一幺壹弌二贰貳三叁參四肆五伍六陆陸七柒八捌九玖Xx×]"
_DATED = r"(?!(?:19|20)\d\d(?:0[1-9]|1[0-2]))"  # a serial number that begins with a date is no card
_TOLD_ID = r"(?:号码?|id|ID)?\s*(?:[:=]|是|为|叫|加|搜)"
_ACCOUNT = r"[A-Za-z][\w-]{5,19}"
_MARKED_ACCOUNT = r"(?=[A-Za-z_-]*\d|[A-Za-z\d-]*_)[A-Za-z][\w-]{5,19}"
_MESSENGER = r"(?:微\s?信|威信|薇信|徽信|weixin|wechat|(?<![a-z])(?:wx|vx)|v信)"


def _digits(count: int) -> str:
    return rf"(?:{_S}{_N}){{{count}}}"


# group 1 of each pattern is what gets covered; the order matters: an ID card before the numbers inside it
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple((kind, re.compile(pattern, re.I)) for kind, pattern in (
    ("id_card", rf"(?<!\d)([1-9]\d{{5}}{_S}(?:18|19|20)\d\d{_S}\d\d{_S}\d\d{_S}\d{{3}}{_S}[\dXx×])(?![0-9a-z])"),
    ("id_card", rf"(?<!\d)([1-9]\d{{5}}{_S}\d\d{_S}(?:0[1-9]|1[0-2]){_S}(?:0[1-9]|[12]\d|3[01]){_S}\d{{3}})(?!\d)"),
    ("id_card", rf"(?<!{_N})({_N}(?:{_APART}?{_N}){{5}}{_APART}?(?:{_ONE}{_APART}?[89八捌九玖]|{_TWO}{_APART}?[0零〇○])"
                rf"(?:{_APART}?{_N}){{2}}{_APART}?[01零〇○一幺壹](?:{_APART}?{_N}){{6}}{_APART}?{_ID_X})(?!\d)"),
    ("bank_card", rf"(?<!{_N})({_CARD}(?:{_APART}?{_N}){{15,18}})(?![0-9])"),
    ("phone", rf"(?<![0-9])((?:{_COUNTRY})?{_ONE}{_S}{_THREE_TO_NINE}{_S}{_N}{_S}(?:{_N}{_S}){{7}}(?:[0-9](?![0-9])|"
              rf"(?![0-9]){_N}))"),
    ("phone", r"(?<![0-9])(1[3-9]\d\s?[,、;]\s?\d{4}\s?[,、;]\s?\d{4})(?![0-9])"),
    ("phone", rf"(?<![0-9])({_ONE}{_THREE_TO_NINE}{_N}{_S}[*x×•]{{4}}{_S}{_N}{{4}})(?![0-9])"),
    ("phone", rf"(?<![0-9])(\(?(?:\+?86{_S})?0[1-9]\d{{1,2}}{_S}[2-9]\d{{2,3}}{_S}\d{{4}}"
              rf"(?:\s*(?:转|分机|ext\.?|-|#)\s*\d{{1,6}})?)(?![0-9])"),
    ("phone", rf"(?<!{_N})([零〇○](?:{_APART}?{_N}){{2,3}}(?:{_APART}{{1,3}}|转)?{_N}(?:{_APART}?{_N}){{6,7}})"),
    ("phone", rf"(?<![0-9])([2-9]\d{{2,3}}{_APART}?\d{{4}}\s*(?:转|分机|ext\.?)\s*\d{{1,6}})(?![0-9])"),
    ("phone", rf"(?:电话|座机|固话|手机|拨打?|tel|call)\D{{0,4}}([2-9]\d{{2,3}}{_APART}?\d{{4}})"
              r"(?![0-9年条份次户张元])"),
    ("bank_card", rf"(?<![0-9])({_DATED}\d{{16,19}})(?![0-9])"),
    ("bank_card", rf"(?<![0-9])((?!19|20)\d{{4}}(?:{_APART}{{1,2}}\d{{4}}){{3}}"
                  rf"(?:{_APART}{{0,2}}\d{{1,3}})?)(?![0-9])"),
    ("bank_card", rf"(?<![0-9])((?!19|20)\d{{6}}{_APART}{{1,2}}\d{{10,13}})(?![0-9])"),
    ("email", r"(?<![a-z0-9._%+-])([a-z0-9._%+-]{1,64}\s?(?:[@#]|[(\[]at[)\]]|\sat\s|艾特)\s?[a-z0-9-]{1,63}"
              r"(?:\s?(?:\.|[(\[]dot[)\]]|\sdot\s|点)\s?[a-z]{2,24}){1,4})"),
    ("plate", rf"([{_PROVINCES}]\s?[A-HJ-NP-Z]\s?[·.•-]?\s?(?=[A-Z]{{0,5}}\d)[A-HJ-NP-Z0-9]{{4,6}}[学警挂港澳领]?)"
              r"(?![A-Z0-9])"),
    ("account", rf"{_MESSENGER}\s*{_TOLD_ID}\s*({_ACCOUNT}|\d{{5,12}})"),
    ("account", rf"{_MESSENGER}\s?(?:号|id)\s*({_ACCOUNT}|\d{{5,12}})"),
    ("account", rf"{_MESSENGER}\s*({_MARKED_ACCOUNT}|\d{{5,12}})"),
    ("account", rf"加(?:我|个|一下)?(?:的)?(?:{_MESSENGER}|[v微])\s*[:]?\s*({_ACCOUNT}|\d{{5,12}})"),
    ("account", rf"(?<![a-z0-9])v\s*(?:[:]|是|号)\s*({_ACCOUNT}|\d{{5,12}})"),
    ("account", r"(?:qq|扣扣|企鹅)\s*(?:群|号码?|群号)?\s*(?:[:=]|是|为|加)?\s*(\d{5,12})(?!\d)"),
))  # fmt: skip


@dataclass(frozen=True)
class Masked:
    """Text without personal data, and the kinds of data that were covered."""

    text: str
    kinds: tuple[str, ...]


def mask(text: str) -> Masked:
    """Cover ID cards, phones, bank cards, plates, e-mail, messenger accounts and told names, however spelled."""
    kinds: list[str] = []
    plain = shadow(text)
    for kind, find in _FINDERS:
        for start, end in reversed(find(plain)):
            text = text[:start] + MASK + text[end:]
            plain = plain[:start] + MASK + plain[end:]
            kinds.append(kind)
    return Masked(text, tuple(dict.fromkeys(kinds)))


def shadow(text: str) -> str:
    """The text in plain characters, one for one: wide forms narrow, digits of any script 0-9, other spaces a space."""
    return text if text.isascii() else text.translate(_PLAIN)


class _Plain(dict[int, str]):
    """Character by character, remembered: every message asks for the same few thousand."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = _plain(chr(code))
        return plain


def _plain(char: str) -> str:
    value = unicodedata.digit(char, None)
    if value is not None:
        return str(value)
    narrow = unicodedata.normalize("NFKC", char)
    if len(narrow) != 1:
        return char
    return " " if narrow.isspace() and narrow != "\n" else narrow


def _finder(pattern: re.Pattern[str]) -> Finder:
    return lambda plain: [found.span(1) for found in pattern.finditer(plain)]


_PLAIN = _Plain()
_FINDERS: tuple[tuple[str, Finder], ...] = (
    *((kind, _finder(pattern)) for kind, pattern in PATTERNS), ("name", find_names),
)  # fmt: skip
