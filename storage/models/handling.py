"""What units and complainants do with a ticket: assignments, answers, ratings."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from storage.moment import Moment


class Assignment(SQLModel, table=True):
    """A ticket handed to one unit under its own random dispatch number."""

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    unit_code: str = Field(foreign_key="unit.code", index=True)
    dispatch_number: str = Field(unique=True)
    main: bool = True
    active: bool = True
    assigned_at: datetime = Field(sa_type=Moment)
    signed_at: datetime | None = Field(default=None, sa_type=Moment)


class Answer(SQLModel, table=True):
    """A unit's answer in four short fields, drafted by the contact and released by the approver."""

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    unit_code: str = Field(foreign_key="unit.code")
    round: int = 0
    true_as_told: str  # 是否属实
    measure: str  # 怎么改
    done_by: str  # 何时改完
    basis: str  # 依据
    drafted_by: int | None = Field(default=None, foreign_key="staff.id")
    released_by: int | None = Field(default=None, foreign_key="staff.id")
    released_at: datetime | None = Field(default=None, sa_type=Moment)
    checked_by: int | None = Field(default=None, foreign_key="staff.id")
    checked_at: datetime | None = Field(default=None, sa_type=Moment)
    passed: bool | None = None
    missing: list[str] = Field(default_factory=list, sa_type=JSON)


class Rating(SQLModel, table=True):
    """What the complainant said of the result; an absent row is 未评价, never satisfied."""

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    round: int = 0
    solved: str  # solved, partly, unsolved
    satisfaction: str | None = None  # satisfied, fair, dissatisfied
    comment: str | None = None
    by_operator: int | None = Field(default=None, foreign_key="staff.id")
    at: datetime = Field(sa_type=Moment)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
