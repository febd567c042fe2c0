"""The receipt as a message: number, claim code, class, next step and date, the promise, what rides below."""

from datetime import datetime
from typing import Any

from storage import outbox
from storage.models import Outbox, Person, Ticket
from storage.unit_of_work import UnitOfWork
from texts.dates import say_moment
from tickets.house import House
from tickets.intake import Filed
from tickets.notices import buttons, payload


def give_receipt(
    uow: UnitOfWork,
    house: House,
    filed: Filed,
    now: datetime,
    *,
    kind: str = "reply",
    key: str | None = None,
    reply_to: str | None = None,
    then: dict[str, Any] | None = None,
    below: outbox.Buttons | None = None,
    edit_of: Outbox | None = None,
    also: str = "",
) -> Outbox:
    """Write the receipt; `then` is a question riding below it, `edit_of` an earlier receipt to replace,
    which `also` says what changed: an edit that reads the same would not be shown.

    The claim code travels sealed; a ticket received outside business hours offers 「特急」.
    """
    ticket = filed.ticket
    resting = house.clock.counts_from(now) > now
    rows = list(below or [])
    rows += buttons([("button.afraid", payload("afraid", ticket.receipt))])
    if resting and key is None:
        rows += buttons([("button.urgent", payload("urgent", ticket.receipt))])
    params = {
        "receipt": ticket.receipt, "class_name": house.class_name(ticket.label),
        "review": say_moment(ticket.review_due, ticket.provisional), "also": also + _only_special(house, ticket),
        **({"then": then} if then else {}),
    }  # fmt: skip
    return outbox.put(
        uow, ticket.person, uow.session.get_one(Person, ticket.person).channel,
        key or ("receipt.off_hours" if resting else "receipt.accepted"), now, params=params,
        secrets={"claim": filed.claim}, buttons=rows, kind=kind, ticket_id=ticket.id, reply_to=reply_to,
        edit_of=edit_of.id if edit_of else None,
    )  # fmt: skip


def _only_special(house: House, ticket: Ticket) -> str:
    """What is about the department or the hotline: not handled by those it is about."""
    return house.texts.say("receipt.special") if ticket.special else ""
