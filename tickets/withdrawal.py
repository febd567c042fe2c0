"""Withdrawing: by the complainant, at any time before the end; the unit is told not to ask why."""

from datetime import datetime

from storage.models import Ticket
from storage.tickets import assignment
from storage.unit_of_work import UnitOfWork
from tickets import guarding, notices, pressure
from tickets.house import House
from tickets.moving import Actor, move
from tickets.permissions import acts
from tickets.workflow import WITHDRAWABLE, State


def withdrawable(ticket: Ticket) -> bool:
    """True while a withdrawal still means something."""
    return State(ticket.state) in WITHDRAWABLE


@acts("speak")
def withdraw(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """End the ticket on the complainant's word."""
    move(uow, ticket, "withdraw", State.WITHDRAWN, actor, now)
    pressure.flag_withdrawal(uow, house, ticket, actor, now)
    found = assignment(uow, ticket.id or 0)
    if found is not None:
        found.active = False
        notices.tell_unit(uow, house, found, guarding.unit_key(ticket, "withdrawn"), now)
