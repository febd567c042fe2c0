"""One turn of conversation: a message comes in, rows go out. Start reading here.

`turn` decides in this order: seen before? button? file? a command word? a receipt? safety? what was
expected? what the ears heard. It never sends and never commits.
"""

from collections.abc import Callable
from datetime import timedelta

from dialogs import complaints, corrections, files, presses, ratings, receipts, referrals, service, townships
from dialogs.commands import Command, command_in_front, read_command
from dialogs.incoming import MOST_CHARACTERS, Incoming
from dialogs.questions import hear_answer, hear_words_for_class
from dialogs.talk import Talk
from nlu.understanding import Understanding
from storage import people
from storage.models import Ticket
from storage.unit_of_work import UnitOfWork
from tickets.house import House
from tickets.masking import Masked, mask

SERVICE = frozenset({
    "query_progress", "supplement", "withdraw", "urge", "rate", "human", "relapse", "objection", "retaliation",
})  # fmt: skip
ABOUT_A_TICKET = SERVICE - {"human", "retaliation"}
SAID_IN_A_WORD = frozenset({"greeting", "thanks", "help", "human", "abuse_spam", "delete", "retaliation"})
UNTOLD = frozenset({"corruption"})  # the intent is kept, the words are not (design §5)
MINUTE, MOST_A_MINUTE = timedelta(minutes=1), 10
SURE = 0.6  # an open question is left for a service request only when the ears are this sure


def turn(uow: UnitOfWork, house: House, incoming: Incoming) -> str:
    """Handle one message and give the pseudonym of its person; a message seen before changes nothing."""
    person = people.find_or_make(uow, incoming.channel, incoming.address, incoming.at)
    if people.seen(uow, incoming.channel, incoming.key):
        return person.pseudonym
    said = mask(incoming.text[:MOST_CHARACTERS])
    message = people.remember(
        uow, person.pseudonym, incoming.channel, incoming.key, said.text, incoming.kind, incoming.at
    )
    talk = Talk(uow, house, person, people.conversation(uow, person.pseudonym), incoming, message)
    if incoming.kind == "button":
        presses.press(talk)
    elif _floods(talk):
        _slow_down(talk)
    elif incoming.upload is not None:
        files.receive_file(talk, incoming.upload)
    elif incoming.edits is not None and corrections.correct(talk, incoming.edits):
        pass
    else:
        _hear(talk, said)
    return person.pseudonym


def _floods(talk: Talk) -> bool:
    return people.recent_messages(talk.uow, talk.person.pseudonym, talk.now - MINUTE) > MOST_A_MINUTE


def _slow_down(talk: Talk) -> None:
    """More than ten messages a minute: keep them with the open ticket, understand none, say so once."""
    ticket = talk.open_ticket()
    talk.message.ticket_id = ticket.id if ticket else None
    if people.recent_messages(talk.uow, talk.person.pseudonym, talk.now - MINUTE) == MOST_A_MINUTE + 1:
        talk.say("other.slow_down")


def _hear(talk: Talk, said: Masked) -> None:
    text = said.text.strip()
    if not text or not any(char.isalnum() for char in text):
        talk.say("other.emoji" if text else "other.empty")
        return
    command = read_command(text)
    if command is not None:
        _obey(talk, command, None)
        return
    if files.is_secret(text):
        talk.message.text = ""
        talk.say("other.secret")
        return
    heard = talk.house.ears.parse(text, talk.now)
    if heard.intent in UNTOLD:
        talk.message.text = ""
    else:
        _keep_original(talk, said)
    if not referrals.keep_safe(talk, heard):
        _answer(talk, text, heard)
    if said.kinds:
        talk.say("other.personal_data")


def _answer(talk: Talk, text: str, heard: Understanding) -> None:
    handled, named = receipts.find_receipt(talk, text)
    if handled:
        return
    in_front = command_in_front(text)
    if in_front is not None:
        _obey(talk, in_front[0], named)
    elif not _as_expected(talk, heard):
        _by_intent(talk, heard, named)


