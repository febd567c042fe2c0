"""Errors of the tickets package; each carries the key of the sentence that explains it to the person."""


class TicketError(Exception):
    """The action is not possible."""

    key = "error.action"

    def __init__(self, **params: str) -> None:
        super().__init__((self.__doc__ or "").strip())
        self.params = params


class NotAllowedError(TicketError):
    """This role may not do this."""

    key = "error.role"


class OnlySpecialError(NotAllowedError):
    """What is said of the department that runs the hotline is handed to the special desk."""

    key = "error.only_special"


class WrongStateError(TicketError):
    """The ticket is in another state by now."""

    key = "error.state"


class ChangedMeanwhileError(TicketError):
    """Somebody else changed the ticket since it was opened."""

    key = "error.changed"


class ProbeError(TicketError):
    """Nobody learns who complained; the question itself is a violation."""

    key = "error.probe"


class OnlyOnceError(TicketError):
    """This may be done once per ticket and was done."""

    key = "error.once"


class SamePersonError(TicketError):
    """Intake and check, or refusal and review, must be two persons."""

    key = "error.same_person"


class MissingFieldError(TicketError):
    """A field that the next reader needs is empty."""

    key = "error.missing"


class UnknownTicketError(TicketError):
    """No ticket with this receipt or number."""

    key = "error.unknown_ticket"


class TooLateError(TicketError):
    """The time for this action is over."""

    key = "error.too_late"


class DeadLinkError(TicketError):
    """The link is unknown, too old, revoked, or the dispatch has moved on."""

    key = "page.link_gone"
