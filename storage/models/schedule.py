"""Slots of scheduled work: a unique (job, slot) row makes every job run once."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.moment import Moment


class ScheduleSlot(SQLModel, table=True):
    """A job that was done for one slot, e.g. ("rating_reminder", "ticket 7 round 0")."""

    __tablename__ = "schedule_slot"
    job: str = Field(primary_key=True)
    slot: str = Field(primary_key=True)
    done_at: datetime = Field(sa_type=Moment)