def _as_expected(talk: Talk, heard: Understanding) -> bool:
    """Let what the bot asked for decide, unless the person clearly wants something else."""
    waiting = talk.expecting()
    if waiting is None or (heard.intent in SERVICE and heard.confidence >= SURE):
        return False
    if waiting["kind"] == "township":
        return townships.hear_township(talk)
    kind, ticket = waiting["kind"], talk.own_ticket(waiting.get("receipt", ""))
    if kind == "claim":
        return receipts.hear_claim(talk, waiting["receipt"])
    if kind in ("short", complaints.OFFERED):
        complaints.complete_draft(talk, waiting)
        return True
    if ticket is None:
        return False
    match kind:
        case "question":
            hear_answer(talk, ticket, waiting)
        case "class":
            hear_words_for_class(talk, ticket)
        case "supplement":
            service.supplement(talk, ticket)
        case "comment" | "partly":
            ratings.hear_comment(talk, ticket, partly=kind == "partly")
        case _:
            return False
    return True


def _by_intent(talk: Talk, heard: Understanding, named: Ticket | None) -> None:
    intent = heard.intent
    if intent == "complaint":
        complaints.hear_complaint(talk, heard)
    elif _says_too_little(talk, heard):
        complaints.ask_short(talk)
    elif intent == "supplement" or (intent == "other" and heard.referral is None):
        _unclear(talk, heard, named)
    elif intent == "rate":
        ratings.rate_by_word(talk, ratings.read_verdict(talk.message.text))
    elif intent == "retaliation":
        referrals.report_probing(talk)
    elif intent in SERVICE:
        _obey(talk, _COMMAND_OF[intent], named)
    elif not referrals.refer(talk, heard):
        referrals.not_understood(talk)


_COMMAND_OF: dict[str, Command] = {
    "query_progress": "progress", "withdraw": "withdraw", "urge": "urge", "human": "human", "relapse": "relapse",
    "objection": "object",
}  # fmt: skip


def _says_too_little(talk: Talk, heard: Understanding) -> bool:
    """A word or two that fit many intents, or a request about a ticket from somebody who has none."""
    if talk.tickets() or heard.intent in SAID_IN_A_WORD:
        return False
    few = len(talk.message.text.strip()) < complaints.SHORT_CHARACTERS
    return few or (heard.intent in ABOUT_A_TICKET and heard.confidence < SURE)


def _unclear(talk: Talk, heard: Understanding, named: Ticket | None) -> None:
    """Neither a clear complaint nor a clear request: a burst, the named ticket, an open one, or a question."""
    burst = complaints.burst_ticket(talk, heard)
    ticket = named or talk.open_ticket()
    if burst is not None:
        complaints.join_burst(talk, burst)
    elif named is not None or (ticket is not None and ticket.state == "needs_info"):
        service.supplement(talk, named or talk.tickets()[0])
    elif ticket is not None:
        complaints.ask_same_or_new(talk, ticket)
    else:
        referrals.not_understood(talk)


def _obey(talk: Talk, command: Command, ticket: Ticket | None) -> None:
    """A command word, alone or in front of a receipt or of words."""
    _OBEY[command](talk, ticket)


def _submit(talk: Talk) -> None:
    if not complaints.submit_draft(talk):
        talk.say("other.no_ticket")


def _supplement(talk: Talk, ticket: Ticket | None) -> None:
    in_front = command_in_front(talk.message.text)
    target = ticket or talk.open_ticket()
    if in_front is not None and target is not None:
        service.supplement(talk, target)
    else:
        service.ask_supplement(talk, target)


def _keep_original(talk: Talk, said: Masked) -> None:
    """Words with personal data are stored masked; the original is sealed in the vault."""
    if said.kinds:
        original = talk.incoming.text.encode()
        talk.uow.vault.put(talk.uow.session, talk.person.pseudonym, "words", original, talk.now)


_OBEY: dict[Command, Callable[[Talk, Ticket | None], object]] = {
    "start": lambda talk, ticket: service.tell_progress(talk, ticket) if ticket else talk.say("welcome"),
    "quiet": lambda talk, _: service.toggle_discreet(talk),
    "help": lambda talk, _: talk.say("help"),
    "new": lambda talk, _: talk.say("help"),
    "mine": lambda talk, _: service.list_mine(talk),
    "progress": service.tell_progress,
    "supplement": _supplement,
    "urge": service.urge_ticket,
    "rate": lambda talk, _: ratings.rate_by_word(talk, None),
    "withdraw": service.confirm_withdraw,
    "relapse": service.relapse_now,
    "object": service.object_now,
    "human": lambda talk, _: referrals.ask_human(talk),
    "check": lambda talk, _: referrals.ask_staff(talk, "refer.registry", "registry"),
    "delete": lambda talk, _: service.delete(talk),
    "submit": lambda talk, _: _submit(talk),
    "skip": lambda talk, _: presses.skip_by_word(talk, talk.conversation.expecting or {}),
}
