"""「可能被猜到，仍要继续吗」: the person's answer by button, by its words, or by something like it (then asked to tap).

Only a clear choice counts: what leaves cannot be called back.
"""

import re

from dialogs import service
from dialogs.talk import Talk
from storage.models import Ticket
from texts.dates import say_moment
from tickets import guarding, progress
from tickets.errors import WrongStateError
from tickets.guards import Guard
from tickets.workflow import State

MOST_CHARACTERS = 20  # a longer message says something of its own
MAYBE = re.compile("继续|不怕|怕|猜到|放一放|先放|算了|再等等|再想想|都行|随便|同意")


def press_guard(talk: Talk, ticket: Ticket, choice: str) -> None:
    """继续, 先放一放 or 撤回 under the question."""
    if choice == "withdraw":
        service.confirm_withdraw(talk, ticket)
        return
    try:
        if choice == "go":
            moment = guarding.go_on(talk.uow, talk.house, ticket, talk.actor, talk.now)
            talk.say("guard.go", ticket=ticket, receipt=ticket.receipt, moment=say_moment(moment))
        else:
            guarding.pause(talk.uow, ticket, talk.actor, talk.now)
            talk.say("guard.pause", ticket=ticket, receipt=ticket.receipt, below=guarding.buttons_of(ticket))
    except WrongStateError:
        state = progress.state_words(talk.house, ticket)
        talk.say("guard.late", ticket=ticket, receipt=ticket.receipt, state=state)


def may_choose(ticket: Ticket | None) -> bool:
    """The choice is still open: nothing has left yet."""
    return ticket is not None and ticket.state == State.RECEIVED.value and ticket.guard is not None


def waiting(talk: Talk) -> Ticket | None:
    """The newest ticket whose person has not chosen yet, or put it off."""
    found = (t for t in talk.open_in(State.RECEIVED) if t.guard in (Guard.ASKED, Guard.PAUSED))
    return next(found, None)


def ask_to_tap(talk: Talk) -> bool:
    """Something like an answer: show the buttons again; False when nothing was asked."""
    ticket = waiting(talk)
    if ticket is None or ticket.guard != Guard.ASKED:
        return False
    talk.message.ticket_id = ticket.id
    talk.say("guard.again", ticket=ticket, receipt=ticket.receipt, below=guarding.buttons_of(ticket))
    return True


def hear_guess(talk: Talk) -> bool:
    """A short message that sounds like the answer but is no button's words."""
    text = talk.message.text.strip()
    return len(text) <= MOST_CHARACTERS and MAYBE.search(text) is not None and ask_to_tap(talk)
