"""The talk with a person: pseudonym, conversation state, masked messages, files, requests for a human."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel, UniqueConstraint

from storage.moment import Moment


class Person(SQLModel, table=True):
    """A complainant as everything outside the vault knows them: a pseudonym and nothing else."""

    pseudonym: str = Field(primary_key=True)
    channel: str  # the channel they wrote from last; their address there is in the vault
    township_code: str | None = None  # told voluntarily once, read only by aggregate queries
    township_asked: bool = False
    erased_at: datetime | None = Field(default=None, sa_type=Moment)  # the vault no longer knows who this was
    erased_why: str | None = None  # asked: their words go too when a ticket ends; expired: they stay their year
    discreet: bool = False  # pushes only say that there is news: lock screens are read by others
    created_at: datetime = Field(sa_type=Moment)


class Conversation(SQLModel, table=True):
    """What the bot expects next from one person; survives a restart."""

    person: str = Field(primary_key=True, foreign_key="person.pseudonym")
    expecting: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    misunderstood: int = 0
    updated_at: datetime = Field(sa_type=Moment)


class Message(SQLModel, table=True):
    """A masked message from or for a person (level L3); `ticket_id` binds it to one ticket.

    With a `case_id` it was said to the special desk, and only the special desk reads it.
    """

    id: int | None = Field(default=None, primary_key=True)
    person: str = Field(index=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    case_id: int | None = Field(default=None, index=True)
    key: str  # the channel's message id or the client's idempotency key
    text: str
    kind: str = "text"  # text, button, file, voice
    at: datetime = Field(sa_type=Moment)


class SeenMessage(SQLModel, table=True):
    """A message id that has been handled: the same delivery again changes nothing."""

    __tablename__ = "seen_message"
    __table_args__ = (UniqueConstraint("channel", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    channel: str
    key: str
    person: str
    at: datetime = Field(sa_type=Moment)


class Attachment(SQLModel, table=True):
    """A file or voice note of a ticket; the original lies in the vault, beside it a copy without metadata.

    Without a copy (voice, old formats) staff see the original only; `purged_at`: both are gone for good.
    """

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    vault_entry_id: int
    cleaned_entry_id: int | None = None  # the copy without EXIF, author, revisions
    media_type: str | None = None  # found in the content, not believed from the sender
    purged_at: datetime | None = Field(default=None, sa_type=Moment)
    kind: str  # voice, image, video, document
    size: int
    at: datetime = Field(sa_type=Moment)


class HumanRequest(SQLModel, table=True):
    """Somebody asked for a person; open until a member of staff takes it."""

    __tablename__ = "human_request"
    id: int | None = Field(default=None, primary_key=True)
    person: str = Field(index=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id")
    reason: str  # asked, distress, emergency, misunderstood, consult, registry
    at: datetime = Field(sa_type=Moment)
    taken_by: int | None = Field(default=None, foreign_key="staff.id")
    taken_at: datetime | None = Field(default=None, sa_type=Moment)
