"""The table of one turn: who talks, what was said, what the bot expects, and how it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dialogs.incoming import Incoming
from storage import outbox
from storage.models import Conversation, Message, Outbox, Person, Ticket
from storage.tickets import by_receipt, of_person
from storage.unit_of_work import UnitOfWork
from tickets.house import House
from tickets.moving import Actor, complainant
from tickets.progress import OPEN_STATES

PATIENCE = timedelta(minutes=10)  # how long a question stays open


@dataclass
class Talk:
    """One turn's context; every method writes rows, nothing is sent or committed here."""

    uow: UnitOfWork
    house: House
    person: Person
    conversation: Conversation
    incoming: Incoming
    message: Message

    @property
    def now(self) -> datetime:
        """The moment of this turn."""
        return self.incoming.at

    @property
    def actor(self) -> Actor:
        """The complainant as the one who acts."""
        return complainant(self.person.pseudonym)

    def say(
        self,
        key: str,
        *,
        below: outbox.Buttons | None = None,
        ticket: Ticket | None = None,
        then: Mapping[str, Any] | None = None,
        **params: Any,
    ) -> Outbox:
        """Answer in the person's channel; `then` is a second paragraph riding below."""
        more = {"then": then} if then else {}
        return outbox.put(
            self.uow, self.person.pseudonym, self.person.channel, key, self.now, params={**params, **more},
            buttons=below, ticket_id=ticket.id if ticket else None, reply_to=self.incoming.key,
        )  # fmt: skip

    def expect(self, kind: str, **data: Any) -> None:
        """Remember what the next message is likely to be about."""
        self.conversation.expecting = {"kind": kind, **data}
        self.conversation.updated_at = self.now

    def forget(self) -> None:
        """Expect nothing any more."""
        self.conversation.expecting = None
        self.conversation.updated_at = self.now

    def expecting(self) -> dict[str, Any] | None:
        """What is expected, unless it was so long ago that it no longer holds."""
        waiting = self.conversation.expecting
        fresh = self.now - self.conversation.updated_at <= PATIENCE
        return waiting if waiting and fresh else None

    def own_ticket(self, receipt: str) -> Ticket | None:
        """The ticket of a receipt if it belongs to this person."""
        ticket = by_receipt(self.uow, receipt)
        return ticket if ticket is not None and ticket.person == self.person.pseudonym else None

    def tickets(self) -> list[Ticket]:
        """All tickets of this person, newest first."""
        return of_person(self.uow, self.person.pseudonym)

    def open_ticket(self) -> Ticket | None:
        """The newest ticket that is still on its way."""
        found = of_person(self.uow, self.person.pseudonym, OPEN_STATES)
        return found[0] if found else None
