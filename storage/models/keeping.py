"""What is kept about keeping: the audit log, the seals over it, tombstones of what was erased for good."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from storage.moment import Moment


class Audit(SQLModel, table=True):
    """One read of original words (L3) or identity (L4), or one change; who and what, never the words themselves.

    Rows are only ever added; `sealed_in` is the one column that is filled in later, by the sealing job.
    """

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Moment, index=True)
    action: str
    role: str
    actor: str  # staff id, pseudonym, "tick" or "cli"
    subject: str | None = Field(default=None, index=True)  # ticket:7, person:p12ab, attachment:3
    level: str | None = None  # L3 or L4 for reads of words or identity
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    sealed_in: int | None = Field(default=None, index=True)


class AuditSeal(SQLModel, table=True):
    """A batch of audit rows with the digest of each, chained to the batch before by a keyed hash."""

    __tablename__ = "audit_seal"
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})  # 1, 2, 3 …: two jobs cannot both win
    made_at: datetime = Field(sa_type=Moment)
    rows: list[list[Any]] = Field(default_factory=list, sa_type=JSON)  # [row id, digest]
    chain: str


class Tombstone(SQLModel, table=True):
    """Something was erased for good: what, when, by whom and why; never what it said."""

    __table_args__ = (Index("ix_tombstone_open", "scrubbed_at"),)
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Moment)
    what: str  # identity, words, attachment, message
    subject: str = Field(index=True)
    role: str
    actor: str
    why: str  # asked, expired, secrecy
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    scrubbed_at: datetime | None = Field(default=None, sa_type=Moment)  # when its bytes left the database files
