"""The sender: order per chat, retry later, give up on refusal, edits, never twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import SendLaterError, SendRefusedError
from bot.sender import Sender
from storage import outbox
from storage.database import Database
from storage.models import Outbox
from storage.people import find_or_make
from storage.unit_of_work import UnitOfWork
from tests.fakes.channels import FakeChannel
from texts.catalogue import Catalogue

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


class Desk:
    """A sender over a fake channel with a clock of its own."""

    def __init__(self, database: Database, texts: Catalogue) -> None:
        self.database, self.channel, self.now = database, FakeChannel(), NOW
        self.sender = Sender(database, texts, {"fake": self.channel}, lambda: self.now)

    def put(self, key: str = "greeting", **more: Any) -> int:
        def work(uow: UnitOfWork) -> int:
            person = find_or_make(uow, "fake", "chat-1", NOW)
            row = outbox.put(uow, person.pseudonym, "fake", key, self.now, **more)
            uow.session.flush()
            return row.id or 0

        return self.database.run(work)

    def row(self, row_id: int) -> Outbox:
        with self.database.reading() as uow:
            return uow.session.get_one(Outbox, row_id)


@pytest.fixture
def desk(database: Database, texts: Catalogue) -> Desk:
    return Desk(database, texts)


async def test_a_row_is_sent_once(desk: Desk) -> None:
    row = desk.put()
    await desk.sender.send_now([row, row])
    assert (await desk.sender.send_one(row)).kind == "gone"
    assert [address for address, _ in desk.channel.sent] == ["chat-1"]
    assert desk.row(row).external_id == "x1"


async def test_later_rows_wait_for_earlier_ones(desk: Desk) -> None:
    first, second = desk.put("greeting"), desk.put("thanks")
    desk.channel.troubles = [SendLaterError("slow down", 7.0)]
    await desk.sender.send_now([first, second])
    assert desk.channel.sent == []
    assert (await desk.sender.send_one(second)).kind == "later"
    desk.now += timedelta(seconds=8)
    await desk.sender.send_now([first, second])
    assert len(desk.channel.sent) == 2 and desk.channel.sent[0][1].startswith("您好")


async def test_the_wait_asked_for_is_kept(desk: Desk) -> None:
    row = desk.put()
    desk.channel.troubles = [SendLaterError("slow down", 7.0)]
    assert (await desk.sender.send_one(row)).seconds == 7.0
    with desk.database.reading() as uow:
        assert outbox.due(uow, NOW + timedelta(seconds=6)) == []
        assert [number for number, _ in outbox.due(uow, NOW + timedelta(seconds=8))] == [row]


async def test_without_a_wait_it_backs_off(desk: Desk) -> None:
    row, pauses = desk.put(), []
    for _ in range(4):
        desk.channel.troubles = [SendLaterError("no answer")]
        pauses.append((await desk.sender.send_one(row)).seconds)
        desk.now += timedelta(hours=1)
    assert pauses == [2.0, 4.0, 8.0, 16.0]


async def test_a_refused_message_blocks_nobody(desk: Desk) -> None:
    first, second = desk.put("greeting"), desk.put("thanks")
    desk.channel.troubles = [SendRefusedError("blocked by the person")]
    await desk.sender.send_now([first, second])
    assert desk.row(first).undeliverable and desk.row(first).error == "blocked by the person"
    assert len(desk.channel.sent) == 1


async def test_an_edit_replaces_the_first_message(desk: Desk) -> None:
    first = desk.put("greeting")
    await desk.sender.send_now([first])
    second = desk.put("thanks", edit_of=first)
    await desk.sender.send_now([second])
    assert [external for external, _ in desk.channel.edited] == ["x1"]
    assert len(desk.channel.sent) == 1


async def test_quiet_hours_hold_a_push_but_not_an_answer(desk: Desk) -> None:
    push = desk.put("thanks", kind="push", not_before=NOW + timedelta(hours=10))
    reply = desk.put("greeting")
    await desk.sender.send_now([push, reply])
    assert [text[:2] for _, text in desk.channel.sent] == ["您好"]
    desk.now += timedelta(hours=11)
    await desk.sender.send_now([push])
    assert len(desk.channel.sent) == 2


async def test_another_process_holds_the_lease(desk: Desk, texts: Catalogue) -> None:
    row = desk.put()
    other = Database(desk.database.engine, desk.database.vault, "another process", 30.0)
    rival = Sender(other, texts, {"fake": desk.channel}, lambda: desk.now)
    assert (await rival.send_one(row)).kind == "held"
    assert await rival.send_left([(row, "p1")]) == [], "what another process holds needs no workflow of ours"
    desk.now += timedelta(seconds=31)
    assert (await rival.send_one(row)).kind == "sent"
    assert (await desk.sender.send_one(row)).kind == "gone"
    assert len(desk.channel.sent) == 1
