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
from tickets import drafts
from tickets.house import House
from tickets.moving import Actor, complainant
from tickets.progress import OPEN_STATES
from tickets.workflow import State

PATIENCE = timedelta(minutes=10)  # how long a question stays open
LONG_PATIENCE = timedelta(minutes=30)  # to find a claim code, or to stay with somebody in danger
LASTING = frozenset({"claim", "distress", "emergency", "case"})


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
        """Remember what the next message is likely to be about; drafts that wait are set aside, never lost."""
        aside = [draft for draft in drafts.kept(self.conversation.expecting) if not _replaced(draft, kind)]
        self._keep({"kind": kind, "at": self.now.isoformat(), **data}, aside)

    def expect_draft(self, kind: str, text: str, join: bool = False, **data: Any) -> None:
        """This turn's message is on no ticket yet: keep its words (with the last such ones) until it finds one."""
        older = self.draft(kind) if join else None
        if older is not None:
            self.settle(older)
            text = f"{older['text']}\n{text}"
        self.expect(kind, text=text, messages=[*(older["messages"] if older else []), self.message.id], **data)

    def forget(self) -> None:
        """Expect nothing any more; drafts go on waiting."""
        self._keep({}, drafts.kept(self.conversation.expecting))

    def draft(self, *kinds: str) -> drafts.Draft | None:
        """The newest message of some kinds that is on no ticket yet."""
        return drafts.newest(self.conversation.expecting, *kinds)

    def settle(self, draft: drafts.Draft) -> None:
        """A draft has found its ticket."""
        drafts.settle(self.conversation, draft)

    def expecting(self) -> dict[str, Any] | None:
        """What is expected, unless it was so long ago that it no longer holds."""
        waiting = self.conversation.expecting
        if not waiting or not waiting.get("kind"):
            return None
        patience = LONG_PATIENCE if waiting["kind"] in LASTING else PATIENCE
        return waiting if self.now - datetime.fromisoformat(waiting["at"]) <= patience else None

    def expects(self, kind: str, receipt: str) -> dict[str, Any] | None:
        """What is expected about one ticket, however long ago: for buttons, which stay on the screen."""
        waiting = self.conversation.expecting or {}
        return waiting if waiting.get("kind") == kind and waiting.get("receipt") == receipt else None

    def _keep(self, head: dict[str, Any], aside: list[drafts.Draft]) -> None:
        together = {**head, **({"parked": aside} if aside else {})}
        self.conversation.expecting = together or None
        self.conversation.updated_at = self.now

    def own_ticket(self, receipt: str) -> Ticket | None:
        """The ticket of a receipt if it belongs to this person."""
        ticket = by_receipt(self.uow, receipt)
        return ticket if ticket is not None and ticket.person == self.person.pseudonym else None

    def tickets(self) -> list[Ticket]:
        """All tickets of this person, newest first."""
        return of_person(self.uow, self.person.pseudonym)

    def open_ticket(self) -> Ticket | None:
        """The newest ticket that is still on its way."""
        return next(iter(of_person(self.uow, self.person.pseudonym, OPEN_STATES)), None)

    def open_in(self, *states: State) -> list[Ticket]:
        """Tickets of this person in some states, newest first."""
        return of_person(self.uow, self.person.pseudonym, [state.value for state in states])


def _replaced(draft: drafts.Draft, kind: str) -> bool:
    """One message that was not understood is offered at a time; drafts of other kinds all keep their place."""
    return draft["kind"] == kind and kind in (drafts.OFFERED, drafts.REFERRED)
