"""Unit of work: everything one request changes, committed once by whoever received the request."""

from sqlmodel import Session

from storage.models import Outbox
from storage.vault import Vault


class UnitOfWork:
    """A session, the vault and the outbox rows written so far; `commit` is called once, at the border."""

    def __init__(self, session: Session, vault: Vault, owner: str, lease_seconds: float) -> None:
        self.session = session
        self.vault = vault
        self.owner = owner
        self.lease_seconds = lease_seconds
        self.outgoing: list[Outbox] = []

    def commit(self) -> None:
        """Make everything permanent at once: ticket, event, conversation, seen id and outbox."""
        self.session.commit()

    def outgoing_ids(self) -> list[int]:
        """Ids of the outbox rows this unit of work wrote, in order (after commit)."""
        return [row.id for row in self.outgoing if row.id is not None]
