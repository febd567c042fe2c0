"""The reading side of the ticket page: head, words, slots, answer, ratings, history."""

from collections.abc import Iterable
from datetime import datetime

from console.markup import Html, join, mark, tag
from console.ticket_data import TicketSheet
from console.words import due_tone, due_words, flag_chips, history_line, remaining, state_chip
from texts.dates import say_day, say_moment
from tickets.house import House
from tickets.progress import STAGES
from tickets.views import StaffView

MOST_GUESSES = 3
ANSWER_FIELDS = ("true_as_told", "measure", "done_by", "basis")


def ticket_head(house: House, sheet: TicketSheet, now: datetime) -> Html:
    """Receipt, class, state, the four stages, and what is due."""
    view = sheet.view
    title = tag(
        "div", tag("h1", view.receipt, class_="number"), state_chip(view.state, view.state_name),
        tag("span", view.class_name, class_="class"), *flag_chips(house, view.flags, view.t_class, view.rounds),
        class_="title",
    )  # fmt: skip
    steps = (
        tag("li", name, class_="past" if index < sheet.stage else "now" if index == sheet.stage else None)
        for index, name in enumerate(STAGES)
    )
    return tag("div", title, tag("ol", *steps, class_="steps"), _due(house, view, now), class_="head")


def reading(house: House, sheet: TicketSheet) -> Html:
    """Everything there is to read, the original words first."""
    view = sheet.view
    return join(
        _words(house, view), _messages(house, view), _slots(house, view), _handed(house, view, sheet.assigned),
        _answer(house, view), _ratings(house, view),
    )  # fmt: skip


def past(house: House, sheet: TicketSheet) -> Html:
    """The whole history in order."""
    lines = (history_line(house, event, sheet.names) for event in sheet.view.history)
    return box(house.texts.say("page.ticket.history"), tag("ol", *lines, class_="history"))


def clocks(house: House, sheet: TicketSheet) -> Html:
    """The other moments of a ticket."""
    say = house.texts.say
    pairs = [
        (say("page.due.created"), say_moment(moment)) if name == "created"
        else ("", say("page.due.release", moment=say_moment(moment))) if name == "release"
        else (say(f"page.due.{name}"), say_day(moment))
        for name, moment in sheet.clocks
    ]  # fmt: skip
    return facts(pairs)


def box(title: str, *content: str | None, class_: str = "") -> Html:
    """A titled block."""
    return tag("section", tag("h2", title), *content, class_=f"box {class_}")


def facts(pairs: Iterable[tuple[str, str]]) -> Html:
    """A list of names and values."""
    return tag("dl", *(join(tag("dt", name), tag("dd", value)) for name, value in pairs), class_="facts")


def _due(house: House, view: StaffView, now: datetime) -> Html:
    key = f"page.due.{view.state}"
    label = house.texts.say(key) if key in house.texts else ""
    tone = due_tone(view.state, view.due_at, now)
    return tag(
        "div", tag("span", label), tag("b", due_words(house, view.state, view.due_at, view.provisional)),
        tag("span", remaining(house, view.state, view.due_at, now)), class_=f"clock {tone}",
    )  # fmt: skip


def _words(house: House, view: StaffView) -> Html:
    say = house.texts.say
    if view.words is None:
        return box(say("page.ticket.words"), tag("p", say("page.ticket.words_hidden"), class_="empty"))
    why = [str(piece) for piece in view.slots.get("why", [])]
    legend = tag("p", say("page.ticket.legend"), class_="soft") if why else None
    return box(say("page.ticket.words"), tag("blockquote", mark(view.words, why)), legend, class_="words")


def _messages(house: House, view: StaffView) -> Html | None:
    later = [row for row in view.messages if row[2] not in (view.words or "")]
    if not later:
        return None
    lines = (
        tag("li", tag("time", say_moment(at)), tag("span", house.texts.say(f"page.kind.{kind}"), class_="soft"),
            tag("span", text))
        for at, kind, text in later
    )  # fmt: skip
    return box(house.texts.say("page.ticket.messages"), tag("ul", *lines, class_="talked"))


def _slots(house: House, view: StaffView) -> Html | None:
    say, slots = house.texts.say, view.slots
    if not slots:
        return None
    pairs = [(say(f"page.slot.{name}"), _slot(house, name, slots[name])) for name in
             ("units", "object", "times", "hours", "deadline", "document") if slots.get(name)]  # fmt: skip
    pairs += [(f"{say('page.ticket.asked')} {question}", str(said)) for question, said in slots["answers"].items()
              if said] if slots.get("answers") else []  # fmt: skip
    best = sorted(slots.get("scores", {}).items(), key=lambda each: -each[1])[:MOST_GUESSES]
    guess = "　".join(f"{house.class_name(code)} {score:.0%}" for code, score in best)
    return box(say("page.ticket.slots"), facts([*pairs, (say("page.ticket.guess"), guess)] if guess else pairs))


def _slot(house: House, name: str, value: object) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value))
    if name == "deadline":
        return say_moment(datetime.fromisoformat(str(value)))
    if name in ("times", "hours"):
        return house.texts.say(f"page.{name}", **{name: f"{value:g}" if isinstance(value, float) else value})
    return str(value)


def _handed(house: House, view: StaffView, assigned: bool) -> Html | None:
    """What the unit was given, once it has it."""
    if not assigned:
        return None
    say = house.texts.say
    pairs = [(say("page.form.unit"), view.unit_name or ""), (say("page.form.reach"), view.reach or "")]
    return box(say("page.form.paraphrase"), tag("blockquote", view.paraphrase or ""), facts(pairs))


def _answer(house: House, view: StaffView) -> Html | None:
    answer, say = view.answer, house.texts.say
    if answer is None:
        return None
    title = say("page.ticket.answer" if answer.released_at else "page.ticket.answer_draft")
    return box(title, facts((say(f"field.{name}"), getattr(answer, name)) for name in ANSWER_FIELDS), class_="answer")


def _ratings(house: House, view: StaffView) -> Html | None:
    if not view.ratings:
        return None
    say = house.texts.say
    lines = (
        tag("li", tag("time", say_moment(rating.at)), tag("b", say(f"page.solved.{rating.solved}")),
            tag("span", say(f"page.solved.{rating.satisfaction}")) if rating.satisfaction else None,
            tag("span", rating.comment) if rating.comment else None)
        for rating in view.ratings
    )  # fmt: skip
    return box(say("page.ticket.ratings"), tag("ul", *lines, class_="talked"))
