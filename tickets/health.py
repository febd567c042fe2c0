"""How the system is, in counts only: what an administrator may see (domain §4.4.14)."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from storage import audit
from storage.models import Audit, Lease, Outbox, ScheduleSlot, Tombstone
from storage.unit_of_work import UnitOfWork
from tickets.moving import Actor
from tickets.permissions import acts

WORKERS = "executor:"


@dataclass(frozen=True)
class Health:
    """Counts and ages; None where nothing has happened yet."""

    waiting: int  # outbox rows that may leave now
    oldest_waiting_s: int
    undeliverable: int
    processes: int  # that hold a live lease
    tick_age_s: int | None
    unsealed: int
    seal_age_s: int | None
    unscrubbed: int  # erased rows whose bytes still lie in the files
    backup_age_h: int | None

    def as_json(self) -> dict[str, int | None]:
        """For a page, a command, a monitor."""
        return asdict(self)


@acts("administer")
def show(uow: UnitOfWork, actor: Actor, now: datetime) -> Health:
    """The counts for an administrator's page; command line and monitor look without an actor."""
    return look(uow, now)


def look(uow: UnitOfWork, now: datetime) -> Health:
    """Count what there is to count; no row's content is read."""
    ready = (
        col(Outbox.sent_at).is_(None), col(Outbox.undeliverable).is_(False),
        col(Outbox.not_before).is_(None) | (col(Outbox.not_before) <= now),
    )  # fmt: skip
    oldest = uow.session.exec(select(func.min(Outbox.created_at)).where(*ready)).one()
    sealed = audit.newest_seal(uow)
    backup = uow.session.exec(select(func.max(Audit.at)).where(Audit.action == "backup")).one()
    tick = uow.session.get(ScheduleSlot, ("tick", "last"))
    alive = col(Lease.name).startswith(WORKERS), col(Lease.until) > now
    return Health(
        waiting=_count(uow, Outbox, *ready), oldest_waiting_s=_age(oldest, now) or 0,
        undeliverable=_count(uow, Outbox, col(Outbox.undeliverable)), processes=_count(uow, Lease, *alive),
        tick_age_s=_age(tick.done_at if tick else None, now), unsealed=audit.unsealed_count(uow),
        seal_age_s=_age(sealed.made_at if sealed else None, now),
        unscrubbed=_count(uow, Tombstone, col(Tombstone.scrubbed_at).is_(None)),
        backup_age_h=_hours(_age(backup, now)),
    )  # fmt: skip


def _count(uow: UnitOfWork, model: type, *where: object) -> int:
    return uow.session.exec(select(func.count()).select_from(model).where(*where)).one()  # type: ignore[arg-type]


def _age(since: datetime | None, now: datetime) -> int | None:
    return max(int((now - since).total_seconds()), 0) if since else None


def _hours(seconds: int | None) -> int | None:
    return None if seconds is None else seconds // 3600
