"""What a unit reads: built from UnitView alone, days only, no number but its own."""

from datetime import date

from console.markup import Html, join, tag
from console.ticket_markup import box, facts
from console.words import state_chip
from texts.dates import say_day
from tickets.house import House
from tickets.views import UnitView

TRUE = ("yes", "partly", "no")
COLUMNS = ("number", "class", "state", "sign_by", "due_on")
OURS = frozenset({"assigned", "in_progress", "reworking", "supervised"})  # the unit is at work: its dates count


def dispatch_table(house: House, views: list[UnitView], today: date) -> Html:
    """The dispatches of a unit, what is due next first."""
    say = house.texts.say
    if not views:
        return tag("p", say("page.unit_page.empty"), class_="empty")
    head = tag("tr", *(tag("th", say(f"page.unit_page.{name}"), class_=f"c-{name}", scope="col") for name in COLUMNS))
    return tag(
        "table",
        tag("thead", head),
        tag("tbody", *(_row(house, view, today) for view in views)),
        class_="list dispatches",
    )


def dispatch_head(view: UnitView, today: date, level: str = "h1") -> Html:
    """Number, state, class."""
    return tag(
        "div", tag(level, view.dispatch_number, class_="number"), state_chip(view.state, view.state_name),
        tag("span", view.class_name, class_="class"), class_=f"title {_tone(view, view.due_on, today)}",
    )  # fmt: skip


def dispatch_body(house: House, view: UnitView, today: date) -> Html:
    """What was said (rewritten by the hotline), the dates, the warning."""
    say = house.texts.say
    dates = [(say("page.unit_page.assigned_on"), say_day(view.assigned_on))]
    dates += [(say("page.unit_page.sign_by"), say_day(view.sign_by))] if view.sign_by and _unsigned(view) else []
    dates += [(say("page.unit_page.due_on"), say_day(view.due_on))] if view.due_on and view.state in OURS else []
    kind = "finding_page" if view.finding else "unit_page"
    pairs = [(say(f"page.{kind}.people"), view.people), *dates]
    rework = tag("p", say("page.unit_page.round", count=view.rounds), class_="warning") if view.rounds else None
    return join(
        box(say(f"page.{kind}.content"), tag("blockquote", view.paraphrase), facts(pairs), rework),
        tag("p", say(f"page.{kind}.warning"), class_="pledge"),
    )


def answer_text(house: House, view: UnitView) -> Html:
    """The answer as released, when nothing can be changed any more."""
    return box(house.texts.say("page.unit_page.answer"), _four_fields(house, view))


def stored_text(house: House, view: UnitView) -> Html:
    """What is saved, when somebody else saved something else than what stands in the fields."""
    return tag("div", tag("b", house.texts.say("page.unit_page.stored")), _four_fields(house, view), class_="stored")


def _four_fields(house: House, view: UnitView) -> Html:
    names = ("true_as_told", "measure", "done_by", "basis")
    return facts(zip((house.texts.say(f"field.{name}") for name in names), view.draft, strict=True))


def _row(house: House, view: UnitView, today: date) -> Html:
    link = f"/unit/ticket/{view.dispatch_number}"
    due = view.due_on if view.state in OURS else None
    sign = view.sign_by if _unsigned(view) else None
    cells = (
        tag("a", view.dispatch_number, href=link), view.class_name, state_chip(view.state, view.state_name),
        _day(view, sign, today), _day(view, due, today),
    )  # fmt: skip
    named = zip(COLUMNS, cells, strict=True)
    tone = "late" if "late" in (_tone(view, sign, today), _tone(view, due, today)) else ""
    labels = {name: house.texts.say(f"page.unit_page.{name}") for name in ("sign_by", "due_on")}
    return tag(
        "tr", *(tag("td", cell, class_=f"c-{name}", data_name=labels.get(name)) for name, cell in named),
        class_=tone, data_go=link,
    )  # fmt: skip


def _day(view: UnitView, day: date | None, today: date) -> Html:
    return tag("span", say_day(day) if day else "—", class_=f"due {_tone(view, day, today)}")


def _tone(view: UnitView, day: date | None, today: date) -> str:
    if day is None or view.state not in OURS:
        return ""
    return "late" if day < today else "today" if day == today else ""


def _unsigned(view: UnitView) -> bool:
    return view.state == "assigned"
