"""Back-off: it slows guessing to a crawl, never shuts anybody out, and does not tell which accounts exist."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from console.login.backoff import (
    LONGEST,
    Bucket,
    account_bucket,
    address_bucket,
    device_bucket,
    forgive,
    network_of,
    take_try,
    wait_after,
)  # fmt: skip
from storage.models import LoginGuard

START = datetime(2026, 11, 25, tzinfo=UTC)


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=1, max_value=50))
def test_waiting_grows_and_has_an_end(failures: int, free: int) -> None:
    wait = wait_after(failures, free)
    assert timedelta() <= wait <= LONGEST and wait <= wait_after(failures + 1, free)
    assert (wait == timedelta()) == (failures < free)


class Guard:
    """The rule over a plain row, driven by a clock of its own."""

    def __init__(self) -> None:
        self.row = LoginGuard(bucket="x", last_at=START, until=START)
        self.session = self

    def exec(self, statement: Any) -> Any:
        return self

    def first(self) -> LoginGuard:
        return self.row


@given(st.lists(st.integers(min_value=0, max_value=40 * 60), min_size=1, max_size=200))
def test_after_the_longest_wait_a_try_is_always_looked_at(gaps: list[int]) -> None:
    """Whatever anybody else did before, the owner gets through within a quarter of an hour."""
    guard, now = Guard(), START
    for gap in gaps:
        now += timedelta(seconds=gap)
        wait = take_try(guard, (Bucket("x", 5),), now)  # type: ignore[arg-type]
        assert wait is None or wait <= LONGEST
        assert gap < LONGEST.total_seconds() or wait is None


def test_a_machine_gets_few_tries_a_day() -> None:
    guard, tried = Guard(), 0
    for second in range(0, 24 * 3600, 5):
        tried += take_try(guard, (Bucket("x", 5),), START + timedelta(seconds=second)) is None  # type: ignore[arg-type]
    assert 90 < tried < 115


def test_a_refused_try_does_not_make_it_longer(world: Any) -> None:
    bucket = world.run(lambda uow: account_bucket(uow, "lead1"))
    for _ in range(6):
        world.run(lambda uow: take_try(uow, (bucket,), world.now))
    first = world.run(lambda uow: take_try(uow, (bucket,), world.now))
    for _ in range(50):
        assert world.run(lambda uow: take_try(uow, (bucket,), world.now)) == first
    world.now += first
    assert world.run(lambda uow: take_try(uow, (bucket,), world.now)) is None


def test_no_name_and_no_address_is_kept(world: Any) -> None:
    def work(uow: Any) -> None:
        buckets = account_bucket(uow, "lead1"), address_bucket(uow, "10.20.30.40"), device_bucket(uow, "d")
        take_try(uow, buckets, world.now)

    world.run(work)
    kept = str(world.run(lambda uow: [row.bucket for row in uow.session.exec(select(LoginGuard))]))
    assert kept.count("'") == 6 and "lead1" not in kept and "10.20" not in kept


def test_a_right_password_clears_the_account_but_not_the_address(world: Any) -> None:
    account = world.run(lambda uow: account_bucket(uow, "lead1"))
    address = world.run(lambda uow: address_bucket(uow, "10.1.1.1"))
    for _ in range(4):
        world.run(lambda uow: take_try(uow, (account, address), world.now))
    world.run(lambda uow: forgive(uow, [account], [address], world.now))
    rows = world.run(lambda uow: {row.bucket: row.failures for row in uow.session.exec(select(LoginGuard))})
    assert rows == {account.name: 0, address.name: 3}


def test_a_day_later_nothing_is_remembered(world: Any) -> None:
    bucket = world.run(lambda uow: account_bucket(uow, "lead1"))
    for _ in range(30):
        world.run(lambda uow: take_try(uow, (bucket,), world.now))
        world.later(minutes=16)
    world.later(hours=24)
    world.run(lambda uow: take_try(uow, (bucket,), world.now))
    assert world.run(lambda uow: uow.session.get_one(LoginGuard, bucket.name).failures) == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [("10.1.2.3", "10.1.2.3"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("", ""), ("testclient", "testclient")],
)
def test_an_ipv6_office_is_one_address(address: str, network: str) -> None:
    assert network_of(address) == network
