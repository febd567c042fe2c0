"""The one optional question about place: once per person, with its reason, kept away from the ticket."""

from typing import Any

from sqlmodel import select

from dialogs.talk import Talk
from storage.models import Township
from tickets.notices import buttons, payload

LONGEST_ANSWER = 20


def ask_township(talk: Talk) -> dict[str, Any]:
    """The question as something that rides below a message, or nothing when it was asked before."""
    if talk.person.township_asked:
        return {}
    talk.person.township_asked = True
    talk.expect("township")
    return {
        "then": {"key": "ask.township", "params": {}},
        "below": buttons([("button.skip", payload("skip", "", "township"))]),
    }


def hear_township(talk: Talk) -> bool:
    """A known township goes onto the pseudonym and out of the message; False when it is about something else."""
    said = "".join(talk.message.text.split())
    if len(said) > LONGEST_ANSWER:
        return False
    found = [place for place in talk.uow.session.exec(select(Township)) if _names(place, said)]
    if len(found) != 1:
        return False
    talk.person.township_code = found[0].code
    talk.message.text = ""  # read only by aggregate queries, so it may not stand in the talk staff see
    talk.forget()
    talk.say("answered.township")
    return True


def _names(place: Township, said: str) -> bool:
    short = place.name.removesuffix("街道").removesuffix("镇").removesuffix("乡")
    return place.name in said or short in said
