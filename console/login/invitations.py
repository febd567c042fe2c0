"""Invitations: the only way to a password. Nothing of the old account changes before the last step is done."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from console.errors import DeadInvitationError, LoginTakenError, NewAccountError, WrongCodeError
from console.login.accounts import folded_login
from console.login.recovery import drop_codes, make_codes
from console.login.second_factor import matching_step, new_secret
from console.sessions import end as end_session
from console.sessions import of_staff
from console.staff import UNIT_AREA, area_of, find_member
from storage.models import Credential, Invitation, Staff, StaffRole, Unit, VaultEntry
from storage.tokens import hash_token
from storage.unit_of_work import UnitOfWork
from tickets.errors import NotAllowedError
from tickets.workflow import Role

LASTS = timedelta(hours=72)  # handed over in person or by the internal post, over a week-end at most


@dataclass(frozen=True)
class Invited:
    """Where the invited person goes, and the account name they will sign in with."""

    path: str
    login: str


def invite(
    uow: UnitOfWork, role: Role, login: str, now: datetime, name: str = "", unit_code: str | None = None
) -> Invited:
    """Invite somebody, with a new account where there is none; an existing account keeps its roles and unit."""
    area, login = area_of(role), folded_login(login) or f"gcy-{secrets.token_hex(3)}"
    if area is None:
        raise NotAllowedError(role=role.value)
    staff = uow.session.exec(select(Staff).where(Staff.login == login)).first()
    if staff is None:
        staff = _new_account(uow, role, login, name, unit_code)
    member = find_member(uow, staff.id or 0)
    if member is None or role not in member.roles or unit_code not in (None, member.unit_code):
        raise LoginTakenError(login=login)
    return Invited(f"/{area}/join?token={invite_member(uow, member.id, role, now)}", login)


def invite_member(uow: UnitOfWork, staff_id: int, role: Role, now: datetime) -> str:
    """A fresh invitation's token; earlier ones of the person end."""
    _end_others(uow, staff_id, now)
    token = secrets.token_urlsafe(32)
    uow.session.add(
        Invitation(
            token_hash=hash_token(token), staff_id=staff_id, role=role.value, made_at=now, expires_at=now + LASTS
        )
    )
    uow.session.flush()
    return token


def find_invitation(uow: UnitOfWork, token: str, area: str, now: datetime) -> Invitation:
    """The open invitation, locked; DeadInvitationError when unknown, used, too old, elsewhere, or its holder gone."""
    row = uow.session.get(Invitation, hash_token(token), with_for_update=True)
    if row is None or row.used_at is not None or now >= row.expires_at or area_of(Role(row.role)) != area:
        raise DeadInvitationError
    member = find_member(uow, row.staff_id)
    if member is None or Role(row.role) not in member.roles:
        raise DeadInvitationError
    return row


def words_about(uow: UnitOfWork, staff_id: int) -> Iterable[str]:
    """Words this person's password may not consist of."""
    staff = uow.session.get_one(Staff, staff_id)
    unit = uow.session.get(Unit, staff.unit_code) if staff.unit_code else None
    return (staff.login, staff.display, *((unit.name, unit.short) if unit else ()))


def pending_secret(uow: UnitOfWork, row: Invitation, now: datetime) -> str:
    """The secret to enrol, sealed in the vault; the same one when the page is opened again."""
    if row.totp_entry is None:
        entry = uow.vault.put(uow.session, f"staff:{row.staff_id}", "totp", new_secret().encode(), now)
        row.totp_entry = entry.id
    return uow.vault.open(uow.session.get_one(VaultEntry, row.totp_entry).sealed).decode()


def finish(uow: UnitOfWork, row: Invitation, code: str | None, now: datetime) -> list[str]:
    """Everything counts from here; gives the recovery codes. `code` None: without a second factor.

    Whoever was signed in with the old password is out, other invitations of the person are dead.
    """
    step = matching_step(pending_secret(uow, row, now), code, now, 0) if code is not None else None
    if code is not None and step is None:
        raise WrongCodeError
    credential = uow.session.get(Credential, row.staff_id, with_for_update=True)
    if credential is None:
        credential = Credential(staff_id=row.staff_id, set_at=now)
        uow.session.add(credential)
    old, pending, row.totp_entry = credential.totp_entry, row.totp_entry, None
    credential.password_hash, credential.set_at, row.password_hash = row.password_hash, now, None
    credential.totp_entry, credential.totp_step = (pending, step) if step is not None else (None, 0)
    uow.session.flush()
    _forget(uow, old, None if step is not None else pending)
    _end_others(uow, row.staff_id, now)
    for each in of_staff(uow, row.staff_id):
        end_session(each, now)
    drop_codes(uow, row.staff_id)
    return make_codes(uow, row.staff_id) if step is not None else []


def _new_account(uow: UnitOfWork, role: Role, login: str, name: str, unit_code: str | None) -> Staff:
    """An observer needs nothing but a nickname, which they may choose themselves (domain §4.1)."""
    needs_unit = area_of(role) == UNIT_AREA
    if (not name and role is not Role.OBSERVER) or needs_unit != (unit_code is not None):
        raise NewAccountError(login=login)
    if unit_code is not None and uow.session.get(Unit, unit_code) is None:
        raise NewAccountError(login=login)
    staff = Staff(login=login, display=name, unit_code=unit_code)
    uow.session.add(staff)
    uow.session.flush()
    uow.session.add(StaffRole(staff_id=staff.id or 0, role=role.value))
    uow.session.flush()
    return staff


def _end_others(uow: UnitOfWork, staff_id: int, now: datetime) -> None:
    """Open invitations of a person end, with the secrets that were shown in them."""
    still = Invitation.staff_id == staff_id, col(Invitation.used_at).is_(None)
    for row in uow.session.exec(select(Invitation).where(*still).with_for_update()):
        entry, row.totp_entry, row.password_hash, row.used_at = row.totp_entry, None, None, now
        uow.session.flush()
        _forget(uow, entry)


def _forget(uow: UnitOfWork, *entries: int | None) -> None:
    for each in entries:
        if each is not None:
            uow.session.delete(uow.session.get_one(VaultEntry, each))
    uow.session.flush()
