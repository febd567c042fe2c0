"""The verdict: one tap, a second optional one, and one question when something is missing."""

from dialogs.talk import Talk
from storage.models import Ticket
from storage.tickets import ratings
from texts.dates import say_day
from tickets import rating
from tickets.checking import rating_buttons
from tickets.errors import TooLateError, WrongStateError
from tickets.notices import buttons, payload
from tickets.pressure import FLAGGED
from tickets.tick import CLOSE_WORKDAYS
from tickets.workflow import State

SATISFACTION = ("satisfied", "fair", "dissatisfied")
MEANING = {"解决": "solved", "解决了": "solved", "部分解决": "partly", "没解决": "unsolved", "没有解决": "unsolved"}


def rate(talk: Talk, ticket: Ticket, solved: str, words: str = "") -> None:
    """解决了 / 部分解决 / 没解决; what was said with it is kept as the comment and not asked for again."""
    given = [r for r in ratings(talk.uow, ticket.id or 0) if r.round == ticket.rounds]
    if given and given[-1].solved == solved and ticket.state != State.RATING.value:
        talk.say("rated.already", ticket=ticket)
        return
    try:
        given_now = rating.rate(talk.uow, talk.house, ticket, talk.actor, solved, talk.now)
    except (WrongStateError, TooLateError):
        talk.say("other.old_button", ticket=ticket)
        return
    if words:
        rating.comment(talk.uow, ticket, talk.actor, words, talk.now)
        talk.message.ticket_id = ticket.id
    {"solved": _solved, "partly": _partly, "unsolved": _unsolved}[solved](talk, ticket, bool(words))
    if given_now.data.get(FLAGGED):
        talk.say("rated.first_kept", ticket=ticket)


def rate_by_word(talk: Talk, text: str) -> None:
    """「解决了」 typed instead of tapped; without a verdict the buttons are shown again."""
    waiting, solved = next(iter(talk.open_in(State.RATING)), None), read_verdict(text)
    if waiting is None:
        _rate_closed(talk, text, solved)
    elif solved is None:
        due = say_day(talk.house.clock.due(waiting.rating_asked_at or talk.now, CLOSE_WORKDAYS).at)
        below = rating_buttons(waiting.receipt)
        talk.say("answer.reminder", ticket=waiting, receipt=waiting.receipt, due=due, below=below)
    else:
        rate(talk, waiting, solved, "" if _bare(text) in MEANING else text)


def _rate_closed(talk: Talk, text: str, solved: str | None) -> None:
    """A bad word after the closing: while it can still be changed, offer to do it again."""
    closed = next(iter(talk.open_in(State.CLOSED)), None)
    unhappy = solved == "unsolved" or "不满意" in text
    if closed is None or not unhappy or not rating.changeable(talk.house, closed, talk.now):
        talk.say("other.rate_which")
        return
    if _bare(text) not in MEANING:
        rating.comment(talk.uow, closed, talk.actor, text, talk.now)
    talk.message.ticket_id = closed.id
    again = buttons([("button.rework", payload("rework", closed.receipt))])
    talk.say("rated.dissatisfied", ticket=closed, below=again)


def read_verdict(text: str) -> str | None:
    """A verdict in words."""
    if _bare(text) in MEANING:
        return MEANING[_bare(text)]
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
            key = "rated.supervised_noted" if ticket.state == State.SUPERVISED.value else "rated.rework"
            talk.say(key, ticket=ticket, due=say_day(ticket.rework_due or talk.now, ticket.provisional))
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


def _bare(text: str) -> str:
    return text.strip().strip("。！!，,~ ")


def _solved(talk: Talk, ticket: Ticket, said: bool) -> None:
    line, until = rating.closing_words(ticket, talk.now)
    closed = talk.house.texts.say("closed.told", receipt=ticket.receipt, line=line, until=until)
    row = [(f"button.{value}", payload("sat", ticket.receipt, value)) for value in SATISFACTION]
    talk.say("rated.solved", ticket=ticket, closed=closed, below=buttons(row))


def _partly(talk: Talk, ticket: Ticket, said: bool) -> None:
    if not said:
        talk.expect("partly", receipt=ticket.receipt)
    talk.say("rated.partly_noted" if said else "rated.partly", ticket=ticket, below=_accept_or_rework(ticket))


def _unsolved(talk: Talk, ticket: Ticket, said: bool) -> None:
    if not said:
        talk.expect("comment", receipt=ticket.receipt)
    kind = "supervised" if ticket.state == State.SUPERVISED.value else "unsolved"
    key = f"rated.{kind}_noted" if said else f"rated.{kind}"
    talk.say(key, ticket=ticket, due=say_day(ticket.rework_due or talk.now, ticket.provisional))


def _say_closed(talk: Talk, ticket: Ticket) -> None:
    line, until = rating.closing_words(ticket, talk.now)
    talk.say("closed.told", ticket=ticket, receipt=ticket.receipt, line=line, until=until)


def _accept_or_rework(ticket: Ticket) -> list[list[dict[str, str]]]:
    return buttons([
        ("button.accept", payload("accept", ticket.receipt)), ("button.rework", payload("rework", ticket.receipt)),
    ])  # fmt: skip
