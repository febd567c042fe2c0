"""One poller at a time; another takes over within ten seconds; nothing is confirmed before it was handled."""

import time
from pathlib import Path

from storage.database import Database
from storage.errors import DatabaseBusyError
from storage.leases import alive
from tests.bot.telegram.conftest import Rig, eventually
from tests.fakes.telegram_server import FakeTelegram
from tickets.house import House


def rival(rig: Rig, telegram: FakeTelegram, house: House, folder: Path) -> Rig:
    """A second process' worth of bot on the same database."""
    other = Database(rig.database.engine, rig.database.vault, "another process", 30.0)
    return Rig(telegram, other, house, folder)


def test_handover_within_ten_seconds(rig: Rig, telegram: FakeTelegram, house: House, tmp_path: Path) -> None:
    second = rival(rig, telegram, house, tmp_path)
    try:
        rig.poll()
        person = telegram.person()
        person.says("你好")
        person.wait_for("您好")
        second.poll()
        time.sleep(2.5)
        assert [call for call in telegram.calls if call.code == 409] == [], "two pollers at once"
        rig.polling.cancel()  # dies without a word: give back nothing
        stopped = time.monotonic()
        number = person.says("帮助")
        person.wait_for("一句话就能反映", 12, after=number)
        assert time.monotonic() - stopped < 10
    finally:
        second.close()


def test_an_update_is_confirmed_only_after_its_commit(rig: Rig, telegram: FakeTelegram) -> None:
    take, failures = rig.turns.take, [DatabaseBusyError(), DatabaseBusyError()]

    async def fails_twice(incoming):  # type: ignore[no-untyped-def]
        if failures:
            raise failures.pop()
        return await take(incoming)

    rig.turns.take = fails_twice  # type: ignore[method-assign]
    rig.poll()
    person = telegram.person()
    person.says("你好")
    person.wait_for("您好", 60)
    assert failures == []


def test_updates_out_of_order_and_twice(rig: Rig, telegram: FakeTelegram) -> None:
    telegram.shuffle_updates(3)
    telegram.deliver_twice(5)
    rig.poll()
    people = [telegram.person() for _ in range(5)]
    for person in people:
        person.says("你好")
    for person in people:
        person.wait_for("您好")
    telegram.wait_confirmed()
    eventually(lambda: rig.unsent() == [])
    assert telegram.repeated == {} and all(len(person.inbox) == 1 for person in people)


def test_the_poller_gives_its_lease_back(rig: Rig, telegram: FakeTelegram) -> None:
    rig.poll()
    person = telegram.person()
    person.says("你好")
    person.wait_for("您好")
    rig.polling.cancel()
    eventually(lambda: not _held(rig))


def _held(rig: Rig) -> bool:
    with rig.database.reading() as uow:
        return "telegram-poller" in alive(uow, "telegram-poller", rig.now())
