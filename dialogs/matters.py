"""Is it the same matter? What two messages of one person have to do with each other."""

from dataclasses import replace
from datetime import timedelta

from dialogs.talk import Talk
from nlu.understanding import Understanding
from nlu.verdict import outcome
from storage.models import Ticket
from storage.tickets import messages
from tickets.house import House
from tickets.progress import OPEN_STATES

LONG_ENOUGH = 15  # characters; a shorter message is an answer or a fragment, not another matter
FOREIGN = 0.2  # below this score the ticket's class is out of the question for a message
TWICE = timedelta(minutes=2)


def same_words(one: str, other: str) -> bool:
    """The same words but for white space."""
    return "".join(one.split()) == "".join(other.split())


def said_before(talk: Talk, text: str) -> Ticket | None:
    """The open ticket that already has these words: all of it, or a message of the last two minutes."""
    for ticket in (each for each in talk.tickets() if each.state in OPEN_STATES):
        recent = [m.text for m in messages(talk.uow, ticket.id or 0) if talk.now - m.at <= TWICE]
        if any(same_words(each, text) for each in (ticket.words, *recent)):
            return ticket
    return None


def another_matter(ticket: Ticket, heard: Understanding, text: str) -> bool:
    """A clear complaint of another class, or of another unit about another thing."""
    if heard.intent != "complaint" or heard.outcome != "sure" or len(text) < LONG_ENOUGH:
        return False
    known = {ticket.label, ticket.label2} - {None}
    other_class = bool(known) and heard.label not in known and heard.scores.get(ticket.label or "", 0.0) < FOREIGN
    there = ticket.slots.get("object")
    other_thing = heard.object is not None and there is not None and heard.object != there
    return other_class or (other_thing and not fits(ticket, heard))


def fits(ticket: Ticket, heard: Understanding) -> bool:
    """False when both name units and none of them is the same."""
    there, here = set(ticket.slots.get("units") or ()), {unit.name for unit in heard.units}
    return not there or not here or any(one in other or other in one for one in there for other in here)


def as_complaint(house: House, heard: Understanding) -> Understanding:
    """The same message taken for a complaint, with its likeliest class."""
    if heard.intent == "complaint" or not heard.scores:
        return heard
    limits = house.taxonomy.thresholds
    best = max(heard.scores, key=heard.scores.__getitem__)
    found = outcome(heard.scores, limits["close"], limits["unsure"])
    return replace(heard, intent="complaint", label=best, outcome=found, confidence=heard.scores[best])
