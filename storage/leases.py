"""Leases between processes: take, keep, give back, who is alive."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import col, or_, select

from storage.models import Lease
from storage.unit_of_work import UnitOfWork


def hold(uow: UnitOfWork, name: str, now: datetime, length: timedelta) -> bool:
    """Take or renew a lease for this process; False while another process holds it."""
    free = or_(col(Lease.until) <= now, col(Lease.owner) == uow.owner)
    taken = uow.session.exec(
        update(Lease).where(col(Lease.name) == name, free).values(owner=uow.owner, until=now + length)
    )
    if taken.rowcount == 1:
        return True
    if uow.session.get(Lease, name) is not None:
        return False
    uow.session.add(Lease(name=name, owner=uow.owner, until=now + length))
    uow.session.flush()  # two processes at once: the loser's commit fails and is tried again
    return True


def release(uow: UnitOfWork, name: str) -> None:
    """Give a lease back early, so that another process need not wait."""
    uow.session.exec(delete(Lease).where(col(Lease.name) == name, col(Lease.owner) == uow.owner))


def alive(uow: UnitOfWork, prefix: str, now: datetime) -> set[str]:
    """Names of the leases with this prefix that somebody still holds."""
    query = select(Lease.name).where(col(Lease.name).startswith(prefix), col(Lease.until) > now)
    return set(uow.session.exec(query))
