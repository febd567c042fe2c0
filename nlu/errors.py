"""The one error family of the ears; the docstring of each error is its message."""


class NluError(Exception):
    """The language package could not do what was asked."""

    def __init__(self, detail: str = "") -> None:
        message = (self.__doc__ or "").strip()
        super().__init__(f"{message} ({detail})" if detail else message)


class TaxonomyError(NluError):
    """The taxonomy file is missing or malformed."""


class ModelError(NluError):
    """There is no usable model in this folder; train one first."""


class DataError(NluError):
    """The training or evaluation rows cannot be used."""


class RuleError(NluError):
    """A rule file is malformed."""
