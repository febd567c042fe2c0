"""A complaint: file it, give the receipt in the same reply, let class buttons and questions ride below."""

from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from dialogs.talk import Talk
from dialogs.townships import ask_township
from nlu.understanding import Understanding
from storage import outbox
from storage.models import Message, Outbox, Ticket
from storage.tickets import messages
from texts.dates import say_moment
from tickets import intake, progress
from tickets.drafts import SHORT, UNCLEAR, file_draft
from tickets.intake import Filed
from tickets.notices import buttons, payload
from tickets.receipts import give_receipt
from tickets.workflow import State

BURST = timedelta(seconds=90)
BURST_CHARACTERS = 25  # a fragment; a longer message of another class is a complaint of its own
SHORT_CHARACTERS = 6
OFFERED = "offered"  # not understood: filed only when the person says so


def file_complaint(talk: Talk, words: str, heard: Understanding | None) -> Filed:
    """Open a ticket for what was just said and answer with its receipt."""
    filed = intake.file_ticket(talk.uow, talk.house, talk.person, words, heard, talk.now)
    talk.message.ticket_id = filed.ticket.id
    talk.forget()
    give_receipt(
        talk.uow, talk.house, filed, talk.now, reply_to=talk.incoming.key, **_riding(talk, filed, heard)
    )  # fmt: skip
    return filed


def hear_complaint(talk: Talk, heard: Understanding) -> None:
    """What a complaint means here: part of a burst, a repetition, an unclear addition, or a new ticket."""
    recent = burst_ticket(talk, heard)
    if recent is not None:
        join_burst(talk, recent)
        return
    words = talk.message.text
    same = next((t for t in talk.tickets() if _same(t.words, words) and t.state in progress.OPEN_STATES), None)
    if same is not None:
        talk.message.ticket_id = same.id
        talk.say(
            "again_same", ticket=same, receipt=same.receipt, state=progress.state_words(talk.house, same),
            next=progress.next_words(talk.house, same),
        )  # fmt: skip
    elif _too_short(words, heard):
        ask_short(talk)
    elif heard.outcome == "unsure" and (waiting := talk.open_ticket()) is not None:
        ask_same_or_new(talk, waiting)
    else:
        file_complaint(talk, words, heard)


def ask_short(talk: Talk) -> None:
    """One question about a message too short to act on; after ten minutes it is filed as it is."""
    talk.expect(SHORT, text=talk.message.text, message=talk.message.id)
    talk.say("ask.short", below=buttons([("button.submit", payload("submit", ""))]))


def ask_same_or_new(talk: Talk, ticket: Ticket) -> None:
    """An unclear message while a ticket is open: the same matter or another one?"""
    talk.expect(UNCLEAR, receipt=ticket.receipt, message=talk.message.id)
    talk.say(
        "ask.same_or_new", ticket=ticket, receipt=ticket.receipt, class_name=talk.house.class_name(ticket.label),
        below=buttons([("button.same", payload("same", ticket.receipt)), ("button.new", payload("new", ""))]),
    )  # fmt: skip


def burst_ticket(talk: Talk, heard: Understanding) -> Ticket | None:
    """The ticket that this message continues: same person, within 90 seconds, not yet reviewed."""
    ticket = next((t for t in talk.tickets() if t.state == State.RECEIVED.value), None)
    if ticket is None or ticket.release_at is not None:
        return None
    last = [m.at for m in messages(talk.uow, ticket.id or 0)]
    if not last or talk.now - max(last) > BURST:
        return None
    fragment = len(talk.message.text) <= BURST_CHARACTERS
    same_class = heard.label is None or heard.outcome == "unsure" or heard.label in (ticket.label, ticket.label2)
    return ticket if fragment or same_class else None


def join_burst(talk: Talk, ticket: Ticket) -> None:
    """Add to the ticket and replace its receipt by an edited one: one ticket, one receipt."""
    intake.join(talk.uow, talk.house, ticket, talk.message.text, talk.message, talk.now)
    edit_receipt(talk, ticket)


def edit_receipt(talk: Talk, ticket: Ticket) -> None:
    """Replace the receipt's message by one that says what is true now."""
    first = first_receipt(talk, ticket)
    if first is None:
        talk.say("answered.joined", ticket=ticket, receipt=ticket.receipt)
        return
    claim = outbox.parameters(talk.uow, first)["claim"]
    give_receipt(
        talk.uow, talk.house, Filed(ticket, claim, ()), talk.now, key=first.key, reply_to=talk.incoming.key,
        edit_of=first, below=first.buttons,
    )  # fmt: skip


