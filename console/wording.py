"""The sentence of an error, for every page."""

from storage.errors import DatabaseBusyError
from texts.catalogue import Catalogue
from tickets.errors import TicketError


def explain(texts: Catalogue, error: TicketError | DatabaseBusyError) -> str:
    """What a person reads."""
    if not isinstance(error, TicketError):
        return texts.say("page.busy")
    params = dict(error.params)
    if "field" in params:
        params["field"] = texts.say(f"field.{params['field']}")
    return texts.say(error.key, **params)
