"""Errors of the bot package; caught at the command line or in the sender."""


class BotError(Exception):
    """jianfu cannot go on."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class SettingsError(BotError):
    """A setting is missing or unsafe."""


class PortInUseError(BotError):
    """The port is already in use."""


class NoModelError(BotError):
    """There is no trained model; run `jianfu train-ears` or `make run`."""


class SendRefusedError(BotError):
    """The channel will never accept this message."""


class SendLaterError(BotError):
    """The channel did not accept the message now; `seconds` says when to try again (None: back off).

    `maybe_accepted`: no answer came, so the message may have arrived all the same.
    """

    def __init__(self, message: str | None = None, seconds: float | None = None, maybe_accepted: bool = False) -> None:
        super().__init__(message)
        self.seconds = seconds
        self.maybe_accepted = maybe_accepted


class TooManyError(BotError):
    """More from one address than anybody types; nothing was taken, `seconds` says when it will be."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
