"""Signing in: passwords, second factors, invitations, sessions, and the memory of failed tries."""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from storage.moment import Moment


class Credential(SQLModel, table=True):
    """How a member of staff proves who they are; the secret of the second factor lies in the vault."""

    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    password_hash: str | None = None  # argon2id; None: an observer who only ever entered by invitation
    set_at: datetime = Field(sa_type=Moment)
    totp_entry: int | None = Field(default=None, foreign_key="vault_entry.id")
    totp_step: int = 0  # the last 30-second step that was used; it and older ones are refused


class RecoveryCode(SQLModel, table=True):
    """A code for the day the telephone is lost; only its keyed hash is kept, it works once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("staff_id", "code_hash"),)
    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    code_hash: str
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class Invitation(SQLModel, table=True):
    """A one-time invitation to set password and second factor; nothing counts before the last step."""

    token_hash: str = Field(primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    role: str
    made_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)
    # set on the way, moved to the account at the end
    password_hash: str | None = None
    short: bool = False  # the password alone would be too short, so the second factor cannot be left out
    totp_entry: int | None = Field(default=None, foreign_key="vault_entry.id")


class LoginSession(SQLModel, table=True):
    """One signed-in browser; the cookie carries a token of which only the hash is kept."""

    __tablename__ = "login_session"
    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    area: str  # desk, unit, observer
    role: str
    how: str  # password, invitation, link
    device: str  # browser and system in two words; no address is kept
    created_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class LoginGuard(SQLModel, table=True):
    """Failed tries of one account, device or address, under a keyed hash: unknown accounts have rows like others."""

    __tablename__ = "login_guard"
    bucket: str = Field(primary_key=True)
    failures: int = 0
    last_at: datetime = Field(sa_type=Moment, index=True)
    until: datetime = Field(sa_type=Moment)  # no try is looked at before


class AnswerLink(SQLModel, table=True):
    """A link with which one dispatch can be answered without an account, until it moves on."""

    __tablename__ = "answer_link"
    token_hash: str = Field(primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    made_by: int = Field(foreign_key="staff.id")
    made_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    after_event: int  # the newest event when it was made; a later change of state ends the link
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