def first_receipt(talk: Talk, ticket: Ticket) -> Outbox | None:
    """The row that carried the receipt, to be edited."""
    query = select(Outbox).where(
        Outbox.ticket_id == ticket.id, col(Outbox.key).startswith("receipt."), col(Outbox.edit_of).is_(None)
    )
    row = talk.uow.session.exec(query.order_by(col(Outbox.id))).first()
    return row if row is not None and row.sealed and row.channel == talk.person.channel else None


def submit_draft(talk: Talk) -> bool:
    """「直接提交」: file the waiting short message as it is; False when none waits."""
    waiting = talk.conversation.expecting
    if not waiting or waiting.get("kind") not in (SHORT, OFFERED):
        return False
    filed = file_draft(talk.uow, talk.house, talk.person, talk.now)
    give_receipt(talk.uow, talk.house, filed, talk.now, reply_to=talk.incoming.key)
    return True


def complete_draft(talk: Talk, waiting: dict[str, Any]) -> None:
    """The answer to 「再说一句」: both messages become one ticket."""
    first = talk.uow.session.get(Message, waiting["message"])
    words = f"{waiting['text']}\n{talk.message.text}"
    heard = talk.house.ears.parse(words.replace("\n", "，"), talk.now)
    filed = file_complaint(talk, words, heard)
    if first is not None:
        first.ticket_id = filed.ticket.id


def split_parts(talk: Talk, ticket: Ticket) -> None:
    """「分开受理」: every further complaint of the message becomes a ticket of its own."""
    heard = talk.house.ears.parse(ticket.words, talk.now)
    already = ticket.slots.get("split", False)
    for part in () if already else heard.parts[1:]:
        filed = intake.file_ticket(
            talk.uow, talk.house, talk.person, part, talk.house.ears.parse(part, talk.now), talk.now
        )
        outbox.put(
            talk.uow, talk.person.pseudonym, talk.person.channel, "answered.split", talk.now,
            params={"receipt": filed.ticket.receipt, "class_name": talk.house.class_name(filed.ticket.label),
                    "review": say_moment(filed.ticket.review_due, filed.ticket.provisional)},
            secrets={"claim": filed.claim}, reply_to=talk.incoming.key, ticket_id=filed.ticket.id,
        )  # fmt: skip
    if already or len(heard.parts) < 2:
        talk.say("other.old_button")
    ticket.slots = {**ticket.slots, "split": True}


def _riding(talk: Talk, filed: Filed, heard: Understanding | None) -> dict[str, Any]:
    """What rides below a receipt: split offer, class buttons or the first question."""
    receipt = filed.ticket.receipt
    if heard is None:
        return {}
    if len(heard.parts) > 1:
        below = buttons([("button.split", payload("split", receipt))])
        return {"then": {"key": "ask.parts", "params": {"count": len(heard.parts)}}, "below": below}
    if heard.outcome == "close" and len(heard.scores) > 1:
        talk.expect("class", receipt=receipt, questions=list(filed.questions))
        return {"then": {"key": "ask.class", "params": {}}, "below": class_buttons(talk, receipt, heard)}
    if filed.questions:
        return ask_question(talk, receipt, list(filed.questions))
    return ask_township(talk)


def class_buttons(talk: Talk, receipt: str, heard: Understanding) -> outbox.Buttons:
    """The two likeliest classes and 「都不是」."""
    best = sorted(heard.scores, key=lambda code: -heard.scores[code])[:2]
    rows = [[{"label": talk.house.class_name(code), "payload": payload("class", receipt, code)}] for code in best]
    return [*rows, *buttons([("button.neither", payload("class", receipt, "none"))])]


def ask_question(talk: Talk, receipt: str, left: list[str]) -> dict[str, Any]:
    """The next question as something that rides below, with its skip button."""
    talk.expect("question", receipt=receipt, questions=left)
    params = {"left": len(left), "question": left[0]}
    return {
        "then": {"key": "ask.question", "params": params},
        "below": buttons([("button.skip", payload("skip", receipt, str(len(left))))]),
    }


def _too_short(words: str, heard: Understanding) -> bool:
    bare = len(words.strip())
    nothing_named = not heard.units and heard.object is None
    return bare < SHORT_CHARACTERS or (heard.outcome == "unsure" and nothing_named and bare <= SHORT_CHARACTERS + 2)


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())
