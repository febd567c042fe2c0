"""「删除我的信息」: identity goes at once, words when a ticket has ended; one honest answer about what remains.

Source: design §4, §9; domain §4.4.11.
"""

from datetime import timedelta

from dialogs.talk import Talk
from storage import outbox
from storage.models import Outbox
from storage.tickets import of_person
from tickets.erasing import ASKED, ENDED, erase_identity
from tickets.notices import buttons, payload

ERASABLE = timedelta(hours=48)  # what a chat service lets a bot take back


def ask_erase(talk: Talk) -> None:
    """Said in a sentence, not by the command: ask once, because it cannot be taken back."""
    talk.say("delete.confirm", below=buttons([("button.erase", payload("erase", ""))]))


def erase(talk: Talk) -> None:
    """Erase now; our own messages go where the channel allows, the last answer finds its way by a sealed address."""
    address = talk.uow.vault.address(talk.uow.session, talk.person.pseudonym, f"chat:{talk.person.channel}")
    rows = _take_back(talk, address or "")
    running = sum(ticket.state not in ENDED for ticket in of_person(talk.uow, talk.person.pseudonym))
    rows.append(_answer(talk, address or "", running))
    talk.uow.session.flush()
    talk.message.text = ""
    keep = frozenset(row.id or 0 for row in rows)
    gone = [row for row in talk.uow.outgoing if row not in rows and row.recipient == talk.person.pseudonym]
    for row in gone:
        talk.uow.outgoing.remove(row)
    erase_identity(talk.uow, talk.person, talk.actor, ASKED, talk.now, keep)
    talk.conversation.expecting = None


def _take_back(talk: Talk, address: str) -> list[Outbox]:
    if talk.person.channel in outbox.MAILBOXES:
        return []
    return [
        outbox.put(
            talk.uow, talk.person.pseudonym, row.channel, outbox.ERASE, talk.now,
            params={"external_id": row.external_id, outbox.LAST: True}, secrets={outbox.ADDRESS: address},
        )
        for row in outbox.erasable(talk.uow, talk.person.pseudonym, talk.now - ERASABLE)
    ]  # fmt: skip


def _answer(talk: Talk, address: str, running: int) -> Outbox:
    mailbox = talk.person.channel in outbox.MAILBOXES
    return outbox.put(
        talk.uow, talk.person.pseudonym, talk.person.channel, "delete.running" if running else "delete.done", talk.now,
        params={"count": running, outbox.LAST: True}, secrets=None if mailbox else {outbox.ADDRESS: address},
        reply_to=talk.incoming.key,
    )  # fmt: skip
