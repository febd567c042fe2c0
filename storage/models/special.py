"""The special desk: cases of revenge, probing and pressure, and requests to open an identity."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from storage.moment import Moment


class SpecialCase(SQLModel, table=True):
    """One thing the special desk must look after (domain §4.4.10); a unit never learns that it exists."""

    __tablename__ = "special_case"
    id: int | None = Field(default=None, primary_key=True)
    kind: str  # retaliation, pressure, identity_probe, leak
    person: str | None = Field(default=None, foreign_key="person.pseudonym", index=True)  # None: a unit's doing
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    opened_at: datetime = Field(sa_type=Moment)
    contact_due: datetime = Field(sa_type=Moment)  # T1: the person hears from us within 2 hours
    result_due: datetime = Field(sa_type=Moment)
    contacted_at: datetime | None = Field(default=None, sa_type=Moment)
    taken_by: int | None = Field(default=None, foreign_key="staff.id")
    taken_at: datetime | None = Field(default=None, sa_type=Moment)
    escalated_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_by: int | None = Field(default=None, foreign_key="staff.id")
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    outcome: str | None = None  # what was done, told to the person


class Unsealing(SQLModel, table=True):
    """A request to open an identity: a reason, two approvals, seen once, over after a while (domain §4.4.9)."""

    id: int | None = Field(default=None, primary_key=True)
    person: str = Field(foreign_key="person.pseudonym", index=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    ground: str  # danger, court
    reason: str
    untold_because: str | None = None  # the law that forbids telling the person
    requested_by: int = Field(foreign_key="staff.id")
    requested_at: datetime = Field(sa_type=Moment)
    special_by: int | None = Field(default=None, foreign_key="staff.id")
    special_at: datetime | None = Field(default=None, sa_type=Moment)
    auditor_by: int | None = Field(default=None, foreign_key="staff.id")
    auditor_at: datetime | None = Field(default=None, sa_type=Moment)
    refused_by: int | None = Field(default=None, foreign_key="staff.id")
    refused_at: datetime | None = Field(default=None, sa_type=Moment)
    refusal: str | None = None
    expires_at: datetime = Field(sa_type=Moment)
    opened_at: datetime | None = Field(default=None, sa_type=Moment)
