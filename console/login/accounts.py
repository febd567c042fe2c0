"""Who is this: account, password and second factor are looked at together, and only a whole yes is told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import select

from console.desk import Desk
from console.login.backoff import Bucket, account_bucket, address_bucket, device_bucket, forgive, take_try
from console.login.passwords import fold, hash_password, outdated, verify_password
from console.login.recovery import find_code, use_code
from console.login.second_factor import matching_step
from console.staff import Member, find_member
from storage.models import Credential, RecoveryCode, Staff, VaultEntry
from storage.unit_of_work import UnitOfWork

NOBODYS_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # computed with where there is none, so that it takes as long


@dataclass(frozen=True)
class Tried:
    """What somebody typed, and from where; `known` is (staff id, device) of a browser that was in before."""

    login: str
    password: str
    code: str
    address: str
    known: tuple[int, str] | None = None


@dataclass(frozen=True)
class Verdict:
    """The member, or how long to wait before anything is looked at, or neither: something was wrong."""

    member: Member | None = None
    wait: timedelta | None = None
    needs_invitation: bool = False  # the password is right, but here it is not enough


@dataclass(frozen=True)
class _Account:
    staff_id: int | None
    kept: str | None
    cleared: Sequence[Bucket]
    taken_back: Sequence[Bucket]
    wait: timedelta | None


def authenticate(desk: Desk, area: str, tried: Tried) -> Verdict:
    """Count the try, look at the password (outside any transaction: it takes a while), decide."""
    account = desk.database.run(lambda uow: _take(uow, tried, desk.now()))
    if account.wait is not None:
        return Verdict(wait=account.wait)
    right = verify_password(account.kept, tried.password)
    fresh = hash_password(tried.password) if right and account.kept and outdated(account.kept) else None
    return desk.database.run(lambda uow: _decide(uow, desk, area, tried, account, right, fresh))


def folded_login(login: str) -> str:
    """One form of an account name."""
    return fold(login).strip().casefold()


def find_account(uow: UnitOfWork, login: str) -> Staff | None:
    """The active member of staff of this name."""
    found = uow.session.exec(select(Staff).where(Staff.login == folded_login(login))).first()
    return found if found is not None and found.active else None


def has_second_factor(uow: UnitOfWork, staff_id: int) -> bool:
    """Whether a code is asked of this person."""
    credential = uow.session.get(Credential, staff_id)
    return credential is not None and credential.totp_entry is not None


def _take(uow: UnitOfWork, tried: Tried, now: datetime) -> _Account:
    staff = find_account(uow, tried.login)
    staff_id = staff.id if staff else None
    credential = uow.session.get(Credential, staff_id or 0)
    if tried.known is not None and tried.known[0] == staff_id:
        own = device_bucket(uow, tried.known[1])
    else:
        own = account_bucket(uow, folded_login(tried.login))
    address = address_bucket(uow, tried.address)
    wait = take_try(uow, (own, address), now)
    return _Account(staff_id, credential.password_hash if credential else None, [own], [address], wait)


def _decide(
    uow: UnitOfWork, desk: Desk, area: str, tried: Tried, account: _Account, right: bool, fresh: str | None
) -> Verdict:
    now, staff_id = desk.now(), account.staff_id or 0
    credential = uow.session.get(Credential, staff_id, with_for_update=True)
    step, code = _second(uow, staff_id, credential, tried.code, now)
    member = find_member(uow, staff_id)
    if not right or credential is None or member is None or not member.roles_in(area):
        return Verdict()
    if credential.totp_entry is None and desk.rules.needs_second_factor(area):
        return Verdict(needs_invitation=True)
    if credential.totp_entry is not None and step is None and code is None:
        return Verdict()
    credential.totp_step = step or credential.totp_step
    if step is None and code is not None:
        use_code(code, now)
    credential.password_hash = fresh or credential.password_hash
    forgive(uow, account.cleared, account.taken_back, now)
    return Verdict(member)


def _second(
    uow: UnitOfWork, staff_id: int, credential: Credential | None, typed: str, now: datetime
) -> tuple[int | None, RecoveryCode | None]:
    """The step of a fitting code, or a fitting recovery code; looked for whether or not the rest was right."""
    entry = uow.session.get(VaultEntry, credential.totp_entry if credential and credential.totp_entry else 0)
    secret = uow.vault.open(entry.sealed).decode() if entry else NOBODYS_SECRET
    step = matching_step(secret, typed, now, credential.totp_step if credential else 0)
    return (step if entry else None), find_code(uow, staff_id, typed)
