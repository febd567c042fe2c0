"""The verdict: one tap, a second optional one, and one question when something is missing."""

from dialogs.talk import Talk
from storage.models import Ticket
from storage.tickets import ratings
from texts.dates import say_day
from tickets import rating
from tickets.checking import rating_buttons
from tickets.errors import TooLateError, WrongStateError
from tickets.notices import buttons, payload
from tickets.tick import CLOSE_WORKDAYS
from tickets.workflow import State

SATISFACTION = ("satisfied", "fair", "dissatisfied")
MEANING = {"解决": "solved", "解决了": "solved", "部分解决": "partly", "没解决": "unsolved", "没有解决": "unsolved"}


def rate(talk: Talk, ticket: Ticket, solved: str) -> None:
    """解决了 / 部分解决 / 没解决."""
    given = [r for r in ratings(talk.uow, ticket.id or 0) if r.round == ticket.rounds]
    if given and given[-1].solved == solved and ticket.state != State.RATING.value:
        talk.say("rated.already", ticket=ticket)
        return
    try:
        rating.rate(talk.uow, talk.house, ticket, talk.actor, solved, talk.now)
    except (WrongStateError, TooLateError):
        talk.say("other.old_button", ticket=ticket)
        return
    {"solved": _solved, "partly": _partly, "unsolved": _unsolved}[solved](talk, ticket)


def rate_by_word(talk: Talk, solved: str | None) -> None:
    """「解决了」 typed instead of tapped; without a verdict the buttons are shown again."""
    waiting = next((t for t in talk.tickets() if t.state == State.RATING.value), None)
    if waiting is None:
        talk.say("other.rate_which")
    elif solved is None:
        due = say_day(talk.house.clock.due(waiting.rating_asked_at or talk.now, CLOSE_WORKDAYS).at)
        below = rating_buttons(waiting.receipt)
        talk.say("answer.reminder", ticket=waiting, receipt=waiting.receipt, due=due, below=below)
    else:
        rate(talk, waiting, solved)


def read_verdict(text: str) -> str | None:
    """A verdict in words."""
    bare = text.strip().strip("。！!，,~ ")
    if bare in MEANING:
        return MEANING[bare]
    if any(word in text for word in ("没解决", "没有解决", "未解决", "根本没", "还在要", "没用")):
        return "unsolved"
    if "部分" in text or "一半" in text:
        return "partly"
    return "solved" if "解决了" in text or "取消了" in text or "不用填了" in text else None


def satisfy(talk: Talk, ticket: Ticket, satisfaction: str) -> None:
    """满意 / 基本满意 / 不满意; the last offers to do it again."""
    given = ratings(talk.uow, ticket.id or 0)
    if not given or given[-1].satisfaction is not None or satisfaction not in SATISFACTION:
        talk.say("rated.already", ticket=ticket)
        return
    rating.satisfy(talk.uow, ticket, talk.actor, satisfaction, talk.now)
    if satisfaction == "dissatisfied" and ticket.state == State.CLOSED.value:
        talk.say("rated.dissatisfied", ticket=ticket,
                 below=buttons([("button.rework", payload("rework", ticket.receipt))]))  # fmt: skip
        return
    talk.say("rated.satisfaction", ticket=ticket)


def choose_after_partly(talk: Talk, ticket: Ticket, again: bool) -> None:
    """Partly solved: accept and close, or do it again."""
    talk.forget()
    try:
        if again:
            rating.rework(talk.uow, talk.house, ticket, talk.actor, talk.now, "partly")
            talk.say("rated.rework", ticket=ticket, due=say_day(ticket.rework_due or talk.now))
        else:
            rating.accept(talk.uow, talk.house, ticket, talk.actor, talk.now)
            _say_closed(talk, ticket)
    except (WrongStateError, TooLateError):
        talk.say("other.old_button", ticket=ticket)


def hear_comment(talk: Talk, ticket: Ticket, partly: bool) -> None:
    """What is missing, in one sentence."""
    rating.comment(talk.uow, ticket, talk.actor, talk.message.text, talk.now)
    talk.message.ticket_id = ticket.id
    talk.forget()
    if partly and ticket.state == State.RATING.value:
        talk.say("rated.partly_noted", ticket=ticket, below=_accept_or_rework(ticket))
        return
    talk.say("rated.comment", ticket=ticket)


def _solved(talk: Talk, ticket: Ticket) -> None:
    line, until = rating.closing_words(ticket, talk.now)
    closed = talk.house.texts.say("closed.told", receipt=ticket.receipt, line=line, until=until)
    row = [(f"button.{value}", payload("sat", ticket.receipt, value)) for value in SATISFACTION]
    talk.say("rated.solved", ticket=ticket, closed=closed, below=buttons(row))


def _partly(talk: Talk, ticket: Ticket) -> None:
    talk.expect("partly", receipt=ticket.receipt)
    talk.say("rated.partly", ticket=ticket, below=_accept_or_rework(ticket))


def _unsolved(talk: Talk, ticket: Ticket) -> None:
    talk.expect("comment", receipt=ticket.receipt)
    key = "rated.supervised" if ticket.state == State.SUPERVISED.value else "rated.unsolved"
    talk.say(key, ticket=ticket, due=say_day(ticket.rework_due or talk.now, ticket.provisional))


def _say_closed(talk: Talk, ticket: Ticket) -> None:
    line, until = rating.closing_words(ticket, talk.now)
    talk.say("closed.told", ticket=ticket, receipt=ticket.receipt, line=line, until=until)


def _accept_or_rework(ticket: Ticket) -> list[list[dict[str, str]]]:
    return buttons([
        ("button.accept", payload("accept", ticket.receipt)), ("button.rework", payload("rework", ticket.receipt)),
    ])  # fmt: skip
