"""The ticket and its append-only history."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from storage.moment import Moment


class Ticket(SQLModel, table=True):
    """One complaint on its way through 受理-交办-反馈-评价; words are masked (L3), never shown to a unit."""

    id: int | None = Field(default=None, primary_key=True)
    receipt: str = Field(unique=True)
    person: str = Field(foreign_key="person.pseudonym", index=True)
    channel: str
    state: str = Field(index=True)
    version: int = 1  # raised by every change; a stale action is refused
    created_at: datetime = Field(sa_type=Moment, index=True)

    # the receipt's claim code: kept as a keyed hash, locked after five wrong tries
    claim_hash: str
    claim_failures: int = 0
    claim_locked_until: datetime | None = Field(default=None, sa_type=Moment)

    # what was understood
    words: str
    label: str | None = Field(default=None, index=True)
    label2: str | None = None
    subcode: str | None = None
    outcome: str = "unsure"  # sure, close, unsure, or staff once a person has decided
    slots: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    flags: list[str] = Field(default_factory=list, sa_type=JSON)

    # handling
    special: str | None = Field(default=None, index=True)  # only for the special desk: department, hotline, leak, …
    t_class: str = "T2"
    unit_code: str | None = Field(default=None, foreign_key="unit.code", index=True)
    paraphrase: str | None = None
    approved_by: int | None = Field(default=None, foreign_key="staff.id")
    reach: str | None = None  # 全市, 县区, 同类乡镇, 仅一家, 不清楚
    guard: str | None = None  # how a guessable complainant is protected (tickets/guarding.py)
    guard_until: datetime | None = Field(default=None, sa_type=Moment)  # waiting for others or for the person ends
    intake_by: int | None = Field(default=None, foreign_key="staff.id")  # operator who filed it for a caller
    declined_by: int | None = Field(default=None, foreign_key="staff.id")
    objected: bool = False
    asked_more: bool = False
    rounds: int = 0  # how often it was done again
    urged_on: str | None = None  # ISO date: urging counts once a day
    first_handler: str | None = Field(default=None, foreign_key="unit.code")
    master_id: int | None = Field(default=None, foreign_key="ticket.id")
    outcome_line: str | None = None  # one sentence: what changed

    # clocks
    review_due: datetime = Field(sa_type=Moment)
    more_due: datetime | None = Field(default=None, sa_type=Moment)
    release_at: datetime | None = Field(default=None, sa_type=Moment, index=True)
    sign_due: datetime | None = Field(default=None, sa_type=Moment)
    result_due: datetime | None = Field(default=None, sa_type=Moment, index=True)
    rework_due: datetime | None = Field(default=None, sa_type=Moment)
    rating_asked_at: datetime | None = Field(default=None, sa_type=Moment)
    rating_reminded: bool = False
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    words_erased_at: datetime | None = Field(default=None, sa_type=Moment)  # original words are gone (L3)
    provisional: bool = False  # a due date lies beyond the published calendar


class Event(SQLModel, table=True):
    """One line of a ticket's history; rows are only ever added."""

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    at: datetime = Field(sa_type=Moment)
    action: str
    role: str
    actor: str  # staff id, pseudonym or "tick"
    source: str | None = None
    target: str | None = None
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
