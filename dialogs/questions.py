"""Answers to what rides below a receipt: the class, the questions, all skippable by button, word or silence."""

from typing import Any

from dialogs.complaints import ask_question
from dialogs.talk import Talk
from storage.models import Ticket
from texts.dates import say_moment
from tickets.intake import choose_class
from tickets.supplement import add_words, answer_question
from tickets.workflow import State


def press_class(talk: Talk, ticket: Ticket, label: str) -> None:
    """A class button: decide, then the next question if one is left."""
    waiting = talk.expects("class", ticket.receipt)
    if waiting is None or ticket.state != State.RECEIVED.value:
        talk.say("other.old_button", ticket=ticket)
        return
    left = list(waiting["questions"])
    chosen = None if label == "none" else label
    choose_class(talk.uow, ticket, chosen, talk.actor, talk.now)
    talk.forget()
    if chosen is None:
        talk.say("answered.staff_decide", ticket=ticket)
        return
    talk.say(
        "answered.class", ticket=ticket, class_name=talk.house.class_name(chosen),
        **(ask_question(talk, ticket.receipt, left) if left else {}),
    )  # fmt: skip


def press_skip(talk: Talk, ticket: Ticket, left: str) -> None:
    """「跳过」 on a question; pressed again it is an old button."""
    waiting = talk.expects("question", ticket.receipt)
    if waiting is None or str(len(waiting["questions"])) != left:
        talk.say("other.old_button", ticket=ticket)
        return
    _go_on(talk, ticket, list(waiting["questions"])[1:], "answered.question")


def hear_answer(talk: Talk, ticket: Ticket, waiting: dict[str, Any]) -> None:
    """A message while a question is open is its answer."""
    question, *left = waiting["questions"]
    answer_question(talk.uow, talk.house, ticket, talk.actor, talk.message, question, talk.now)
    _go_on(talk, ticket, left, "answered.question")


def hear_words_for_class(talk: Talk, ticket: Ticket) -> None:
    """Words instead of a class button: keep them, staff decide."""
    add_words(talk.uow, talk.house, ticket, talk.actor, talk.message, talk.now)
    talk.forget()
    talk.say("answered.staff_decide", ticket=ticket)


def _go_on(talk: Talk, ticket: Ticket, left: list[str], key: str) -> None:
    if left:
        talk.say(key, ticket=ticket, **ask_question(talk, ticket.receipt, left))
        return
    talk.forget()
    talk.say("answered.done", ticket=ticket, review=say_moment(ticket.review_due, ticket.provisional))
