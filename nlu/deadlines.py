"""By when: the moment a message says something must be done, counted from a given moment in Shanghai."""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from nlu.numerals import NUMBER, to_int, to_number

SHANGHAI = ZoneInfo("Asia/Shanghai")
_CLOSE_OF_DAY = 18  # a bare day means until offices close, as with the hotline's own dates

_DAY = (
    r"(?P<rel>大后[天日]|后[天日]|明[天日儿]|今[天日儿]|当[天日]|明(?=[早晚上])|今(?=[早晚上夜])|当(?=晚))"
    r"|(?P<next>下下?个?|本|这个?)?(?:周|星期|礼拜)(?P<wd>[一二三四五六日天末])"
    r"|(?:(?P<mon>\d{1,2}|[一二三四五六七八九十]{1,2})月)?(?P<dom>\d{1,2}|[一二三四五六七八九十]{1,3})[号日](?!线|楼|文)"
    r"|(?P<end>(?:下个?|本|这个?)?月[底末]|季度?末|年[底末])"
)
_PART = r"(?P<part>凌晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|夜里|夜|半夜|下班)"
_TIME = rf"(?P<hour>{NUMBER})(?:点钟?|:|时)(?P<min>半|\d\d|[一二三]刻|[一二三四五]?十[一二三四五六七八九]?)?分?"
_BEFORE = (
    r"(?:限|截止到?|截至|最迟|最晚|务必|必须|赶在|要求|规定|让|叫|喊|就要|要|得在?|到|于|改成|改到|提前到|压到|请)"
)
_AFTER = (
    r"(?:之?前|以前|截止|为止|必须|务必|要?交|要?报|要?给|要?发|要?传|上报|报送|反馈|完成|办结|办完|收齐|收表|收网|收|齐|弄完|弄好|做完|"
    r"拿出来|交齐|报齐|要(?!来|开|一次|一报|一回)|送到|之内交|就要|就得|得交|得报|等着要|统一收|汇总)"
)
_POINT = re.compile(
    rf"(?P<before>{_BEFORE})?(?P<body>(?:{_DAY})?的?{_PART}?(?:{_TIME})?)(?P<gap>[就都准时统一一律给我们你\s]{{0,4}})(?P<after>{_AFTER})?"
)
_SPAN = re.compile(
    rf"(?P<half>半)?(?:(?P<n>{NUMBER})|(?<=半))?个?(?P<unit>小时|钟头|分钟|天|日|个?工作日|周|礼拜|星期)(?:之内|以内|内|(?=必须|就要|就得|交|报|上报|收齐))"
)
_EVERY = re.compile(r"(?:每个?|逢|上个?|去年|昨[天晚儿]?|前[天晚]|刚过的)$")
# 三十日 without a month is as often thirty days.
_SO_MANY_DAYS = re.compile(r"^[^月]*日$")
# 早上九点发的表让十点前报: both hours belong to one day, even when it is told in the afternoon.
_SAME_DAY = re.compile(rf"(?:凌晨|早上?|上午|今早|刚)(?:{NUMBER})(?:点|:)[^。!?;]{{0,20}}$")
_HOURS_OF = {"凌晨": 6, "早上": 9, "早晨": 9, "早": 9, "上午": 12, "中午": 13, "下午": 18, "傍晚": 19, "下班": 18}


def read_deadline(text: str, at: datetime | None) -> datetime | None:
    """Return the earliest moment named as a limit; None when nothing is named or no moment is given."""
    if at is None:
        return None
    now = _in_shanghai(at)
    moments = [_within(match, now) for match in _SPAN.finditer(text)]
    moments += [_moment(match, now) for match in _POINT.finditer(text) if match["body"] and _limits(text, match)]
    known = [moment for moment in moments if moment is not None]
    return min(known) if known else None


def find_limits(text: str) -> list[tuple[int, int]]:
    """Return the places of the words that the rules take for a limit; no moment is needed for that."""
    points = [match.span() for match in _POINT.finditer(text) if match["body"] and _limits(text, match)]
    return [match.span() for match in _SPAN.finditer(text)] + points


def moment_at(text: str, start: int, end: int, at: datetime) -> datetime | None:
    """Return the moment that the words at [start, end) name, whether or not rules take them for a limit."""
    now = _in_shanghai(at)
    found = [(match.span(), _within(match, now)) for match in _SPAN.finditer(text)]
    found += [(match.span("body"), _moment(match, now)) for match in _POINT.finditer(text) if match["body"]]
    known = [moment for (left, right), moment in found if moment is not None and left < end and start < right]
    return min(known) if known else None


