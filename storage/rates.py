"""Shared rate limits: a bucket per bot and per chat, exact across processes (GCRA without bursts)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import select

from storage.models import Rate
from storage.unit_of_work import UnitOfWork


def reserve(
    uow: UnitOfWork, spacing: Mapping[str, timedelta], now: datetime, longest: timedelta
) -> tuple[bool, timedelta]:
    """Reserve the next moment that every bucket allows: (True, how long to wait until it).

    (False, wait) reserves nothing when that moment is further away than `longest`.
    """
    rows = {bucket: _row(uow, bucket, now) for bucket in sorted(spacing)}  # one order, so no dead-locks
    wait = max([row.next_at - now for row in rows.values()] + [timedelta()])
    if wait > longest:
        return False, wait
    for bucket, row in rows.items():
        row.next_at = now + wait + spacing[bucket]
    return True, wait


def push_back(uow: UnitOfWork, bucket: str, until: datetime, now: datetime) -> None:
    """The channel asked for a pause: nobody takes a token before `until`."""
    row = _row(uow, bucket, now)
    row.next_at = max(row.next_at, until)


def _row(uow: UnitOfWork, bucket: str, now: datetime) -> Rate:
    row = uow.session.exec(select(Rate).where(Rate.bucket == bucket).with_for_update()).first()
    if row is None:
        row = Rate(bucket=bucket, next_at=now)
        uow.session.add(row)
        uow.session.flush()
    return row
