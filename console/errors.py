"""Errors of the console; each carries the key of its sentence, like those of tickets/."""

from tickets.errors import NotAllowedError, TicketError


class NobodyInRoleError(TicketError):
    """No active member of staff holds this role."""

    key = "page.nobody"


class SignedOutError(NotAllowedError):
    """The sign-in behind an open page is over or was revoked."""

    key = "page.signed_out"


class LoginTakenError(TicketError):
    """This account exists in another role or unit; an invitation does not change what somebody may do."""

    key = "login.taken"


class NewAccountError(TicketError):
    """There is no such account; a new one needs a name, and a unit for people of a unit."""

    key = "login.new_account"


class ShortPasswordError(TicketError):
    """The password is too short."""

    key = "login.short"


class LongPasswordError(TicketError):
    """The password is too long."""

    key = "login.long"


class KnownPasswordError(TicketError):
    """The password is among the first anybody would try."""

    key = "login.known"


class WrongCodeError(TicketError):
    """The code of the second factor does not fit."""

    key = "login.wrong_code"


class DeadInvitationError(TicketError):
    """The invitation is unknown, used or too old."""

    key = "login.dead"
