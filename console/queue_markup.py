"""The queue as a table: work first, dates in colour, every line a link."""

from datetime import datetime

from console.case_data import CaseRow
from console.markup import Html, join, tag
from console.queue_data import Notice
from console.words import due_tone, due_words, flag_chips, state_chip
from texts.dates import say_moment
from tickets.house import House
from tickets.queue import QueueRow

MOST_ROWS = 200
COLUMNS = ("receipt", "class", "state", "unit", "due", "flags")


def choose_rows(rows: list[QueueRow], searched: str) -> list[QueueRow]:
    """The rows whose receipt holds what was typed, dashes and case apart."""
    needle = _plain(searched)
    return [row for row in rows if needle in _plain(row.receipt)]


def queue_table(house: House, rows: list[QueueRow], searched: str, now: datetime) -> Html:
    """The table, or one sentence when there is nothing in it."""
    say = house.texts.say
    if not rows:
        return tag("p", say("page.queue.no_hit" if searched else "page.queue.empty"), class_="empty")
    head = tag("tr", *(tag("th", say(f"page.column.{name}"), class_=f"c-{name}", scope="col") for name in COLUMNS))
    body = (_row(house, row, now) for row in rows[:MOST_ROWS])
    rest = tag("p", say("page.queue.more", count=len(rows) - MOST_ROWS), class_="empty")
    return join(
        tag("table", tag("thead", head), tag("tbody", *body), class_="list"), rest if len(rows) > MOST_ROWS else None
    )


def counts(house: House, rows: list[QueueRow], now: datetime) -> Html:
    """How many, how many late, how many due today."""
    say = house.texts.say
    tones = [due_tone(row.state, row.due_at, now) for row in rows]
    late, today = tones.count("late"), tones.count("today")
    return join(
        tag("span", say("page.queue.count", count=len(rows))),
        tag("span", say("page.queue.overdue_count", count=late), class_="late") if late else None,
        tag("span", say("page.queue.today_count", count=today), class_="today") if today else None,
    )


def notice_list(house: House, notices: list[Notice]) -> Html:
    """Notices, newest first, each a link when it is about a ticket."""
    if not notices:
        return tag("p", house.texts.say("page.no_notices"), class_="empty")
    return tag("ul", *map(_notice, notices), class_="notices")


def case_list(house: House, cases: list[CaseRow], now: datetime) -> Html:
    """The special desk's open cases, what must be answered next first."""
    say = house.texts.say
    title = tag("h2", say("page.case.title"))
    if not cases:
        return tag("section", title, tag("p", say("page.case.none"), class_="empty"), class_="waiting")
    return tag("section", title, *(_case(house, case, now) for case in cases), class_="waiting")


def _case(house: House, case: CaseRow, now: datetime) -> Html:
    link = tag("a", f"{case.kind} {case.number}", href=f"/desk/case/{case.id}")
    late = "late" if not case.contacted and case.contact_due <= now else ""
    due = None if case.contacted else tag("time", say_moment(case.contact_due), class_=f"due {late}")
    state = tag("span", house.texts.say("page.case.in_hand" if case.taken else "page.case.open"), class_="flag")
    return tag("div", tag("b", link), state, due, class_="person" if case.taken else "person alert")


def _notice(notice: Notice) -> Html:
    text = notice.text
    linked = tag("a", text, href=f"/desk/ticket/{notice.ticket_id}") if notice.ticket_id else tag("span", text)
    return tag("li", linked, tag("time", say_moment(notice.at)))


def _row(house: House, row: QueueRow, now: datetime) -> Html:
    link = f"/desk/ticket/{row.id}"
    tone = due_tone(row.state, row.due_at, now)
    due = due_words(house, row.state, row.due_at)
    cells = (
        tag("a", row.receipt, href=link), row.class_name, state_chip(row.state, row.state_name),
        row.unit_name or tag("span", house.texts.say("page.no_unit"), class_="soft"),
        tag("span", due, class_=f"due {tone}"), join(*flag_chips(house, row.flags, row.t_class)),
    )  # fmt: skip
    named = zip(COLUMNS, cells, strict=True)
    return tag("tr", *(tag("td", cell, class_=f"c-{name}") for name, cell in named), class_=tone, data_go=link)


def _plain(receipt: str) -> str:
    return receipt.upper().replace("-", "").replace(" ", "")
