"""Errors of the texts package; the message is the docstring with what was wrong."""


class TextError(Exception):
    """A text cannot be used."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{(self.__doc__ or '').strip()} {detail}".strip())


class UnknownKeyError(TextError):
    """There is no text with this key:"""


class UnfilledTextError(TextError):
    """A variable of this text has no value:"""
