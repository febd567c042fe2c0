"""Moments as people say them: local date with weekday, always Asia/Shanghai."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"
PROVISIONAL = "（暂定）"


def say_day(moment: date | datetime, provisional: bool = False) -> str:
    """11月25日 周三; a date beyond the published calendar is marked 暂定."""
    day = moment.astimezone(ZONE).date() if isinstance(moment, datetime) else moment
    mark = PROVISIONAL if provisional else ""
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}{mark}"


def say_moment(moment: datetime, provisional: bool = False) -> str:
    """11月25日 周三 10:00."""
    local = moment.astimezone(ZONE)
    return f"{say_day(local)} {local:%H:%M}{PROVISIONAL if provisional else ''}"
