"""Who asked for it: unit names as people say them, known ones from the dictionary, unseen ones by their look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from nlu.taxonomy import DATA

_JOINTS = ("", "、", "和", "跟", "与", "及")
_MARKS = r"[\u4e00-\u9fff]"
# A name does not reach back over these: pronouns, verbs, particles, numbers, time.
_STOP = (
    "的了是和跟与及被把给让叫要来去到在从向往对为由我你他她它们咱俺这那哪个各每又也还再都就才只先后前上下里外说问报交发填"
    "催查看拿送打喊找请等做干弄搞开写拍过着吗呢吧啊呀嘛哦不没有无非偏一二两三四五六七八九十几多半第人家谁啥什么怎如果因所以但而或"
    "同全某么啊老新即将已经刚曾会能可应该得必须今明昨早晚午天日月年周号点钟时候完全归属带随按照听见面"
)


@dataclass(frozen=True)
class Mention:
    """A unit found at [start, end) of the clean text, with its official name when known."""

    start: int
    end: int
    known: str | None


class UnitFinder:
    """Finds unit mentions; built once from the shipped words and a department's own dictionary."""

    def __init__(self, known: Mapping[str, Sequence[str]]) -> None:
        words = _words()
        self._known = {alias.lower(): name for name, aliases in known.items() for alias in (name, *aliases)}
        self._not_units = frozenset(words["not_units"])
        self._doubtful = frozenset(words["doubtful"])
        self._askers = frozenset(words["askers"]) - frozenset(words["names"])
        self._known_longest = max(map(len, self._known), default=0)
        self._after = _any(words["acts_after"], "{}")
        self._before = _any(words["acts_before"], "{}$")
        self._asks = re.compile(r"[^,。;!?]{0,5}?(?:让|叫|要|非|喊|催|说|不认|不收|不给|的人|那边|又|还|打电话|来)")
        self._own = _any(words["own"], "{}(?:这边|这里|村|镇|社区|街道)?(?:的)?$")
        self._pattern = _pattern(words)

    def find(self, text: str) -> list[Mention]:
        """Return the mentions in order, none overlapping, each name once."""
        names: dict[str, Mention] = {}
        for mention, speaks in self.find_all(text):
            if speaks:
                names.setdefault(text[mention.start : mention.end], mention)
        return list(names.values())

    def find_all(self, text: str) -> list[tuple[Mention, bool]]:
        """Return everything that looks like a unit, and whether the words at its place act as one."""
        found = [(m, self._speaks(text, m)) for m in _longest([*self._dictionary(text), *self._by_look(text)])]
        return [(m, speaks or self._in_a_row(text, at, found)) for at, (m, speaks) in enumerate(found)]

    def looks(self, name: str) -> bool:
        """Tell whether a name looks like a unit to somebody without the dictionary."""
        return self._pattern.fullmatch(name) is not None

    def known(self, name: str) -> str | None:
        """Return the official name behind a name the dictionary knows."""
        return self._known.get(name.lower())

    def _dictionary(self, text: str) -> Iterable[Mention]:
        for start in range(len(text)):
            for end in range(min(len(text), start + self._known_longest), start + 1, -1):
                name = self._known.get(text[start:end])
                if name is not None:
                    yield Mention(start, end, name)
                    break

    def _by_look(self, text: str) -> Iterable[Mention]:
        for match in self._pattern.finditer(text):
            start, end = match.span()
            free = match["free"] or match["there"] or ""
            if not any(free.endswith(word) for word in self._not_units):
                yield Mention(start, end, self._known.get(text[start:end]))

    def _speaks(self, text: str, mention: Mention) -> bool:
        """Tell whether the words at this place act as a unit, not as a subject or as the speaker's own side."""
        start, end = mention.start, mention.end
        if self._own.search(text[max(0, start - 6) : start]):
            return False
        name = text[start:end]
        if name in self._askers:
            return bool(self._asks.match(text, end))
        if name not in self._doubtful:
            return True
        return bool(self._after.match(text, end) or self._before.search(text[max(0, start - 3) : start]))

    def _in_a_row(self, text: str, at: int, found: Sequence[tuple[Mention, bool]]) -> bool:
        """Tell whether a doubtful name stands in a row of units: 应急消防住建三家."""
        this = found[at][0]
        if text[this.start : this.end] not in self._doubtful:
            return False
        rest = [m for m, speaks in found if speaks]
        row = [m for m, _ in found]
        before = row[at - 1] if at else None
        after = row[at + 1] if at + 1 < len(row) else None
        joined = [
            before is not None and text[before.end : this.start] in _JOINTS,
            after is not None and text[this.end : after.start] in _JOINTS,
        ]
        return any(joined) and bool(rest)


def _longest(mentions: Iterable[Mention]) -> list[Mention]:
    """Keep, of overlapping mentions, the longest; among equals the one the dictionary knows."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.known is None)):
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda m: m.start)


def _pattern(words: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    level = f"(?:{_alternatives(words['levels'])})?"
    suffix = f"(?:{_alternatives(words['suffixes'])})"
    stems, names, askers = (_alternatives(words[key]) for key in ("stems", "names", "askers"))
    free = f"(?:(?![{_STOP}]){_MARKS}){{1,6}}?"
    return re.compile(
        f"{level}(?:(?:{names})|(?:{stems}){suffix})"
        f"|{level}(?P<stem>{stems}|{askers})(?!检查组)"
        f"|(?P<there>{free})(?=那边|那头|那儿的人)"
        f"|(?P<free>{free}(?:局|街道办|镇政府|乡政府|管委会|指挥部|公司|银行|学校|医院|卫健委|委员会|中心|研究院|学院|大学|协会))"
    )


def _any(words: Sequence[str], template: str) -> re.Pattern[str]:
    return re.compile(template.format(f"(?:{_alternatives(words)})"))


def _alternatives(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Sequence[str]]:
    raw: Mapping[str, Any] = yaml.safe_load((DATA / "units.yaml").read_text(encoding="utf-8"))
    return {key: tuple(str(value).split()) for key, value in raw.items()}
