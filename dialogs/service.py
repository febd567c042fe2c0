"""What a person can do with their own tickets: progress, list, supplement, urge, withdraw, object, relapse."""

from typing import Any

from dialogs.talk import Talk
from storage.models import Message, Ticket
from texts.dates import say_day
from tickets import progress
from tickets.errors import OnlyOnceError, TooLateError, WrongStateError
from tickets.notices import buttons, payload
from tickets.rating import relapse
from tickets.supplement import add_words, object_to_refusal, urge
from tickets.withdrawal import withdraw, withdrawable
from tickets.workflow import State

MOST_LISTED = 10


def tell_progress(talk: Talk, ticket: Ticket | None) -> None:
    """How one ticket stands; without one, the newest open or newest at all."""
    found = ticket or talk.open_ticket() or next(iter(talk.tickets()), None)
    if found is None:
        talk.say("progress.none")
        return
    _say_progress(talk, found)


def list_mine(talk: Talk) -> None:
    """All own receipts: a lost receipt is found again here."""
    found = talk.tickets()[:MOST_LISTED]
    if not found:
        talk.say("progress.none")
        return
    lines = [
        talk.house.texts.say(
            "progress.list_line", receipt=ticket.receipt, class_name=talk.house.class_name(ticket.label),
            state=progress.state_words(talk.house, ticket),
        )
        for ticket in found
    ]  # fmt: skip
    talk.say("progress.list", lines="\n".join(lines))


def ask_supplement(talk: Talk, ticket: Ticket | None) -> None:
    """「补充」 alone: say what to add."""
    found = ticket or talk.open_ticket()
    if found is None:
        say_none_open(talk)
        return
    talk.expect("supplement", receipt=found.receipt)
    talk.say("supplement.what", ticket=found, receipt=found.receipt)


def supplement(talk: Talk, ticket: Ticket, *said: Message, **data: Any) -> None:
    """Bind what was said, now or before, to a ticket."""
    answered = [
        add_words(talk.uow, talk.house, ticket, talk.actor, message, talk.now, **data)
        for message in said or (talk.message,)
    ]
    talk.forget()
    talk.say("more.thanks" if any(answered) else "supplement.noted", ticket=ticket, receipt=ticket.receipt)


def say_none_open(talk: Talk) -> None:
    """Nothing is on its way: say how the newest one ended, or that there never was one."""
    newest = next(iter(talk.tickets()), None)
    if newest is None:
        talk.say("other.no_ticket")
    else:
        _say_progress(talk, newest)


def urge_ticket(talk: Talk, ticket: Ticket | None) -> None:
    """Record an urging, once a day."""
    found = ticket or talk.open_ticket()
    if found is None:
        say_none_open(talk)
        return
    talk.message.ticket_id = found.id
    counted = urge(talk.uow, found, talk.actor, talk.now)
    due = progress.due_of(found)
    if due is None:
        _say_progress(talk, found)
        return
    key = "urged.counted" if counted else "urged.today"
    talk.say(key, ticket=found, receipt=found.receipt, due=say_day(due, found.provisional))


def confirm_withdraw(talk: Talk, ticket: Ticket | None) -> None:
    """Withdrawing ends a ticket, so it is asked once."""
    found = ticket or talk.open_ticket()
    if found is None:
        say_none_open(talk)
    elif not withdrawable(found):
        _not_now(talk, found)
    else:
        row = [("button.withdraw", payload("withdraw", found.receipt)), ("button.keep", payload("keep", found.receipt))]
        talk.expect("withdraw", receipt=found.receipt)
        talk.say(
            "withdraw.confirm", ticket=found, receipt=found.receipt, class_name=talk.house.class_name(found.label),
            below=buttons(row),
        )  # fmt: skip


def withdraw_now(talk: Talk, ticket: Ticket) -> None:
    """The confirmed withdrawal."""
    talk.forget()
    if not withdrawable(ticket):
        _not_now(talk, ticket)
        return
    withdraw(talk.uow, talk.house, ticket, talk.actor, talk.now)
    probed = buttons([("button.probed", payload("probed", ticket.receipt))])
    talk.say("withdraw.done", ticket=ticket, receipt=ticket.receipt, below=probed)


def keep(talk: Talk, ticket: Ticket) -> None:
    """Not withdrawn after all."""
    talk.forget()
    talk.say("withdraw.kept", ticket=ticket, receipt=ticket.receipt)


def object_now(talk: Talk, ticket: Ticket | None) -> None:
    """「再看看」: somebody else reviews a refusal, once."""
    found = ticket or next((t for t in talk.tickets() if t.state == State.DECLINED.value), None)
    if found is None:
        talk.say("other.old_button")
        return
    try:
        review = object_to_refusal(talk.uow, talk.house, found, talk.actor, talk.now)
        talk.say("declined.objected", ticket=found, receipt=found.receipt, review=review)
    except (OnlyOnceError, TooLateError, WrongStateError):
        talk.say("declined.too_late", ticket=found, receipt=found.receipt)


def relapse_now(talk: Talk, ticket: Ticket | None) -> None:
    """「反弹」: the burden is back; the closed ticket opens again within 90 days."""
    found = ticket or next(iter(talk.open_in(State.CLOSED) or talk.open_in(State.ARCHIVED)), None)
    if found is None:
        say_none_open(talk)
        return
    talk.message.ticket_id = found.id
    try:
        relapse(talk.uow, talk.house, found, talk.actor, talk.now)
        due = say_day(found.result_due or talk.now)
        talk.say("relapse.reopened", ticket=found, receipt=found.receipt, due=due)
    except TooLateError:
        too_late = found.state in (State.CLOSED.value, State.ARCHIVED.value)
        if too_late and found.closed_at is not None:
            talk.say("relapse.too_late", ticket=found, receipt=found.receipt)
        else:
            tell_progress(talk, found)
    except WrongStateError:
        tell_progress(talk, found)


def toggle_discreet(talk: Talk) -> None:
    """「免打扰」: pushes only say that there is news, because lock screens are read by others; again: as before."""
    talk.person.discreet = not talk.person.discreet
    talk.say("quiet.started" if talk.person.discreet else "quiet.ended")


def _not_now(talk: Talk, ticket: Ticket) -> None:
    state = progress.state_words(talk.house, ticket)
    talk.say("withdraw.not_now", ticket=ticket, receipt=ticket.receipt, state=state)


def _say_progress(talk: Talk, ticket: Ticket) -> None:
    afraid = buttons([("button.afraid", payload("afraid", ticket.receipt))])
    talk.say(
        "progress.line", ticket=ticket, below=afraid, receipt=ticket.receipt,
        state=progress.state_words(talk.house, ticket),
        class_name=talk.house.class_name(ticket.label), next=progress.next_words(talk.house, ticket),
    )  # fmt: skip
