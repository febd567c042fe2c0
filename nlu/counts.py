"""How often: the count a message complains of, and per which stretch of time."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.numerals import NUMBER, to_int

# Counting the act itself beats counting things, a count beside a stretch of time beats one without.
_ACTS = "次回遍趟拨轮批场茬波"
_THINGS = "条本份张页项套封篇"
# 个 counts anything; it is a count of the burden only before such nouns, or at the end of a clause.
_NOUNS = (
    "多?(?:微信|工作|钉钉|qq)?群|(?:[\u4e00-\u9fff]{0,4}?)(?:会(?!议?室)|章|表|平台|app|系统|小程序|公众号|文件|通知|指标|检查|方案|活动|"
    "专班|台账|账号|号|证明|档案盒|盒子|培训|任务|视频|简报|单子|工单|课题|调研组|检查组|督查组)"
)
_COUNT = re.compile(
    rf"(?P<nth>第)?(?P<n>{NUMBER})(?P<act>[{_ACTS}])(?![事件子])"
    rf"|(?P<n2>{NUMBER})(?P<thing>[{_THINGS}])(?!路)"
    rf"|(?P<n3>{NUMBER})(?P<any>个)(?=大?(?:{_NOUNS})|[,。;!?、~ ]|$|了)"
    rf"|(?:开|盖|建|加|进|拉|装|刻)了?(?P<n4>{NUMBER})(?P<bare>会|章|群)"
)
# 每周, 天天 say how often by themselves; 这周, 一天, 今年 only beside a count (准备了一天 is a length).
_EVER = {
    "day": r"每(?:个)?[天日](?!之?内)|天天|日日|每[晚早]",
    "week": r"每个?(?:周(?!年)|星期|礼拜)|周周",
    "month": r"每个?月(?![底初末])|月月",
    "quarter": r"每个?季度?|季季",
    "year": r"每年(?!级)|年年",
}
_ONCE = {
    "day": r"(?:一|当|今)(?:整)?[天日儿](?!前|之?内|以内|后)|一晚上?|一早上|一上午|一下午|一宿",
    "week": r"(?:[一这本上]个?|一)(?:周(?!年)|星期|礼拜)(?!前|之?内|后)",
    "month": r"[一这本上]个?月(?!前|之?内|底|初|后)|当月",
    "quarter": r"[一这本上]个?季度",
    "year": r"一年(?!级|前|之?内|半|后)|今年|全年",
}
_PERIOD = re.compile("|".join(f"(?P<{name}_ever>{_EVER[name]})|(?P<{name}_once>{_ONCE[name]})" for name in _EVER))
_CLAUSE = re.compile(r"[,。;!?~ ]")


@dataclass(frozen=True)
class Count:
    """A count and its stretch of time; either may be missing."""

    times: int | None
    per: str | None


def read_count(text: str) -> Count:
    """Return the best count of the text and the stretch of time it goes with."""
    periods = [(match.start(), str(match.lastgroup)) for match in _PERIOD.finditer(text)]
    ever = next((name.removesuffix("_ever") for _, name in periods if name.endswith("_ever")), None)
    best: tuple[float, int, int, str | None] | None = None
    for match in _COUNT.finditer(text):
        value = to_int(match["n"] or match["n2"] or match["n3"] or match["n4"] or "")
        if not value:
            continue
        per = _near(text, match.start(), periods)
        found = (_weight(match, value, per), -match.start(), value, per)
        best = found if best is None or found[:2] > best[:2] else best
    if best is None:
        return Count(None, ever)
    # A lone 一遍 or 一张 is grammar, not a count, unless it happens every so often.
    return Count(None if best[2] == 1 and best[3] is None else best[2], best[3] or ever)


def _weight(match: re.Match[str], value: int, per: str | None) -> float:
    kind = 2.0 if match["act"] else 1.0
    return kind * (value > 1) + 1.5 * (per is not None) + 0.5 * (match["nth"] is not None)


def _near(text: str, place: int, periods: list[tuple[int, str]]) -> str | None:
    """Return the stretch of time named in the same clause as `place`, the nearest first."""
    cuts = [0, *(match.end() for match in _CLAUSE.finditer(text)), len(text) + 1]
    start = max(cut for cut in cuts if cut <= place)
    end = min(cut for cut in cuts if cut > place)
    inside = [(abs(at - place), name) for at, name in periods if start <= at < end]
    return min(inside)[1].rpartition("_")[0] if inside else None
