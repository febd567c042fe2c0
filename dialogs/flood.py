"""More than ten messages a minute: kept, not answered one by one; danger is heard all the same."""

from datetime import timedelta

from dialogs.talk import Talk
from storage import people
from tickets.drafts import SHORT

MINUTE, MOST_A_MINUTE = timedelta(minutes=1), 10


def floods(talk: Talk) -> bool:
    """True from the eleventh message of a minute on."""
    return _recent(talk) > MOST_A_MINUTE


def hold(talk: Talk, words: str) -> None:
    """Keep with the open ticket, else as one draft that becomes one ticket; say so once."""
    ticket = talk.open_ticket()
    if ticket is not None:
        talk.message.ticket_id = ticket.id
    elif words:
        talk.expect_draft(SHORT, words, join=True)
    if _recent(talk) == MOST_A_MINUTE + 1:
        talk.say("other.slow_down")


def _recent(talk: Talk) -> int:
    return people.recent_messages(talk.uow, talk.person.pseudonym, talk.now - MINUTE)
