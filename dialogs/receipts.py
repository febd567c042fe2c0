"""A receipt in a message: own, mistyped, unknown or somebody else's (the last two look the same)."""

import re
from datetime import datetime

from dialogs.talk import Talk
from storage import outbox, people
from storage.models import Ticket
from storage.unit_of_work import UnitOfWork
from tickets.claim import claim
from tickets.house import House
from tickets.receipt import read_receipt

CODE = re.compile(r"(?<![0-9A-Za-z])\d{4}(?![0-9A-Za-z])")
TYPED_RECEIPT = re.compile(r"(?:J\s*F[\s\-—–]*)?[0-9A-Z]{4}[\s\-—–]*[0-9A-Z]{4}[\s\-—–]*[0-9A-Z](?![0-9A-Z])", re.I)


def find_receipt(talk: Talk, text: str) -> tuple[bool, Ticket | None]:
    """(handled, ticket): the person's own ticket named in the text, or the reply when it is not theirs."""
    read = read_receipt(text)
    if read.kind == "none" or read.value is None:
        return False, None
    if read.kind == "mistyped":
        talk.say("receipt.mistyped", typed=read.value)
        return True, None
    own = talk.own_ticket(read.value)
    if own is None:
        talk.expect("claim", receipt=read.value)
        code = CODE.search(TYPED_RECEIPT.sub(" ", text))
        if code is None:
            talk.say("receipt.unknown")
        else:
            _try(talk, read.value, code[0])
        return True, None
    return False, own


def is_bare(text: str) -> bool:
    """A message that is nothing but a receipt."""
    return not any(char.isalnum() for char in TYPED_RECEIPT.sub("", text))


def hear_claim(talk: Talk, receipt: str) -> bool:
    """A 4-digit claim code moves the ticket's person to this device; False when no code was sent."""
    code = "".join(talk.message.text.split())
    if not (len(code) == 4 and code.isdigit()):
        return False
    _try(talk, receipt, code)
    return True


def _try(talk: Talk, receipt: str, code: str) -> None:
    result, ticket = claim(talk.uow, receipt, code, talk.now)
    if result == "locked":
        talk.say("receipt.claim_locked")
    elif ticket is None:
        talk.say("receipt.unknown")
    else:
        move_here(talk, ticket)


def move_here(talk: Talk, ticket: Ticket) -> None:
    """The ticket with its talk now belongs to the pseudonym of this device; its news comes here."""
    people.move_ticket(talk.uow, ticket, talk.person)
    talk.forget()
    talk.say("receipt.claimed", ticket=ticket, receipt=ticket.receipt)


def claim_here(
    uow: UnitOfWork, house: House, channel: str, address: str, receipt: str, code: str, now: datetime
) -> str | None:
    """The same from a form: the key of the refusal, or None when the ticket has moved to this address."""
    read = read_receipt(receipt)
    if read.kind == "mistyped":
        return "receipt.check"
    result, ticket = claim(uow, read.value or "", code, now)
    if ticket is None:
        return "receipt.claim_locked" if result == "locked" else "receipt.unknown"
    people.move_ticket(uow, ticket, people.find_or_make(uow, channel, address, now))
    outbox.put(uow, ticket.person, channel, "receipt.claimed", now, params={"receipt": ticket.receipt}, kind="push",
               ticket_id=ticket.id)  # fmt: skip
    return None
