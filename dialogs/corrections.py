"""A message edited after it was sent: while its ticket waits for review, the new words replace the old."""

from sqlmodel import select

from dialogs.bursts import edit_receipt
from dialogs.matters import as_complaint
from dialogs.service import supplement
from dialogs.talk import Talk
from storage.models import Message, Ticket
from tickets import intake
from tickets.workflow import State


def correct(talk: Talk, edits: str) -> bool:
    """Apply an edit; False when the first version was never seen or belongs to no ticket: then it is new."""
    first = talk.uow.session.exec(
        select(Message).where(Message.key == edits, Message.person == talk.person.pseudonym)
    ).first()
    ticket = talk.uow.session.get(Ticket, first.ticket_id) if first is not None and first.ticket_id else None
    if first is None or ticket is None:
        return False
    if ticket.state != State.RECEIVED.value or first.text not in ticket.words:
        supplement(talk, ticket)
        return True
    words = ticket.words.replace(first.text, talk.message.text, 1)
    first.text, talk.message.ticket_id = talk.message.text, ticket.id
    heard = as_complaint(talk.house, talk.house.ears.parse(words, talk.now))
    intake.correct(talk.uow, talk.house, ticket, talk.actor, words, heard, talk.now)
    edit_receipt(talk, ticket, talk.house.texts.say("receipt.corrected"))
    return True
