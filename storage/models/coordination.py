"""Rows through which several processes agree: leases held by one of them, and shared rate buckets."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.moment import Moment


class Lease(SQLModel, table=True):
    """Something only one process does at a time, e.g. polling; free again when `until` has passed."""

    name: str = Field(primary_key=True)
    owner: str
    until: datetime = Field(sa_type=Moment)


class Rate(SQLModel, table=True):
    """A rate bucket: `next_at` is when the next token would be free if all were evenly spaced (GCRA)."""

    bucket: str = Field(primary_key=True)
    next_at: datetime = Field(sa_type=Moment)
