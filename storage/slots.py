"""Scheduled work that is done once per slot: the unique row is the proof."""

from datetime import datetime

from storage.models import ScheduleSlot
from storage.unit_of_work import UnitOfWork


def first(uow: UnitOfWork, job: str, slot: str, now: datetime) -> bool:
    """True for the first caller of a slot; a second one at the same time fails at its commit."""
    if uow.session.get(ScheduleSlot, (job, slot)) is not None:
        return False
    uow.session.add(ScheduleSlot(job=job, slot=slot, done_at=now))
    uow.session.flush()
    return True


def touch(uow: UnitOfWork, job: str, now: datetime) -> None:
    """Remember when a job ran last."""
    row = uow.session.get(ScheduleSlot, (job, "last"))
    if row is None:
        uow.session.add(ScheduleSlot(job=job, slot="last", done_at=now))
    else:
        row.done_at = now
