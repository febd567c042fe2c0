"""The audit log: rows append freely; a job each minute seals them in batches chained by a keyed hash (domain §4.4.15).

The digest of a row covers what it says, not its id: so a swapped row is told from a changed one.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from storage.models import Audit, AuditSeal
from storage.unit_of_work import UnitOfWork

MOST_ROWS = 5000  # in one seal
CLI = "cli"


def write(
    uow: UnitOfWork, action: str, role: str, actor: str, now: datetime, subject: str | None = None,
    level: str | None = None, **detail: Any,
) -> Audit:  # fmt: skip
    """Note a change, or with `level` a read of words (L3) or identity (L4); `detail` never holds what was read."""
    row = Audit(at=now, action=action, role=role, actor=actor, subject=subject, level=level, detail=detail)
    uow.session.add(row)
    return row


def seal(uow: UnitOfWork, now: datetime) -> int:
    """Seal the rows that are not sealed yet, in order of their ids; gives how many."""
    done = 0
    while rows := _unsealed(uow):
        last = newest_seal(uow)
        number = last.id + 1 if last else 1
        pairs = [[row.id, digest(uow, row)] for row in rows]
        made = AuditSeal(id=number, made_at=now, rows=pairs, chain="")
        made.chain = chain(uow, last.chain if last else "", made)
        uow.session.add(made)
        for row in rows:
            row.sealed_in = number
        uow.session.flush()
        done += len(rows)
    return done


def newest_seal(uow: UnitOfWork) -> AuditSeal | None:
    """The head of the chain."""
    return uow.session.exec(select(AuditSeal).order_by(col(AuditSeal.id).desc()).limit(1)).first()


def seals_after(uow: UnitOfWork, number: int) -> list[AuditSeal]:
    """Seals newer than one, oldest first."""
    return list(uow.session.exec(select(AuditSeal).where(col(AuditSeal.id) > number).order_by(col(AuditSeal.id))))


def unsealed_count(uow: UnitOfWork) -> int:
    """How long the tail is that no seal protects yet."""
    return uow.session.exec(select(func.count()).select_from(Audit).where(col(Audit.sealed_in).is_(None))).one()


def digest(uow: UnitOfWork, row: Audit) -> str:
    """The keyed hash of what a row says, over canonical bytes."""
    said = [
        row.at.astimezone(UTC).isoformat(timespec="microseconds"), row.action, row.role, row.actor, row.subject,
        row.level, row.detail,
    ]  # fmt: skip
    return _hash(uow, said)


def chain(uow: UnitOfWork, before: str, made: AuditSeal) -> str:
    """The keyed hash of a seal and of the one before it; letters only, so that no mask in a log touches it."""
    moment = made.made_at.astimezone(UTC).isoformat(timespec="microseconds")
    return _hash(uow, [before, made.id, moment, made.rows])


def _hash(uow: UnitOfWork, said: list[Any]) -> str:
    content = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    found = hmac.new(uow.vault.derive("audit"), content, hashlib.sha256).hexdigest()
    return found.translate(str.maketrans("0123456789", "ghijklmnop"))


def _unsealed(uow: UnitOfWork) -> list[Audit]:
    query = select(Audit).where(col(Audit.sealed_in).is_(None)).order_by(col(Audit.id)).limit(MOST_ROWS)
    return list(uow.session.exec(query))
