"""Back-off after failed tries: per account, per known device, per address; it slows down, it never shuts out.

Every try is counted before it is looked at, so that a hundred at once are a hundred tries. Wrong names are counted
under their own keyed hash, so an account that does not exist is held up exactly like one that does.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select

from storage.models import LoginGuard
from storage.unit_of_work import UnitOfWork

FIRST, LONGEST = timedelta(seconds=10), timedelta(minutes=15)
FORGET = timedelta(hours=24)


@dataclass(frozen=True)
class Bucket:
    """What tries are counted by; `free` failures cost nothing."""

    name: str
    free: int


def account_bucket(uow: UnitOfWork, login: str) -> Bucket:
    """The tries at one name, wherever they come from."""
    return Bucket("account:" + uow.vault.fingerprint("guard", login), 5)


def device_bucket(uow: UnitOfWork, device: str) -> Bucket:
    """The tries of a browser this person has signed in with: a stranger's failures do not keep them out."""
    return Bucket("device:" + uow.vault.fingerprint("guard", device), 5)


def address_bucket(uow: UnitOfWork, address: str) -> Bucket:
    """The tries from one address; a whole town hall may sit behind it."""
    return Bucket("address:" + uow.vault.fingerprint("guard", network_of(address)), 30)


def network_of(address: str) -> str:
    """The address; of IPv6 the /64 one household or office holds."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def wait_after(failures: int, free: int) -> timedelta:
    """How long the next try must wait: nothing, then 10 s doubling up to 15 minutes."""
    if failures < free:
        return timedelta()
    doubled: timedelta = FIRST * 2 ** min(failures - free, 20)
    return min(doubled, LONGEST)


def take_try(uow: UnitOfWork, buckets: Sequence[Bucket], now: datetime) -> timedelta | None:
    """Count one try and give None, or how long to wait; a refused try counts nowhere."""
    uow.session.exec(delete(LoginGuard).where(col(LoginGuard.last_at) <= now - FORGET))
    rows = [(bucket, _row(uow, bucket, now)) for bucket in sorted(buckets, key=lambda each: each.name)]
    wait = max(row.until - now for _, row in rows)
    if wait > timedelta():
        return wait
    for bucket, row in rows:
        row.failures, row.last_at = row.failures + 1, now
        row.until = now + wait_after(row.failures, bucket.free)
    return None


def forgive(uow: UnitOfWork, cleared: Sequence[Bucket], taken_back: Sequence[Bucket], now: datetime) -> None:
    """The try was right: forget the failures of some buckets, take back only this try in others.

    An address is not cleared by one right password, else whoever knows one could try others without end.
    """
    for bucket in sorted((*cleared, *taken_back), key=lambda each: each.name):
        row = _row(uow, bucket, now)
        row.failures, row.until = 0 if bucket in cleared else max(row.failures - 1, 0), now


def _row(uow: UnitOfWork, bucket: Bucket, now: datetime) -> LoginGuard:
    row = uow.session.exec(select(LoginGuard).where(LoginGuard.bucket == bucket.name).with_for_update()).first()
    if row is None:
        row = LoginGuard(bucket=bucket.name, last_at=now, until=now)
        uow.session.add(row)
        uow.session.flush()
    return row
