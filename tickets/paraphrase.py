"""The paraphrase (L2): suggested from slots, never the complainant's own words (domain §4.4.1)."""

import re

from storage.models import Ticket, Unit
from storage.unit_of_work import UnitOfWork
from tickets.errors import TicketError
from tickets.house import House
from tickets.masking import MASK

LONGEST_SHARED_RUN = 15  # characters; names of forms and units are shorter, habits of speech are longer
_NOISE = re.compile(r"[\W_]+")


class VerbatimError(TicketError):
    """The paraphrase repeats the complainant's own words or masked data."""

    key = "error.verbatim"


def suggest(uow: UnitOfWork, house: House, ticket: Ticket) -> str:
    """A neutral sentence from class, unit, object and count; staff correct and approve it."""
    slots, texts = ticket.slots, house.texts
    unit = uow.session.get(Unit, ticket.unit_code) if ticket.unit_code else None
    units = "、".join(slots.get("units", [])) if len(slots.get("units", [])) > 1 else None
    key = f"paraphrase.{ticket.label}" if ticket.label else "paraphrase.other"
    times = slots.get("times")
    params = {
        "unit": units or (unit.name if unit else texts.say("paraphrase.some_unit")),
        "object": slots.get("object") or texts.say("paraphrase.some_object"),
        "extra": texts.say("paraphrase.counted", times=times) if times else "",
    }
    return texts.say(key if key in texts else "paraphrase.other", **params)


def check_paraphrase(paraphrase: str, words: str) -> None:
    """VerbatimError when the draft carries a long run of the original words or masked data."""
    said, written = _NOISE.sub("", words), _NOISE.sub("", paraphrase)
    runs = (written[i : i + LONGEST_SHARED_RUN] for i in range(len(written) - LONGEST_SHARED_RUN + 1))
    if MASK in paraphrase or written == said or any(run in said for run in runs):
        raise VerbatimError
