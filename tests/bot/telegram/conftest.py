"""Our bot on the real library, against the fake Telegram, in a loop of its own beside the test."""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.channels.telegram.bot import TelegramBot, build_bot
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.polling import Poller
from bot.channels.web.mailboxes import Mailboxes
from bot.sender import Sender
from bot.settings import Settings
from bot.turns import Turns
from storage.database import Database
from storage.models import Outbox
from tests.fakes.telegram_server import FakeTelegram
from tickets.house import House

os.environ.setdefault("PTB_TIMEDELTA", "1")


class Rig:
    """The Telegram side of the product, alive in a thread; `base` is the moment its clock started from."""

    def __init__(self, telegram: FakeTelegram, database: Database, house: House, folder: Path) -> None:
        self.telegram, self.database, self.house = telegram, database, house
        settings = Settings(
            data_dir=folder, telegram_token=telegram.token, telegram_base_url=telegram.url, _env_file=None
        )
        self.base, self._started = datetime.now(UTC), time.monotonic()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        bot = self.call(self._build(settings))
        self.channel = TelegramChannel(bot)
        self.sender = Sender(database, house.texts, {"telegram": self.channel}, self.now)
        self.turns = Turns(database, house, self.sender, Mailboxes(), self.now)
        self.bot = TelegramBot(bot, self.turns)
        self.call(self.bot.start())
        self.polling: Any = None

    async def _build(self, settings: Settings) -> Any:
        return build_bot(settings)

    def now(self) -> datetime:
        """The rig's clock: goes on by itself from wherever the test puts `base`."""
        return self.base + timedelta(seconds=time.monotonic() - self._started)

    def at(self, moment: datetime) -> None:
        """Set the clock."""
        self.base, self._started = moment, time.monotonic()

    def call(self, work: Coroutine[Any, Any, Any], seconds: float = 30.0) -> Any:
        """Run something on the rig's loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def poll(self) -> None:
        """Start polling."""
        self.polling = asyncio.run_coroutine_threadsafe(Poller(self.bot, self.database, self.now).run(), self.loop)

    def unsent(self) -> list[int]:
        """Telegram rows that have not left."""
        with self.database.reading() as uow:
            query = select(Outbox.id).where(
                Outbox.channel == "telegram", col(Outbox.sent_at).is_(None), col(Outbox.undeliverable).is_(False)
            )
            return [row or 0 for row in uow.session.exec(query.order_by(col(Outbox.id)))]

    def flush(self) -> None:
        """Send what is due now."""
        self.call(self.sender.send_now(self.unsent()))

    def close(self) -> None:
        """Stop everything."""
        if self.polling is not None:
            self.polling.cancel()
            time.sleep(0.1)
        self.call(self.bot.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


@pytest.fixture
def rig(telegram: FakeTelegram, database: Database, house: House, tmp_path: Path) -> Iterator[Rig]:
    made = Rig(telegram, database, house, tmp_path)
    yield made
    made.close()


def eventually(check: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)
