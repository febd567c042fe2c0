"""Pressed buttons: a payload `verb:receipt:argument` becomes a call; old and foreign ones change nothing."""

from collections.abc import Callable
from typing import Any

from dialogs import complaints, questions, ratings, referrals, service
from dialogs.talk import Talk
from storage import outbox
from storage.models import Message, Ticket
from tickets import human, progress
from tickets.workflow import State

OnTicket = Callable[[Talk, Ticket, str], None]

ON_TICKET: dict[str, OnTicket] = {
    "class": questions.press_class,
    "skip": questions.press_skip,
    "rate": ratings.rate,
    "sat": ratings.satisfy,
    "accept": lambda talk, ticket, _: ratings.choose_after_partly(talk, ticket, again=False),
    "rework": lambda talk, ticket, _: ratings.choose_after_partly(talk, ticket, again=True),
    "withdraw": lambda talk, ticket, _: service.withdraw_now(talk, ticket),
    "keep": lambda talk, ticket, _: service.keep(talk, ticket),
    "object": lambda talk, ticket, _: service.object_now(talk, ticket),
    "split": lambda talk, ticket, _: complaints.split_parts(talk, ticket),
    "same": lambda talk, ticket, _: press_same(talk, ticket),
    "show": lambda talk, ticket, _: press_show(talk, ticket),
    "urgent": lambda talk, ticket, _: press_urgent(talk, ticket),
    "probed": lambda talk, ticket, _: referrals.report_probing(talk),
}


def press(talk: Talk) -> None:
    """One pressed button."""
    verb, _, rest = talk.incoming.payload.partition(":")
    receipt, _, argument = rest.partition(":")
    if verb == "human":
        referrals.ask_human(talk)
    elif verb == "submit":
        if not complaints.submit_draft(talk):
            talk.say("other.old_button")
    elif verb == "new":
        press_new(talk)
    elif verb == "cadre":
        press_cadre(talk)
    elif argument == "township":
        skip_by_word(talk, talk.conversation.expecting or {})
    else:
        ticket = talk.own_ticket(receipt)
        if ticket is None or verb not in ON_TICKET:
            talk.say("other.old_button")
        else:
            ON_TICKET[verb](talk, ticket, argument)


def press_same(talk: Talk, ticket: Ticket) -> None:
    """「同一件事」: the unclear message belongs to this ticket."""
    message = _waiting_message(talk, "same_or_new")
    if message is None:
        talk.say("other.old_button", ticket=ticket)
        return
    talk.message = message
    service.supplement(talk, ticket)


def press_new(talk: Talk) -> None:
    """「另一件事」: the unclear message is a complaint of its own."""
    message = _waiting_message(talk, "same_or_new")
    if message is None:
        talk.say("other.old_button")
        return
    talk.message = message
    complaints.file_complaint(talk, message.text, talk.house.ears.parse(message.text, talk.now))


def press_cadre(talk: Talk) -> None:
    """Taken for a citizen, but a cadre: what was said becomes a ticket, staff decide its class."""
    message = _waiting_message(talk, "refer")
    if message is None:
        talk.say("other.old_button")
        return
    talk.message = message
    complaints.file_complaint(talk, message.text, None)


def press_show(talk: Talk, ticket: Ticket) -> None:
    """「看一看」 under a discreet push: everything that was held back about this ticket, newest state last."""
    held = outbox.held_back(talk.uow, talk.person.pseudonym, ticket.id or 0)
    if not held:
        service.tell_progress(talk, ticket)
    for row in held:
        hidden = row.params["hidden"]
        talk.say(hidden["key"], ticket=ticket, below=hidden["below"], **hidden["params"])
        row.params = {}


def press_urgent(talk: Talk, ticket: Ticket) -> None:
    """「特急」 outside business hours."""
    if ticket.state != State.RECEIVED.value:
        talk.say("urgent.late", ticket=ticket, receipt=ticket.receipt,
                 state=progress.state_words(talk.house, ticket))  # fmt: skip
        return
    if ticket.t_class != "T1":
        human.mark_urgent(talk.uow, ticket, talk.actor, talk.now)
    if human.on_duty(talk.uow, talk.house, talk.now, on_call=True):
        until = talk.house.clock.first_contact_due(talk.now, "T1").at
        talk.say("urgent.taken", ticket=ticket, until=f"{until:%H:%M}")
    else:
        talk.say("urgent.nobody", ticket=ticket, since=human.say_next_duty(talk.uow, talk.house, talk.now))


def _waiting_message(talk: Talk, kind: str) -> Message | None:
    waiting = talk.conversation.expecting
    if not waiting or waiting.get("kind") != kind:
        return None
    return talk.uow.session.get(Message, waiting["message"])


def skip_by_word(talk: Talk, waiting: dict[str, Any]) -> None:
    """「跳过」 typed: the open question, class or comment is left out."""
    ticket = talk.own_ticket(waiting.get("receipt", ""))
    kind = waiting.get("kind")
    if kind == "township":
        talk.forget()
        talk.say("answered.question")
        return
    if ticket is not None and kind == "question":
        questions.press_skip(talk, ticket, str(len(waiting["questions"])))
    elif ticket is not None and kind == "class":
        questions.press_class(talk, ticket, "none")
    elif ticket is not None and kind in ("comment", "partly", "supplement"):
        talk.forget()
        talk.say("answered.question", ticket=ticket)
    else:
        talk.say("other.old_button")
