"""What can go wrong with Rasa; part of the error family of the ears."""

from nlu.errors import NluError


class RasaError(NluError):
    """The second engine could not do what was asked."""


class NoPythonError(RasaError):
    """Rasa 3.6 needs a Python 3.8, 3.9 or 3.10; none was found on PATH or in pyenv."""


class CommandError(RasaError):
    """A command of the second engine failed."""


class UnavailableError(RasaError):
    """The Rasa server gave no usable answer."""
