"""Intake: understand, ask, file. Chat, phone page and REST all come through here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nlu.safety import load_safety
from nlu.understanding import Understanding
from storage.models import Message, Person, Ticket
from storage.unit_of_work import UnitOfWork
from texts.dates import say_moment
from tickets import notices, routing, special
from tickets.errors import WrongStateError
from tickets.house import House
from tickets.human import propose_urgent
from tickets.moving import Actor, complainant, note
from tickets.permissions import acts
from tickets.receipt import draw_claim_code, draw_receipt
from tickets.workflow import OWN, TERMINAL, Role, State, require

MOST_QUESTIONS = 2
CLAIM_KIND = "claim"
URGENT_WITHIN = timedelta(hours=24)


@dataclass(frozen=True)
class Filed:
    """A new ticket, the claim code to tell once, and the questions worth asking."""

    ticket: Ticket
    claim: str
    questions: tuple[str, ...]


@acts("speak", by="intake_by")
def file_ticket(
    uow: UnitOfWork,
    house: House,
    person: Person,
    words: str,
    heard: Understanding | None,
    now: datetime,
    intake_by: Actor | None = None,
) -> Filed:
    """Open a ticket from masked words; without `heard` (a file, a voice note, a draft) the class is 待定."""
    receipt, claim = draw_receipt(house.draw), draw_claim_code(house.draw)  # taken? the unique index says, we redraw
    review = house.clock.review_due(now)
    ticket = Ticket(
        receipt=receipt, person=person.pseudonym, channel=person.channel, state=State.RECEIVED.value,
        created_at=now, words=words, review_due=review.at, provisional=review.provisional,
        claim_hash=uow.vault.fingerprint(CLAIM_KIND, f"{receipt}:{claim}"),
        intake_by=intake_by.staff_id if intake_by else None,
    )  # fmt: skip
    understand(ticket, heard)
    ticket.unit_code = routing.propose(uow, heard.units) if heard else None
    uow.session.add(ticket)
    uow.session.flush()
    special.place(uow, house, ticket, now)
    note(uow, ticket, "receive", intake_by or complainant(person.pseudonym), now, target=State.RECEIVED.value)
    notices.tell_role(
        uow, Role.OPERATOR, "desk.new_ticket", now, ticket,
        class_name=house.class_name(ticket.label), review=say_moment(review.at, review.provisional),
    )  # fmt: skip
    if heard is not None and (why := _urgent(heard, now)) is not None:
        propose_urgent(uow, ticket, now, why)
    return Filed(ticket, claim, questions(house, heard) if heard else ())


def understand(ticket: Ticket, heard: Understanding | None) -> None:
    """Write what was understood onto a ticket; an unsure class stays open until staff decide."""
    if heard is None:
        return
    sure_enough = heard.label is not None and heard.outcome != "unsure"
    ticket.label, ticket.label2 = (heard.label, heard.label2) if sure_enough else (None, None)
    ticket.subcode = heard.subcode if sure_enough else None
    ticket.outcome = heard.outcome
    ticket.slots = {**slots(heard), "answers": ticket.slots.get("answers", {}) if ticket.slots else {}}
    ticket.flags = list(heard.flags)


def slots(heard: Understanding) -> dict[str, Any]:
    """The slots as they are kept: words as said, numbers as numbers, the moment as ISO text."""
    return {
        "units": [unit.name for unit in heard.units],
        "known_units": [unit.known for unit in heard.units if unit.known],
        "object": heard.object, "times": heard.times, "per": heard.per, "hours": heard.hours,
        "deadline": heard.deadline.isoformat() if heard.deadline else None,
        "scores": {code: round(value, 3) for code, value in heard.scores.items()},
        "why": list(heard.why), "engine": heard.engine,
    }  # fmt: skip


def questions(house: House, heard: Understanding) -> tuple[str, ...]:
    """At most two questions, none whose answer is in the text (domain §2.5); none for an open class."""
    if heard.label is None or heard.outcome == "unsure":
        return ()
    if heard.units and (heard.object or heard.times):
        return ()
    most = MOST_QUESTIONS if heard.outcome == "sure" else MOST_QUESTIONS - 1  # the class buttons count as one
    asked = house.taxonomy.by_code(heard.label).questions[:most]
    return tuple(asked[1:] if heard.units and heard.object is None and len(asked) > 1 else asked)


@acts("speak")
def join(
    uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, more: str, message: Message, now: datetime
) -> None:
    """Add the next message of a burst to a ticket and understand the whole again."""
    ticket.words = "\n".join(filter(None, (ticket.words, more)))
    heard = house.ears.parse(ticket.words.replace("\n", "，"), now)
    if ticket.outcome != "staff" and (heard.label is not None or ticket.label is None):
        understand(ticket, heard)
    ticket.unit_code = ticket.unit_code or routing.propose(uow, heard.units)
    message.ticket_id = ticket.id
    note(uow, ticket, "join", actor, now)
    special.place(uow, house, ticket, now)


@acts("speak")
def correct(
    uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor, words: str, heard: Understanding, now: datetime
) -> None:
    """The person edited what they said, and nobody has reviewed it yet: the new words count."""
    if State(ticket.state) is not State.RECEIVED:
        raise WrongStateError(state=ticket.state)
    ticket.words = words
    if ticket.outcome != "staff":
        understand(ticket, heard)
    note(uow, ticket, "correct", actor, now)
    special.place(uow, house, ticket, now)


@acts("classify")
def choose_class(uow: UnitOfWork, ticket: Ticket, label: str | None, actor: Actor, now: datetime) -> None:
    """The complainant or staff decide the class; the decision is kept in the history."""
    if actor.role not in OWN:
        require(State(ticket.state), "decline", State.DECLINED, actor.role)  # staff classify while they review
    elif State(ticket.state) in TERMINAL:
        raise WrongStateError(state=ticket.state)
    before = ticket.label
    ticket.label, ticket.subcode = label, None if label != before else ticket.subcode
    ticket.outcome = "sure" if actor.role in OWN and label else "staff" if label else "unsure"
    note(uow, ticket, "classify", actor, now, before=before, after=label)


def _urgent(heard: Understanding, now: datetime) -> str | None:
    """Why the words themselves ask for T1: a deadline of their own within 24 hours, or revenge (fear is not enough)."""
    if heard.deadline is not None and timedelta(0) <= heard.deadline - now <= URGENT_WITHIN:
        return "deadline"
    if "retaliation_fear" in heard.flags:
        hits = load_safety().check(heard.text)
        return "retaliation" if any(hit.strong and hit.rule.name == "retaliation" for hit in hits) else None
    return None
