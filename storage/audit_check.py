"""`jianfu verify-audit`: recompute the chain and name every row that was changed, removed, inserted or reordered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from storage.audit import chain, digest, unsealed_count
from storage.models import Audit, AuditSeal
from storage.unit_of_work import UnitOfWork

LATE = timedelta(minutes=10)  # a row that is committed later than this after its own time was slipped in


@dataclass
class AuditReport:
    """What a verification found; `damage` empty means that nothing sealed was touched."""

    damage: list[str] = field(default_factory=list)
    sealed: int = 0
    seals: int = 0
    tail: int = 0
    head: str = ""


def verify(uow: UnitOfWork, known: Mapping[int, str]) -> AuditReport:
    """Check all seals and rows; `known` are heads exported to the log: seal number → chain value."""
    report = AuditReport()
    before, last = "", 0
    for made in _seals(uow):
        if made.id != last + 1:
            report.damage.append(f"seals {last + 1} to {made.id - 1} removed")
        if chain(uow, before, made) != made.chain:
            report.damage.append(f"seal {made.id} changed, or a seal before it")
        if known.get(made.id, made.chain) != made.chain:
            report.damage.append(f"seal {made.id} is not the one that was exported to the log")
        _check_rows(uow, made, report)
        before, last = made.chain, made.id
        report.sealed += len(made.rows)
        report.seals += 1
    _check_tail(uow, report, known, last)
    report.head = before
    return report


def _seals(uow: UnitOfWork) -> Iterator[AuditSeal]:
    numbers = uow.session.exec(select(AuditSeal.id).order_by(col(AuditSeal.id))).all()
    for number in numbers:
        yield uow.session.get_one(AuditSeal, number)


def _check_rows(uow: UnitOfWork, made: AuditSeal, report: AuditReport) -> None:
    """The rows of one seal against their digests."""
    expected: dict[int, str] = {number: told for number, told in made.rows}
    owner = {told: number for number, told in made.rows}
    present = {row.id or 0: row for row in _rows_of(uow, made.id, list(expected))}
    for number, told in expected.items():
        row = present.pop(number, None)
        if row is None:
            report.damage.append(f"row {number} removed (seal {made.id})")
            continue
        found = digest(uow, row)
        if found != told and found in owner:
            report.damage.append(f"row {number} reordered: it says what row {owner[found]} said (seal {made.id})")
        elif found != told:
            report.damage.append(f"row {number} changed (seal {made.id})")
        elif row.sealed_in != made.id:
            report.damage.append(f"row {number} moved out of seal {made.id}")
    report.damage += [f"row {number} inserted into seal {made.id}" for number in present]
    uow.session.expunge_all()


def _rows_of(uow: UnitOfWork, seal: int, numbers: list[int]) -> list[Audit]:
    """Rows that a seal names, and rows that name the seal."""
    found: dict[int, Audit] = {}
    queries = [select(Audit).where(Audit.sealed_in == seal)]
    queries += [select(Audit).where(col(Audit.id).in_(numbers[at : at + 500])) for at in range(0, len(numbers), 500)]
    for query in queries:
        found.update({row.id or 0: row for row in uow.session.exec(query)})
    return list(found.values())


def _check_tail(uow: UnitOfWork, report: AuditReport, known: Mapping[int, str], last: int) -> None:
    """What lies behind the newest seal: unsealed rows, seals that only the log knows, rows slipped in later."""
    report.tail = unsealed_count(uow)
    if known and max(known) > last:
        report.damage.append(f"tail cut off: the log knows seals up to {max(known)}, the database ends at {last}")
    beyond = select(Audit.id, Audit.sealed_in).where(col(Audit.sealed_in) > last)
    report.damage += [f"row {number} names seal {seal}, which is gone" for number, seal in uow.session.exec(beyond)]
    newest = uow.session.exec(select(AuditSeal.made_at).order_by(col(AuditSeal.id).desc()).limit(1)).first()
    if newest is not None:
        report.damage += list(_slipped_in(uow, newest))


def _slipped_in(uow: UnitOfWork, newest: datetime) -> Iterator[str]:
    old: Any = select(Audit.id).where(col(Audit.sealed_in).is_(None), col(Audit.at) < newest - LATE)
    for number in uow.session.exec(old):
        yield f"row {number} inserted: it is older than the newest seal, yet in none"
