"""Pressed buttons: a payload `verb:receipt:argument` becomes a call; old and foreign ones change nothing."""

from collections.abc import Callable

from dialogs import complaints, erasing, guess, questions, ratings, referrals, revenge, service
from dialogs.talk import Talk
from nlu.understanding import Understanding
from storage import outbox
from storage.models import Ticket
from tickets import drafts, duty, human, progress
from tickets.drafts import REFERRED, SHORT, UNCLEAR
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
    "guard": guess.press_guard,
    "probed": lambda talk, ticket, _: revenge.report(talk, ticket),
    "afraid": lambda talk, ticket, _: revenge.report(talk, ticket),
}


def press(talk: Talk, payload: str) -> None:
    """One pressed button, or its words typed."""
    verb, _, rest = payload.partition(":")
    receipt, _, argument = rest.partition(":")
    if verb == "human":
        referrals.ask_human(talk)
    elif verb == "submit":
        if not complaints.submit_draft(talk):
            talk.say("other.old_button")
    elif verb == "erase":
        erasing.erase(talk)
    elif verb == "case":
        revenge.press_case(talk, receipt, argument)
    elif verb == "new":
        press_new(talk)
    elif verb == "cadre":
        press_cadre(talk)
    elif argument == "township":
        skip_by_word(talk)
    else:
        ticket = talk.own_ticket(receipt)
        if ticket is None or verb not in ON_TICKET:
            talk.say("other.old_button")
        else:
            ON_TICKET[verb](talk, ticket, argument)


def press_same(talk: Talk, ticket: Ticket) -> None:
    """「同一件事」: the unclear message belongs to this ticket."""
    draft = talk.draft(UNCLEAR)
    if draft is None:
        talk.say("other.old_button", ticket=ticket)
        return
    talk.settle(draft)
    service.supplement(talk, ticket, *drafts.said(talk.uow, draft))


def press_new(talk: Talk) -> None:
    """「另一件事」: the unclear message is a complaint of its own."""
    draft = talk.draft(UNCLEAR)
    if draft is None:
        talk.say("other.old_button")
        return
    complaints.file_complaint(talk, draft["text"], _heard(talk, draft), draft=draft)


def press_cadre(talk: Talk) -> None:
    """Taken for a citizen, but a cadre: what was said becomes a ticket, staff decide its class."""
    draft = talk.draft(REFERRED)
    if draft is None:
        talk.say("other.old_button")
        return
    complaints.file_complaint(talk, draft["text"], None, draft=draft)


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
    if duty.on_duty(talk.uow, talk.house, talk.now, on_call=True):
        until = talk.house.clock.first_contact_due(talk.now, "T1").at
        talk.say("urgent.taken", ticket=ticket, until=human.say_by(until, talk.now))
    else:
        talk.say("urgent.nobody", ticket=ticket, since=duty.say_next_duty(talk.uow, talk.house, talk.now))


def _heard(talk: Talk, draft: drafts.Draft) -> Understanding:
    return talk.house.ears.parse(draft["text"].replace("\n", "，"), talk.now)


def skip_by_word(talk: Talk) -> None:
    """「跳过」 typed: the open question, class or comment is left out; a short message is filed as it is."""
    waiting = talk.conversation.expecting or {}
    ticket, kind = talk.own_ticket(waiting.get("receipt", "")), waiting.get("kind")
    if kind == "township":
        talk.forget()
        talk.say("answered.question")
    elif kind == SHORT:
        complaints.submit_draft(talk)
    elif ticket is not None and kind == "question":
        questions.press_skip(talk, ticket, str(len(waiting["questions"])))
    elif ticket is not None and kind == "class":
        questions.press_class(talk, ticket, "none")
    elif ticket is not None and kind in ("comment", "partly", "supplement"):
        talk.forget()
        talk.say("answered.question", ticket=ticket)
    else:
        talk.say("other.old_button")
