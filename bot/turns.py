"""Turns at the async edge: one lock per person, the sync turn in a worker thread, then send what was written."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

from bot import limits
from bot.channels.web import wire
from bot.channels.web.mailboxes import Mailboxes
from bot.errors import TooManyError
from bot.sender import Sender
from dialogs.engine import turn
from dialogs.files import examine_first
from dialogs.incoming import Incoming
from dialogs.receipts import claim_here
from storage import people
from storage.database import Database
from storage.models import Outbox
from storage.outbox import mailbox, recipients_of
from storage.unit_of_work import UnitOfWork
from tickets.house import House


class Turns:
    """Takes messages of any channel and brings back what was answered."""

    def __init__(
        self, database: Database, house: House, sender: Sender, mailboxes: Mailboxes, now: Callable[[], datetime]
    ) -> None:
        self.house = house
        self.now = now
        self._database = database
        self._sender = sender
        self._mailboxes = mailboxes
        self._sending: set[asyncio.Task[None]] = set()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def key(self, channel: str, address: str, client_id: str) -> str:
        """A message key that no other person's client can guess or collide with."""
        return f"{self._database.vault.fingerprint(f'key:{channel}', address)[:16]}/{client_id}"

    async def take(self, incoming: Incoming, origin: str = "") -> list[dict[str, Any]]:
        """One turn, committed once; answers as the page reads them (the same ones for a repeated key).

        `origin` is the network it came from, where a channel knows one; TooManyError when that one writes too much.
        """
        async with self._in_order(incoming.channel, incoming.address):
            answers, ids, recipients = await asyncio.to_thread(self._turn, incoming, origin)
        self._mailboxes.wake(recipients)
        self._send_soon(ids)
        return answers

    def _send_soon(self, ids: list[int]) -> None:
        """Send without keeping anybody waiting: the commit was the promise."""
        if ids:
            task = asyncio.create_task(self._sender.send_now(ids))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def ask(self, what: str, origin: str) -> timedelta:
        """Count a try of an address: zero when it may go on, else how long it must wait."""
        if not origin:
            return timedelta()
        return await asyncio.to_thread(self._database.run, lambda uow: limits.take(uow, what, origin, self.now()))

    def _turn(self, incoming: Incoming, origin: str) -> tuple[list[dict[str, Any]], list[int], list[str]]:
        incoming = examine_first(incoming)

        def work(uow: UnitOfWork) -> tuple[list[dict[str, Any]], list[Outbox]]:
            if origin and (wait := limits.take(uow, "message", origin, incoming.at)) > timedelta():
                raise TooManyError(wait.total_seconds())
            person = turn(uow, self.house, incoming)
            rows = people.replies_to(uow, person, incoming.key)
            return [wire.bot_message(uow, self.house, row) for row in rows], uow.outgoing

        answers, rows = self._database.run(work)
        unsent = [row.id or 0 for row in rows if row.sent_at is None]
        return answers, unsent, [row.recipient for row in rows]

    async def history(self, channel: str, address: str) -> list[dict[str, Any]]:
        """The whole talk of the person at this address."""
        return await asyncio.to_thread(self._history, channel, address)

    def _history(self, channel: str, address: str) -> list[dict[str, Any]]:
        with self._person(channel, address) as (uow, person):
            return wire.whole_talk(uow, self.house, person, mailbox(uow, person)) if person else []

    async def news(self, channel: str, address: str, after: int) -> list[dict[str, Any]]:
        """What arrived in the mailbox after a row id."""
        return await asyncio.to_thread(self._news, channel, address, after)

    def _news(self, channel: str, address: str, after: int) -> list[dict[str, Any]]:
        with self._person(channel, address) as (uow, person):
            rows = mailbox(uow, person, after) if person else []
            return [wire.bot_message(uow, self.house, row) for row in rows]

    async def wait(self, channel: str, address: str) -> None:
        """Sleep until there may be news for this address."""
        person = await asyncio.to_thread(self._pseudonym, channel, address)
        await self._mailboxes.wait(person or "")

    def _pseudonym(self, channel: str, address: str) -> str | None:
        with self._person(channel, address) as (_, person):
            return person

    async def claim(self, channel: str, address: str, receipt: str, code: str) -> str | None:
        """Move a receipt to this address; the key of the refusal, or None when it was moved."""
        async with self._in_order(channel, address):
            return await asyncio.to_thread(
                self._database.run,
                lambda uow: claim_here(uow, self.house, channel, address, receipt, code, self.now()),
            )

    async def after_commit(self, ids: list[int]) -> None:
        """Wake and send for rows that somebody else has committed (the desk, the clock)."""
        self._mailboxes.wake(await asyncio.to_thread(self._recipients, ids))
        self._send_soon(ids)

    def _recipients(self, ids: list[int]) -> list[str]:
        with self._database.reading() as uow:
            return recipients_of(uow, ids)

    @contextmanager
    def _person(self, channel: str, address: str) -> Iterator[tuple[UnitOfWork, str | None]]:
        with self._database.reading() as uow:
            yield uow, uow.vault.find(uow.session, f"chat:{channel}", address)

    @asynccontextmanager
    async def _in_order(self, channel: str, address: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault(f"{channel}:{address}", asyncio.Lock())
        async with lock:
            yield
