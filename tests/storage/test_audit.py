"""The audit chain: every way of touching a sealed row is found and named, whoever tries (domain §4.4.15)."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text, update
from sqlmodel import select

from storage import audit
from storage.audit_check import AuditReport, verify
from storage.database import Database
from storage.models import Audit, AuditSeal
from storage.unit_of_work import UnitOfWork
from tests.storage.planting import NOW

KNOWN: dict[int, str] = {}


def write(database: Database, count: int, start: int = 0) -> None:
    def work(uow: UnitOfWork) -> None:
        for number in range(start, start + count):
            audit.write(uow, "move", "lead", "7", NOW + timedelta(seconds=number), f"ticket:{number}", x=number)

    database.run(work)


def seal(database: Database, minute: int = 1) -> int:
    return database.run(lambda uow: audit.seal(uow, NOW + timedelta(minutes=minute)))


def check(database: Database, known: dict[int, str] | None = None) -> AuditReport:
    with database.reading() as uow:
        return verify(uow, known or {})


def heads(database: Database) -> dict[int, str]:
    with database.reading() as uow:
        return {made.id: made.chain for made in uow.session.exec(select(AuditSeal))}


@pytest.fixture
def sealed(database: Database) -> Database:
    """Three seals of four, three and three rows, and two rows that no seal protects yet."""
    for minute, count in ((1, 4), (2, 3), (3, 3)):
        write(database, count, start=minute * 10)
        assert seal(database, minute) == count
    write(database, 2, start=200)
    return database


def test_an_untouched_log_is_whole(sealed: Database) -> None:
    found = check(sealed, heads(sealed))
    assert found.damage == [] and (found.sealed, found.seals, found.tail) == (10, 3, 2)
    assert seal(sealed, 4) == 2 and seal(sealed, 5) == 0
    assert check(sealed).tail == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor", "8"), ("action", "read"), ("role", "admin"), ("subject", "ticket:999"), ("detail", {"x": 1}),
     ("level", "L4"), ("at", NOW - timedelta(days=1))],
)  # fmt: skip
def test_a_changed_row_is_named(sealed: Database, column: str, value: object) -> None:
    sealed.run(lambda uow: uow.session.exec(update(Audit).where(Audit.id == 6).values({column: value})))
    assert check(sealed).damage == ["row 6 changed (seal 2)"]


def test_a_removed_row_is_named(sealed: Database) -> None:
    sealed.run(lambda uow: uow.session.exec(delete(Audit).where(Audit.id == 3)))
    assert check(sealed).damage == ["row 3 removed (seal 1)"]


def test_reordered_rows_are_named(sealed: Database) -> None:
    swap = "UPDATE audit SET id = CASE id WHEN 5 THEN -7 ELSE -5 END WHERE id IN (5, 7)"
    sealed.run(
        lambda uow: [uow.session.execute(text(each)) for each in (swap, "UPDATE audit SET id = -id WHERE id < 0")]
    )
    assert check(sealed).damage == [
        "row 5 reordered: it says what row 7 said (seal 2)", "row 7 reordered: it says what row 5 said (seal 2)",
    ]  # fmt: skip


def test_an_inserted_row_is_named(sealed: Database) -> None:
    def slip_in(uow: UnitOfWork) -> None:
        uow.session.add(Audit(id=500, at=NOW, action="x", role="lead", actor="7", sealed_in=2))
        uow.session.add(Audit(id=501, at=NOW - timedelta(hours=1), action="x", role="lead", actor="7"))

    sealed.run(slip_in)
    assert check(sealed).damage == [
        "row 500 inserted into seal 2", "row 501 inserted: it is older than the newest seal, yet in none",
    ]  # fmt: skip


def test_a_seal_forged_without_the_key_is_named(sealed: Database) -> None:
    def forge(uow: UnitOfWork) -> None:
        made = uow.session.get_one(AuditSeal, 2)
        made.rows = made.rows[1:]
        uow.session.delete(uow.session.get_one(Audit, 5))

    sealed.run(forge)
    assert check(sealed).damage == ["seal 2 changed, or a seal before it"]


def test_a_cut_off_tail_is_seen_by_the_log(sealed: Database) -> None:
    known = heads(sealed)
    sealed.run(lambda uow: [uow.session.exec(delete(Audit).where(Audit.sealed_in == 3)),
                            uow.session.exec(delete(AuditSeal).where(AuditSeal.id == 3))])  # fmt: skip
    assert check(sealed).damage == []
    assert check(sealed, known).damage == ["tail cut off: the log knows seals up to 3, the database ends at 2"]


def test_a_chain_computed_anew_with_the_key_is_seen_by_the_log(sealed: Database) -> None:
    known = heads(sealed)

    def rewrite(uow: UnitOfWork) -> None:
        uow.session.exec(update(Audit).where(Audit.id == 2).values(actor="9"))
        uow.session.exec(delete(AuditSeal))
        uow.session.exec(update(Audit).values(sealed_in=None))
        audit.seal(uow, NOW + timedelta(minutes=9))

    sealed.run(rewrite)
    assert check(sealed).damage == []
    assert "seal 1 is not the one that was exported to the log" in check(sealed, known).damage


def test_a_row_committed_late_goes_into_the_next_seal(sealed: Database) -> None:
    sealed.run(
        lambda uow: uow.session.add(Audit(id=900, at=NOW + timedelta(minutes=3), action="x", role="r", actor="a"))
    )
    seal(sealed, 4)
    write(sealed, 1, start=300)
    sealed.run(
        lambda uow: uow.session.add(Audit(id=800, at=NOW + timedelta(minutes=4), action="x", role="r", actor="a"))
    )
    seal(sealed, 5)
    assert check(sealed).damage == []


def test_two_jobs_seal_once(sealed: Database) -> None:
    with sealed.engine.connect().execution_options(jianfu_reading=True) as connection:
        before = connection.execute(text("SELECT max(id) FROM audit_seal")).scalar_one()
    assert seal(sealed, 4) == 2
    assert set(heads(sealed)) == set(range(1, before + 2))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    row=st.integers(1, 10),
    column=st.sampled_from(["actor", "action", "role", "subject"]),
    value=st.text("ab", max_size=3),
)
def test_any_change_of_any_row_is_found(sealed: Database, row: int, column: str, value: str) -> None:
    with sealed.unit_of_work() as uow:  # never committed: the next example starts from a whole log
        before = getattr(uow.session.get_one(Audit, row), column)
        uow.session.exec(update(Audit).where(Audit.id == row).values({column: value}))
        uow.session.expire_all()
        damage = verify(uow, {}).damage
    assert damage == ([] if before == value else [f"row {row} changed (seal {1 if row < 5 else 2 if row < 8 else 3})"])
