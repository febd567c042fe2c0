"""The outbox: every word that leaves is a row here, and the row is the queue."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from storage.moment import Moment
from storage.sealed import SealedText


class Outbox(SQLModel, table=True):
    """One message for one recipient: text key and parameters, never rendered words or addresses.

    `recipient` is a pseudonym, `unit:<code>` or `role:<role>`; `sealed` holds encrypted parameters.
    """

    __table_args__ = (Index("ix_outbox_due", "sent_at", "lease_until"),)
    id: int | None = Field(default=None, primary_key=True)
    recipient: str = Field(index=True)
    channel: str
    key: str
    params: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    sealed: str | None = Field(default=None, sa_type=SealedText)
    buttons: list[list[dict[str, str]]] = Field(default_factory=list, sa_type=JSON)
    kind: str = "reply"  # reply, push, urgent
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    reply_to: str | None = Field(default=None, index=True)  # key of the message this row answers
    edit_of: int | None = Field(default=None, foreign_key="outbox.id")
    created_at: datetime = Field(sa_type=Moment)
    not_before: datetime | None = Field(default=None, sa_type=Moment)
    lease_owner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=Moment)
    attempts: int = 0
    error: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    external_id: str | None = None  # the channel's own id, needed for edits
    undeliverable: bool = False
    repeats: int = 0  # sends that may have been repeated: accepted, but not marked before a crash
