"""Sliding windows: so many at once, then as time allows; a refused one is not counted; old rows are forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from storage import rates
from storage.database import Database
from storage.models import Rate

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(params=["sqlite", "postgres"])
def backend(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def take(database: Database, at: datetime, bucket: str = "claim:x", most: int = 20) -> timedelta:
    return database.run(lambda uow: rates.take(uow, bucket, most, HOUR, at))


def test_twenty_at_once_then_one_every_three_minutes(database: Database) -> None:
    assert all(take(database, NOW) == timedelta() for _ in range(20))
    assert take(database, NOW) == timedelta(minutes=3)
    assert take(database, NOW + timedelta(minutes=2)) == timedelta(minutes=1), "trying does not make it longer"
    assert take(database, NOW + timedelta(minutes=3)) == timedelta()
    assert take(database, NOW + timedelta(minutes=3)) > timedelta()
    assert all(take(database, NOW + 2 * HOUR) == timedelta() for _ in range(20)), "after a quiet hour all is free"


def test_buckets_do_not_touch_each_other(database: Database) -> None:
    for _ in range(20):
        take(database, NOW)
    assert take(database, NOW, "claim:y") == timedelta()


def test_many_at_the_same_time_are_counted_exactly(database: Database) -> None:
    take(database, NOW)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: take(database, NOW), range(40)))
    assert sum(wait == timedelta() for wait in waits) == 19


def test_windows_that_slid_away_are_forgotten_and_senders_buckets_kept(database: Database) -> None:
    take(database, NOW)
    database.run(lambda uow: rates.reserve(uow, {"bot": timedelta(seconds=1)}, NOW, HOUR))
    database.run(lambda uow: rates.forget_old(uow, NOW + 3 * HOUR))
    with database.reading() as uow:
        assert [row.bucket for row in uow.session.exec(select(Rate))] == ["bot"]
