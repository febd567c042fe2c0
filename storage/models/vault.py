"""The vault's only table: sealed identity data, found by keyed hash."""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from storage.moment import Moment
from storage.sealed import SealedBytes


class VaultEntry(SQLModel, table=True):
    """One sealed value: a chat address, a phone number, original words or an original file."""

    __tablename__ = "vault_entry"
    __table_args__ = (UniqueConstraint("kind", "lookup"),)
    id: int | None = Field(default=None, primary_key=True)
    person: str = Field(index=True)
    kind: str
    lookup: str | None = None  # keyed hash of the value, only for what must be found again
    sealed: bytes = Field(sa_type=SealedBytes)
    created_at: datetime = Field(sa_type=Moment)
