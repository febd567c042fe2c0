"""Shared rate limits, exact across processes (GCRA): a bucket per bot and per chat without bursts, and windows
that let somebody do a number of things at once and then slide: as much time as has passed, as much may be done again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select

from storage.models import Rate
from storage.unit_of_work import UnitOfWork

WINDOW = "window:"


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


def take(uow: UnitOfWork, bucket: str, most: int, window: timedelta, now: datetime) -> timedelta:
    """Count one thing in a sliding window of `most`: zero when it may be done, else how long to wait (not counted)."""
    row = _row(uow, WINDOW + bucket, now)
    each = window / most
    begins = max(row.next_at, now)
    wait = begins - now - (window - each)
    if wait > timedelta():
        return wait
    row.next_at = begins + each
    return timedelta()


def forget_old(uow: UnitOfWork, now: datetime) -> None:
    """Windows in which nothing is left to slide say nothing any more; they go."""
    uow.session.exec(delete(Rate).where(col(Rate.bucket).startswith(WINDOW), col(Rate.next_at) < now))


def _row(uow: UnitOfWork, bucket: str, now: datetime) -> Rate:
    row = uow.session.exec(select(Rate).where(Rate.bucket == bucket).with_for_update()).first()
    if row is None:
        row = Rate(bucket=bucket, next_at=now)
        uow.session.add(row)
        uow.session.flush()
    return row
