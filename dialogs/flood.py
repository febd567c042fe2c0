"""Too many at once: kept, not answered one by one, said once; danger is heard all the same.

Generous to real use: ten messages a minute, sixty an hour, twenty complaints in 24 hours.
"""

from datetime import timedelta

from dialogs.talk import Talk
from storage import people
from storage.models import Ticket
from tickets.drafts import SHORT
from tickets.supplement import add_words

MINUTE, MOST_A_MINUTE = timedelta(minutes=1), 10
HOUR, MOST_AN_HOUR = timedelta(hours=1), 60
DAY, MOST_TICKETS_A_DAY = timedelta(hours=24), 20


def floods(talk: Talk) -> bool:
    """True from the eleventh message of a minute, or the 61st of an hour, on."""
    return _recent(talk, HOUR) > MOST_AN_HOUR or _recent(talk, MINUTE) > MOST_A_MINUTE


def hold(talk: Talk, words: str) -> None:
    """Keep with the open ticket, else as one draft that becomes one ticket; say so once."""
    ticket = talk.open_ticket()
    if ticket is not None:
        talk.message.ticket_id = ticket.id
    elif words:
        talk.expect_draft(SHORT, words, join=True)
    if _recent(talk, MINUTE) == MOST_A_MINUTE + 1:
        talk.say("other.slow_down")
    elif _recent(talk, HOUR) == MOST_AN_HOUR + 1:
        talk.say("other.slow_hour", count=MOST_AN_HOUR)


def had_enough(talk: Talk) -> bool:
    """After twenty complaints in 24 hours the next is kept with the newest open ticket; True when it was."""
    today = [ticket for ticket in talk.tickets() if talk.now - ticket.created_at < DAY]
    newest = talk.open_ticket()
    if len(today) < MOST_TICKETS_A_DAY or newest is None:
        return False
    _keep_with(talk, newest)
    talk.say("other.many_today", ticket=newest, count=len(today), receipt=newest.receipt)
    return True


def _keep_with(talk: Talk, ticket: Ticket) -> None:
    add_words(talk.uow, talk.house, ticket, talk.actor, talk.message, talk.now, over_limit=True)
    talk.forget()


def _recent(talk: Talk, span: timedelta) -> int:
    return people.recent_messages(talk.uow, talk.person.pseudonym, talk.now - span)
