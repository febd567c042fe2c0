"""People who work with tickets: staff, their roles, sign-in links and duty hours."""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from storage.moment import Moment


class Staff(SQLModel, table=True):
    """A person who signs in; unit contacts and approvers belong to exactly one unit."""

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    display: str
    unit_code: str | None = Field(default=None, foreign_key="unit.code")
    active: bool = True


class StaffRole(SQLModel, table=True):
    """One role of one member of staff; a person may hold several."""

    __tablename__ = "staff_role"
    __table_args__ = (UniqueConstraint("staff_id", "role"),)
    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    role: str


class LoginLink(SQLModel, table=True):
    """A one-time sign-in link; only the hash of its token is kept."""

    __tablename__ = "login_link"
    token_hash: str = Field(primary_key=True)
    staff_id: int = Field(foreign_key="staff.id")
    role: str
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class Duty(SQLModel, table=True):
    """Hours of duty on one kind of day (mon … sun, makeup, holiday), in minutes of the local day."""

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    day: str
    from_minute: int
    to_minute: int
    on_call: bool = False  # reached outside desk hours, for urgent tickets only
