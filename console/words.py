"""Small phrases of the pages: what is due, flags, one line of history."""

from collections.abc import Mapping
from datetime import datetime

from console.markup import Html, tag
from storage.models import Event
from texts.dates import ZONE, say_day, say_moment
from tickets.house import House
from tickets.workflow import State

# in these states no date waits for the house: a past date there is not overdue
NOT_DUE = frozenset(
    state.value
    for state in (
        State.RATING, State.MERGED, State.DECLINED, State.ON_HOLD, State.CLOSED, State.ARCHIVED, State.WITHDRAWN,
    )
)  # fmt: skip
_TONES = {
    "received": "new", "needs_info": "wait", "assigned": "go", "in_progress": "go", "extension_review": "wait",
    "return_review": "wait", "answered": "check", "rating": "wait", "reworking": "warn", "supervised": "warn",
    "on_hold": "wait",
}  # fmt: skip
_TOLD = ("question", "reason", "channel", "missing", "reach", "way", "t_class", "solved", "satisfaction")
_NAMED = {"t_class": "form", "way": "form.ways", "satisfaction": "solved"}  # where the words of a value stand


def state_chip(state: str, name: str) -> Html:
    """The state in its colour."""
    return tag("span", name, class_=f"chip {_TONES.get(state, 'end')}")


def due_tone(state: str, due: datetime | None, now: datetime) -> str:
    """late, today or nothing, for the colour of a date."""
    if due is None or state in NOT_DUE:
        return ""
    if due < now:
        return "late"
    return "today" if due.astimezone(ZONE).date() == now.astimezone(ZONE).date() else ""


def due_words(house: House, state: str, due: datetime | None, provisional: bool = False) -> str:
    """The date a ticket waits for; the review is due to the minute, everything else to the day."""
    if due is None or state in NOT_DUE:
        return "—"
    return (say_moment if state == State.RECEIVED.value else say_day)(due, provisional)


def remaining(house: House, state: str, due: datetime | None, now: datetime) -> str:
    """How much is left, in words."""
    say = house.texts.say
    if due is None or state in NOT_DUE:
        return say("page.due.none")
    if due < now:
        return say("page.due.overdue")
    days = house.clock.remaining_workdays(now, due)
    if due.astimezone(ZONE).date() == now.astimezone(ZONE).date():
        minutes = int((due - now).total_seconds()) // 60
        return say("page.due.hours", hours=minutes // 60, minutes=minutes % 60)
    return say("page.due.days", count=days)


def flag_chips(house: House, flags: tuple[str, ...], t_class: str, rounds: int = 0) -> list[Html]:
    """特急, 重办 and what the ears noticed."""
    say = house.texts.say
    chips = [tag("span", say("page.flag.urgent"), class_="flag hot")] if t_class == "T1" else []
    if rounds:
        chips.append(tag("span", f"{say('page.flag.rework')} {rounds}", class_="flag hot"))
    return chips + [tag("span", _flag(house, flag), class_="flag") for flag in flags]


def history_line(house: House, event: Event, names: Mapping[str, str]) -> Html:
    """When, who, what, and what was said with it."""
    say = house.texts.say
    action = f"page.action.{event.action}"
    role = say(f"page.role.{event.role}")
    name = names.get(event.actor, "")
    who = name if role in name else f"{role} {name}"
    told = [_said(house, name, event.data[name]) for name in _TOLD if event.data.get(name)]
    if event.action == "classify":
        told.append(" → ".join(house.class_name(event.data.get(side)) for side in ("before", "after")))
    return tag(
        "li", tag("time", say_moment(event.at)), tag("span", who, class_="who"),
        tag("b", say(action) if action in house.texts else event.action),
        tag("span", "；".join(told), class_="told") if told else None,
    )  # fmt: skip


def _said(house: House, name: str, value: object) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value))
    key = f"page.{_NAMED.get(name, name)}.{value}"
    return house.texts.say(key) if key in house.texts else str(value)


def _flag(house: House, flag: str) -> str:
    key = f"page.flag.{flag}"
    return house.texts.say(key) if key in house.texts else house.taxonomy.flags.get(flag, flag)
