"""Who is told what: every push and reply of the workflow becomes an outbox row here."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from storage import outbox
from storage.models import Assignment, Outbox, Person, Ticket
from storage.unit_of_work import UnitOfWork
from tickets.house import House
from tickets.workflow import Role

DESK = "desk"
# an open page shows everything at once; elsewhere a push waits for the end of the quiet hours
SHOWN_AT_ONCE = frozenset({"web", "terminal", DESK})


def buttons(*rows: Iterable[tuple[str, str]]) -> outbox.Buttons:
    """Rows of (text key, payload) as the outbox keeps them."""
    return [[{"key": key, "payload": payload} for key, payload in row] for row in rows]


def payload(verb: str, receipt: str, argument: str = "") -> str:
    """A button's payload, at most 64 bytes: verb:receipt:argument."""
    return f"{verb}:{receipt}:{argument}"


def tell_person(
    uow: UnitOfWork,
    house: House,
    ticket: Ticket,
    key: str,
    now: datetime,
    *,
    kind: str = "push",
    below: outbox.Buttons | None = None,
    **params: Any,
) -> Outbox:
    """A push to the complainant about their ticket, in the channel they last wrote from."""
    person = uow.session.get_one(Person, ticket.person)
    channel = person.channel
    told = {"receipt": ticket.receipt, **params}
    if person.discreet and kind == "push" and channel not in SHOWN_AT_ONCE:
        hidden = {"key": key, "params": told, "below": below or []}
        key, told, below = "quiet.news", {"hidden": hidden}, buttons([("button.show", payload("show", ticket.receipt))])
    # domain §8 no. 6: an urgent ticket wakes people, everything else lets them sleep
    waits = kind == "push" and channel not in SHOWN_AT_ONCE and ticket.t_class != "T1" and house.clock.quiet(now)
    row = outbox.put(
        uow, ticket.person, channel, key, now,
        params=told, buttons=below, kind=kind, ticket_id=ticket.id,
        not_before=house.clock.quiet_until(now) if waits else None,
    )  # fmt: skip
    if lost(person):
        give_up(uow, row)
    return row


def lost(person: Person) -> bool:
    """Nobody knows the way to them any more: their address was erased."""
    return person.erased_at is not None and person.channel not in outbox.MAILBOXES


def give_up(uow: UnitOfWork, row: Outbox) -> None:
    """Mark a word to a lost person; nobody tries to send it."""
    row.undeliverable, row.error, row.lease_owner, row.lease_until = True, "erased", None, None
    uow.outgoing.remove(row)


def tell_unit(uow: UnitOfWork, house: House, assignment: Assignment, key: str, now: datetime, **params: Any) -> Outbox:
    """A notice to a unit under the dispatch number; it carries no ticket id, so nothing leads back."""
    return outbox.put(
        uow, f"unit:{assignment.unit_code}", DESK, key, now,
        params={"number": assignment.dispatch_number, **params}, kind="push",
    )  # fmt: skip


def tell_role(
    uow: UnitOfWork, role: Role, key: str, now: datetime, ticket: Ticket | None = None, **params: Any
) -> Outbox:
    """A notice to everybody who works in a role; `ticket` adds its receipt and id.

    What is only for the special desk is told to nobody else.
    """
    receipt = {"receipt": ticket.receipt} if ticket else {}
    if ticket is not None and ticket.special is not None:
        role = Role.SPECIAL
    return outbox.put(
        uow, f"role:{role.value}", DESK, key, now, params={**receipt, **params}, kind="push",
        ticket_id=ticket.id if ticket else None,
    )  # fmt: skip
