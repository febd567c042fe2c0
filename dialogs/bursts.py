"""A complaint in several messages: within 90 seconds they are one ticket, and its receipt is edited."""

from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from dialogs.matters import another_matter
from dialogs.talk import Talk
from nlu.understanding import Understanding
from storage import outbox
from storage.models import Outbox, Ticket
from storage.tickets import messages
from tickets import intake
from tickets.intake import Filed
from tickets.receipts import give_receipt
from tickets.workflow import State

BURST = timedelta(seconds=90)
BURST_CHARACTERS = 25  # a fragment; a longer message of another class is a complaint of its own
RIDING = {"ask.township": "township", "ask.question": "question", "ask.class": "class"}  # text key -> what is expected


def burst_ticket(talk: Talk, heard: Understanding) -> Ticket | None:
    """The ticket that this message continues: same person, within 90 seconds, not yet reviewed."""
    ticket = next((t for t in talk.tickets() if t.state == State.RECEIVED.value), None)
    if ticket is None or ticket.release_at is not None or ticket.guard is not None:  # approved already
        return None
    last = [m.at for m in messages(talk.uow, ticket.id or 0)]
    if not last or talk.now - max(last) > BURST:
        return None
    if heard.units and another_matter(ticket, heard, talk.message.text):
        return None
    fragment = len(talk.message.text) <= BURST_CHARACTERS
    same_class = heard.label is None or heard.outcome == "unsure" or heard.label in (ticket.label, ticket.label2)
    return ticket if fragment or same_class else None


def join_burst(talk: Talk, ticket: Ticket) -> None:
    """Add to the ticket and replace its receipt by an edited one: one ticket, one receipt."""
    intake.join(talk.uow, talk.house, ticket, talk.actor, talk.message.text, talk.message, talk.now)
    said = [message for message in messages(talk.uow, ticket.id or 0) if message.kind == "text"]
    edit_receipt(talk, ticket, talk.house.texts.say("receipt.joined", count=len(said)))


def edit_receipt(talk: Talk, ticket: Ticket, also: str) -> None:
    """Replace the receipt's message by one that says what is true now, and what changed."""
    first = first_receipt(talk, ticket)
    if first is None:
        talk.say("answered.joined", ticket=ticket, receipt=ticket.receipt)
        return
    claim = outbox.parameters(talk.uow, first)["claim"]
    then, below = _still_riding(talk, ticket, first)
    give_receipt(
        talk.uow, talk.house, Filed(ticket, claim, ()), talk.now, key=first.key, reply_to=talk.incoming.key,
        edit_of=first, then=then, below=below, also=also,
    )  # fmt: skip


def _still_riding(talk: Talk, ticket: Ticket, first: Outbox) -> tuple[dict[str, Any] | None, outbox.Buttons]:
    """The question below a receipt with its buttons, both or neither; 「特急」 stays in any case."""
    then, waiting = first.params.get("then"), talk.expecting() or {}
    asked = RIDING.get(then["key"]) if then else None
    open_still = asked is not None and waiting.get("kind") == asked
    if asked == "question":
        open_still = open_still and len(waiting["questions"]) == (then or {})["params"]["left"]
    if then and then["key"] == "ask.parts":
        open_still = not ticket.slots.get("split", False)
    if open_still:
        return then, [row for row in first.buttons if not row[0]["payload"].startswith("afraid:")]  # it comes anew
    return None, [row for row in first.buttons if row[0]["payload"].startswith("urgent:")]


def first_receipt(talk: Talk, ticket: Ticket) -> Outbox | None:
    """The row that carried the receipt, to be edited."""
    query = select(Outbox).where(
        Outbox.ticket_id == ticket.id, col(Outbox.key).startswith("receipt."), col(Outbox.edit_of).is_(None)
    )
    row = talk.uow.session.exec(query.order_by(col(Outbox.id))).first()
    return row if row is not None and row.sealed and row.channel == talk.person.channel else None