def _in_shanghai(at: datetime) -> datetime:
    return at.astimezone(SHANGHAI) if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def _limits(text: str, match: re.Match[str]) -> bool:
    """Tell whether a point in time is a limit, and not when something happened or happens every week."""
    after = match["after"] or ""
    if _EVERY.search(text[: match.start("body")]):
        return False
    if _SO_MANY_DAYS.search(match["body"]):
        return "前" in after or "截" in after
    if after:
        return True
    # 月底, 周五 after 要求, 让 … limit; a bare hour needs the word 前 or 交, or it is the time of a meeting.
    named_day = match["end"] or match["dom"] or match["wd"]
    return bool(named_day and match["before"]) or bool(match["end"] and _tail(text, match))


def _tail(text: str, match: re.Match[str]) -> bool:
    return bool(re.match(r"(?:完成|[,。;!?]|$)", text[match.end() :]))


def _within(match: re.Match[str], now: datetime) -> datetime | None:
    value = 0.5 if match["half"] and not match["n"] else to_number(match["n"] or "")
    if value is None or value <= 0 or value > 366:
        return None
    unit = match["unit"]
    if unit in ("小时", "钟头"):
        return now + timedelta(hours=value)
    if unit == "分钟":
        return now + timedelta(minutes=value)
    days = value * 7 if unit in ("周", "礼拜", "星期") else value
    return _at_hour(now + timedelta(days=days), _CLOSE_OF_DAY)


def _moment(match: re.Match[str], now: datetime) -> datetime | None:
    day = _day(match, now)
    if match["hour"] is None:
        part = match["part"]
        if day is None and part != "下班":
            return None
        day = day or now
        if part in ("晚上", "晚", "夜里", "夜", "半夜"):
            return day.replace(hour=23, minute=59, second=0, microsecond=0)
        return _at_hour(day, _HOURS_OF.get(part or "", _CLOSE_OF_DAY))
    clock = _clock(match)
    if clock is None:
        return None
    moment = _at_hour(day or now, 0) + timedelta(hours=clock)
    if day is None and moment <= now and not _SAME_DAY.search(match.string[: match.start("body")]):
        # 十点前 typed in the afternoon is ten in the evening if that is said nowhere else, otherwise tomorrow.
        later = moment + timedelta(hours=12)
        moment = later if clock <= 12 and match["part"] is None and later > now else moment + timedelta(days=1)
    return moment


def _clock(match: re.Match[str]) -> float | None:
    hour = to_number(match["hour"])
    if hour is None or hour > 24:
        return None
    if match["part"] in ("下午", "傍晚", "晚上", "晚", "夜里", "夜", "半夜") and hour < 12:
        hour += 12
    elif match["part"] in ("晚上", "晚", "夜里", "夜", "半夜") and hour == 12:
        hour = 24
    elif match["part"] == "中午" and hour < 3:
        hour += 12
    minute = match["min"]
    if not minute:
        return hour
    if minute == "半":
        return hour + 0.5
    return hour + ((to_int(minute[0]) or 0) / 4 if minute.endswith("刻") else (to_int(minute) or 0) / 60)


def _day(match: re.Match[str], now: datetime) -> datetime | None:
    if match["rel"]:
        ahead = {"大": 3, "后": 2, "明": 1}.get(match["rel"][0], 0)
        return now + timedelta(days=ahead)
    if match["wd"]:
        return _weekday(match, now)
    if match["dom"]:
        return _date(match, now)
    return _period_end(match["end"], now) if match["end"] else None


def _weekday(match: re.Match[str], now: datetime) -> datetime:
    wanted = "一二三四五六日".find(match["wd"].replace("天", "日").replace("末", "日"))
    start = now - timedelta(days=now.weekday())
    weeks = (match["next"] or "").count("下")
    day = start + timedelta(days=wanted + 7 * weeks)
    return day + timedelta(days=7) if day.date() < now.date() else day


def _date(match: re.Match[str], now: datetime) -> datetime | None:
    day, month = to_int(match["dom"]), to_int(match["mon"] or "")
    if day is None:
        return None
    for ahead in range(13):
        index = now.month - 1 + ahead
        year, number = now.year + index // 12, index % 12 + 1
        fits = day <= calendar.monthrange(year, number)[1] and (month is None or month == number)
        if fits and day > 0 and now.replace(year=year, month=number, day=day).date() >= now.date():
            return now.replace(year=year, month=number, day=day)
    return None


def _period_end(word: str, now: datetime) -> datetime:
    month = 12 if word.startswith("年") else (now.month + 2) // 3 * 3 if word.startswith("季") else now.month
    month += 1 if word.startswith("下") else 0
    year, month = now.year + (month - 1) // 12, (month - 1) % 12 + 1
    return now.replace(year=year, month=month, day=calendar.monthrange(year, month)[1])


def _at_hour(day: datetime, hour: int) -> datetime:
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)
