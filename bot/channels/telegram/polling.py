"""Polling by one process at a time: a lease decides who; another takes over within ten seconds."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.bot import ALLOWED, TelegramBot
from storage import leases
from storage.database import Database
from storage.errors import StorageError

log = structlog.get_logger()

LEASE, RENEW_SECONDS = timedelta(seconds=8), 2.0
POLL_SECONDS = 5  # short enough that a lost lease is noticed before the next answer
PAUSE = 1.0
MOST_UPDATES = 100


class Poller:
    """Fetches updates while it holds the lease; confirms them only after they were handled."""

    def __init__(self, telegram: TelegramBot, database: Database, now: Callable[[], datetime]) -> None:
        self._telegram = telegram
        self._database = database
        self._now = now
        self._mine = False
        self._offset: int | None = None

    async def run(self) -> None:
        """Poll until cancelled."""
        await self._try_to_hold()
        renewing = asyncio.create_task(self._renew())
        try:
            while True:
                if not self._mine:
                    self._offset = None  # whoever polled meanwhile has confirmed others
                    await asyncio.sleep(RENEW_SECONDS / 2)
                    continue
                await self._round()
        finally:
            renewing.cancel()
            await asyncio.to_thread(self._database.run, lambda uow: leases.release(uow, "telegram-poller"))

    async def _round(self) -> None:
        try:
            updates = await self._telegram.bot.get_updates(
                offset=self._offset, limit=MOST_UPDATES, timeout=POLL_SECONDS, allowed_updates=ALLOWED
            )
            if updates and self._mine:
                await self._handle(updates)
                self._offset = max(update.update_id for update in updates) + 1
        except (Conflict, InvalidToken) as error:
            log.error("polling refused", why=type(error).__name__)
            await asyncio.sleep(RENEW_SECONDS)
        except RetryAfter as error:
            await asyncio.sleep(float(error._retry_after.total_seconds()))
        except (TelegramError, StorageError) as error:
            log.warning("polling again", why=type(error).__name__)
            await asyncio.sleep(PAUSE)

    async def _handle(self, updates: Sequence[Update]) -> None:
        """Chats side by side, one chat's updates in the order of their ids; a failure leaves all unconfirmed."""
        chats: dict[int, list[Update]] = defaultdict(list)
        for update in sorted(updates, key=lambda each: each.update_id):
            chats[update.effective_chat.id if update.effective_chat else 0].append(update)

        async def one(chat: list[Update]) -> None:
            for update in chat:
                await self._telegram.process(update)

        await asyncio.gather(*(one(chat) for chat in chats.values()))

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            await self._try_to_hold()

    async def _try_to_hold(self) -> None:
        try:
            self._mine = await asyncio.to_thread(
                self._database.run, lambda uow: leases.hold(uow, "telegram-poller", self._now(), LEASE)
            )
        except StorageError:
            self._mine = False
