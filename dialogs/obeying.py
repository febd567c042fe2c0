"""What a command word does, alone or in front of a receipt or of words."""

from collections.abc import Callable

from dialogs import complaints, erasing, presses, ratings, referrals, revenge, service
from dialogs.commands import WITH_WORDS, Command
from dialogs.matters import as_complaint
from dialogs.receipts import is_bare
from dialogs.talk import Talk
from storage.models import Ticket


def obey(talk: Talk, command: Command, ticket: Ticket | None) -> None:
    """Do what a command word says."""
    _OBEY[command](talk, ticket)


def obey_with_words(talk: Talk, command: Command, rest: str, named: Ticket | None) -> None:
    """A command word followed by something: words of their own belong to a complaint or a ticket."""
    if command == "rate":
        ratings.rate_by_word(talk, rest)
    elif command == "supplement" and named is not None and is_bare(rest):
        service.ask_supplement(talk, named)
    elif command == "supplement" and (target := named or talk.open_ticket()) is not None:
        service.supplement(talk, target)
    elif command in WITH_WORDS:
        _complain(talk, rest)
    else:
        obey(talk, command, named)


def _complain(talk: Talk, words: str) -> None:
    """「反映 ……」: the person says that it is a complaint, so it is one."""
    heard = talk.house.ears.parse(words, talk.now)
    complaints.hear_complaint(talk, as_complaint(talk.house, heard), words)


def _submit(talk: Talk) -> None:
    if not complaints.submit_draft(talk):
        service.say_none_open(talk)


_OBEY: dict[Command, Callable[[Talk, Ticket | None], object]] = {
    "start": lambda talk, ticket: service.tell_progress(talk, ticket) if ticket else talk.say("welcome"),
    "quiet": lambda talk, _: service.toggle_discreet(talk),
    "help": lambda talk, _: talk.say("help"),
    "new": lambda talk, _: talk.say("help"),
    "mine": lambda talk, _: service.list_mine(talk),
    "progress": service.tell_progress,
    "supplement": service.ask_supplement,
    "urge": service.urge_ticket,
    "rate": lambda talk, _: ratings.rate_by_word(talk, ""),
    "withdraw": service.confirm_withdraw,
    "relapse": service.relapse_now,
    "object": service.object_now,
    "afraid": lambda talk, ticket: revenge.report(talk, ticket or revenge.likely(talk)),
    "human": lambda talk, _: referrals.ask_human(talk),
    "check": lambda talk, _: referrals.ask_staff(talk, "refer.registry", "registry"),
    "delete": lambda talk, _: erasing.erase(talk),
    "submit": lambda talk, _: _submit(talk),
    "skip": lambda talk, _: presses.skip_by_word(talk),
}
