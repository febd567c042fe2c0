"""What the bot asked for decides what the next message is, unless the person clearly wants something else."""

from typing import Any

from dialogs import complaints, guess, matters, questions, ratings, receipts, referrals, revenge, service, townships
from dialogs.talk import Talk
from nlu.understanding import Understanding
from storage.models import Ticket
from tickets.drafts import OFFERED, REFERRED, SHORT
from tickets.progress import OPEN_STATES
from tickets.workflow import State

SURE, VERY_SURE = 0.6, 0.8
FEW = 8  # characters of a request in passing (催一下, 怎么样了)
NO_ANSWER = frozenset({
    "thanks", "greeting", "help", "human", "delete", "citizen", "personnel", "abuse_spam", "identity_probe",
    "query_progress", "withdraw", "rate", "retaliation", "objection",
})  # fmt: skip
OF_REVENGE = frozenset({"retaliation", "identity_probe"})
A_CADRE = ("我是", "我在村", "我在社区", "我在镇", "我在街道")


def as_expected(talk: Talk, heard: Understanding) -> bool:
    """Take the message for what was asked for; False when it is something else."""
    waiting, text = talk.expecting(), talk.message.text
    if waiting is None:
        return False
    if waiting["kind"] in ("distress", "emergency"):
        return _after_danger(talk, heard, waiting["kind"])
    if waiting["kind"] == "case" and (heard.intent in OF_REVENGE or not _asks_service(talk, heard)):
        return revenge.hear_more(talk, heard, waiting)
    if waiting["kind"] == "supplement":
        return _on_ticket(talk, waiting)
    if _says_again(talk, text) or _asks_service(talk, heard):
        return False
    match waiting["kind"]:
        case "township":
            return townships.hear_township(talk)
        case "claim":
            return receipts.hear_claim(talk, waiting["receipt"])
        case kind if kind in (SHORT, OFFERED, REFERRED):
            return _completes(talk, heard, waiting)
    ticket = talk.own_ticket(waiting.get("receipt", ""))
    if ticket is None or _no_answer(heard) or matters.another_matter(ticket, heard, text):
        return False
    return _on_ticket(talk, waiting)


def as_staff_asked(talk: Talk, heard: Understanding) -> bool:
    """Staff asked for one thing about one ticket: what comes next is the answer, whatever it sounds like."""
    if heard.intent not in OF_REVENGE and guess.hear_guess(talk):  # who is threatened chooses nothing now
        return True
    asked = talk.open_in(State.NEEDS_INFO)
    if len(asked) != 1 or heard.intent in NO_ANSWER or _asks_service(talk, heard):
        return False
    other = matters.another_matter(asked[0], heard, talk.message.text)
    service.supplement(talk, asked[0], **({"perhaps_another": True} if other else {}))
    return True


def fitting(talk: Talk, heard: Understanding) -> Ticket | None:
    """The ticket a request is about, or None when this person has none that it could mean."""
    match heard.intent:
        case "relapse":
            found = talk.open_in(State.CLOSED)
        case "rate":
            found = talk.open_in(State.RATING)
        case "objection":
            found = talk.open_in(State.DECLINED)
        case "query_progress":
            found = talk.tickets()
        case "urge" | "withdraw":
            found = [ticket for ticket in talk.tickets() if ticket.state in OPEN_STATES]
        case _:
            found = []
    return next((ticket for ticket in found if matters.fits(ticket, heard)), None)


def _asks_service(talk: Talk, heard: Understanding) -> bool:
    """A request that beats an open question: in a few words or very sure, and there is something it can mean."""
    enough = VERY_SURE if len(talk.message.text.strip()) > FEW else SURE
    if heard.confidence < enough:
        return False
    return heard.intent in ("human", "retaliation") or fitting(talk, heard) is not None


def _says_again(talk: Talk, text: str) -> bool:
    return len(text) >= complaints.SHORT_CHARACTERS and matters.said_before(talk, text) is not None


def _no_answer(heard: Understanding) -> bool:
    return heard.intent in ("thanks", "greeting") and heard.confidence >= SURE


def _completes(talk: Talk, heard: Understanding, draft: dict[str, Any]) -> bool:
    """The rest of a message that was too short, not understood, or taken for a citizen's."""
    text = talk.message.text
    if draft["kind"] == REFERRED:
        completes = text.startswith(A_CADRE)
    elif draft["kind"] == OFFERED:
        completes = heard.intent in ("complaint", "relapse", "supplement") and bool(heard.units or heard.object)
    else:
        worded = any(char.isalpha() for char in text) and not matters.same_words(draft["text"], text)
        completes = worded and heard.intent not in NO_ANSWER
    if completes:
        complaints.complete_draft(talk, draft)
    return completes


def _after_danger(talk: Talk, heard: Understanding, danger: str) -> bool:
    """After 「现在身边有人吗」 the words are meant for a person; a clear complaint is filed without any question."""
    if heard.intent == "complaint" and heard.outcome == "sure" and len(talk.message.text) >= matters.LONG_ENOUGH:
        complaints.file_complaint(talk, talk.message.text, heard, ask=False)
    referrals.stay_near(talk, danger)
    return True


def _on_ticket(talk: Talk, waiting: dict[str, Any]) -> bool:
    ticket = talk.own_ticket(waiting.get("receipt", ""))
    if ticket is None:
        return False
    match waiting["kind"]:
        case "question":
            questions.hear_answer(talk, ticket, waiting)
        case "class":
            questions.hear_words_for_class(talk, ticket)
        case "supplement":
            service.supplement(talk, ticket)
        case "comment" | "partly":
            ratings.hear_comment(talk, ticket, partly=waiting["kind"] == "partly")
        case _:
            return False
    return True
