"""What the ears heard, when nothing was asked: a complaint, a request about a ticket, or something for others."""

from dialogs import bursts, complaints, ratings, referrals, service
from dialogs.commands import Command
from dialogs.expectations import fitting
from dialogs.matters import as_complaint, fits
from dialogs.obeying import obey
from dialogs.talk import Talk
from nlu.understanding import Understanding
from storage.models import Ticket
from tickets.audience import about_hotline
from tickets.progress import OPEN_STATES
from tickets.workflow import State

OF_A_TICKET: dict[str, Command] = {
    "query_progress": "progress", "withdraw": "withdraw", "urge": "urge", "relapse": "relapse", "objection": "object",
}  # fmt: skip
MAYBE_A_COMPLAINT = frozenset({"relapse", "urge", "supplement"})
# a reproach to the hotline or its bot is a complaint, whatever else it sounds like (domain §7)
MAYBE_OF_US = frozenset({
    "human", "rate", "urge", "query_progress", "greeting", "other", "consult", "objection", "help",
})  # fmt: skip
SAID_IN_A_WORD = frozenset({"greeting", "thanks", "help", "human", "abuse_spam", "delete", "retaliation"})
LONG_ENOUGH = 8  # characters: a request about no ticket of this length is a complaint
SURE = 0.6


def by_intent(talk: Talk, heard: Understanding, named: Ticket | None) -> None:
    """Act on what was heard; `named` is the own ticket whose receipt stands in the message."""
    text = talk.message.text
    if named is not None and heard.intent in ("complaint", *MAYBE_A_COMPLAINT):
        _about(talk, named, heard)
    elif heard.intent == "complaint" or (heard.intent in MAYBE_OF_US and about_hotline(text)):
        heard = heard if heard.intent == "complaint" else as_complaint(talk.house, heard)
        complaints.hear_complaint(talk, heard)
    elif complaints.names_a_burden(text) or _says_too_little(talk, heard):
        complaints.hear_complaint(talk, as_complaint(talk.house, heard))
    elif heard.intent == "rate":
        ratings.rate_by_word(talk, text)
    elif heard.intent in MAYBE_A_COMPLAINT and named is None and fitting(talk, heard) is None:
        _without_ticket(talk, heard)
    elif heard.intent == "other" and heard.referral is None:
        _unclear(talk, heard, named)
    elif heard.intent in OF_A_TICKET:
        obey(talk, OF_A_TICKET[heard.intent], named or fitting(talk, heard))
    elif not referrals.refer(talk, heard, named):
        referrals.not_understood(talk)


def _about(talk: Talk, named: Ticket, heard: Understanding) -> None:
    """Words with a receipt belong to that ticket."""
    if named.state in (State.CLOSED.value, State.ARCHIVED.value):
        service.relapse_now(talk, named)
    elif heard.intent == "urge":
        service.urge_ticket(talk, named)
    elif named.state in OPEN_STATES:
        service.supplement(talk, named)
    else:
        complaints.hear_complaint(talk, as_complaint(talk.house, heard))


def _without_ticket(talk: Talk, heard: Understanding) -> None:
    """Sounds like 反弹, 补充 or 催办, but no ticket fits: a complaint when it says enough, never just a refusal."""
    waiting = talk.open_ticket()
    if waiting is not None and fits(waiting, heard) and not heard.units:
        _unclear(talk, heard, None)
    elif len(talk.message.text.strip()) >= LONG_ENOUGH:
        complaints.hear_complaint(talk, as_complaint(talk.house, heard))
    elif heard.intent in OF_A_TICKET:
        obey(talk, OF_A_TICKET[heard.intent], None)
    else:
        _unclear(talk, heard, None)


def _unclear(talk: Talk, heard: Understanding, named: Ticket | None) -> None:
    """Neither a clear complaint nor a clear request: a burst, the named ticket, an open one, or a question."""
    burst, ticket = bursts.burst_ticket(talk, heard), named or talk.open_ticket()
    if complaints.tell_again(talk, talk.message.text):
        return
    if burst is not None:
        bursts.join_burst(talk, burst)
    elif named is not None:
        service.supplement(talk, named)
    elif ticket is not None:
        complaints.ask_same_or_new(talk, ticket)
    else:
        referrals.not_understood(talk)


def _says_too_little(talk: Talk, heard: Understanding) -> bool:
    """A word or two that fit many intents, or a doubtful request about a ticket from somebody who has none."""
    if talk.tickets() or heard.intent in SAID_IN_A_WORD:
        return False
    few = len(talk.message.text.strip()) < complaints.SHORT_CHARACTERS
    return few or (heard.intent in {*OF_A_TICKET, "rate", "supplement"} and heard.confidence < SURE)
