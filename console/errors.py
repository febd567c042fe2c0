"""Errors of the console; each carries the key of its sentence, like those of tickets/."""

from tickets.errors import TicketError


class NobodyInRoleError(TicketError):
    """No active member of staff holds this role."""

    key = "page.nobody"
