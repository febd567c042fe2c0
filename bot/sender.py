"""The sender: takes outbox rows that may leave, renders them, hands them to their channel, marks them.

Whoever committed calls `send_now` with the new ids. What fails stays in the outbox; the durable engine
(bot/jobs.py) comes back for it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog

from bot.channels.channel import Channel
from bot.errors import SendLaterError, SendRefusedError
from storage import outbox, rates
from storage.database import Database
from storage.models import Outbox, Ticket
from storage.unit_of_work import UnitOfWork
from texts.catalogue import Catalogue
from texts.render import Rendered, render
from tickets.notices import tell_role
from tickets.workflow import Role

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 600.0  # seconds between attempts, doubling
SHORT_WAITS, LONGEST_SHORT_WAIT = 5, 1.5  # the next message of a chat is due a second after the last
SIDE_BY_SIDE = 20
LONGEST_RESERVED = timedelta(seconds=5)  # a slot further away is left to the engine; well inside a lease


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt; `seconds` until the next for `later` and `held` (another attempt is under way)."""

    kind: Literal["sent", "later", "held", "dead", "gone"]
    seconds: float = 0.0


@dataclass(frozen=True)
class Parcel:
    """A row ready to leave: address and rendered words exist only in memory."""

    row: Outbox
    address: str
    message: Rendered
    replaces: str | None
    wait: timedelta  # until the moment reserved for it


class Sender:
    """Delivers outbox rows over the given channels."""

    def __init__(
        self, database: Database, texts: Catalogue, channels: Mapping[str, Channel], now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._texts = texts
        self._channels = channels
        self._now = now

    async def send_now(self, ids: Sequence[int]) -> None:
        """Try rows in order right after their commit; a short wait for a token is waited, a failure is left."""
        for row_id in ids:
            for _ in range(SHORT_WAITS):
                outcome = await self.send_one(row_id)
                if outcome.kind != "later" or outcome.seconds > LONGEST_SHORT_WAIT:
                    break
                await asyncio.sleep(outcome.seconds)

    async def send_left(self, rows: Sequence[tuple[int, str]]) -> list[int]:
        """Try rows (id, recipient) that were left behind, chats side by side; gives those still not settled."""
        chats: dict[str, list[int]] = defaultdict(list)
        for row_id, recipient in rows:
            chats[recipient].append(row_id)
        side_by_side = asyncio.Semaphore(SIDE_BY_SIDE)

        async def one(ids: list[int]) -> list[int]:
            async with side_by_side:
                return [row_id for row_id in ids if (await self.send_one(row_id)).kind == "later"]

        return [row_id for left in await asyncio.gather(*map(one, chats.values())) for row_id in left]

    async def send_one(self, row_id: int) -> Outcome:
        """One attempt for one row: lease, send, mark."""
        parcel = await asyncio.to_thread(self._pick_up, row_id)
        if isinstance(parcel, Outcome):
            return parcel
        await asyncio.sleep(parcel.wait.total_seconds())
        try:
            external_id = await self._hand_over(parcel)
        except SendRefusedError as error:
            return await asyncio.to_thread(self._failed, parcel.row, str(error))
        except SendLaterError as error:
            return await asyncio.to_thread(self._later, parcel.row, error)
        await asyncio.to_thread(self._sent, row_id, external_id)
        return Outcome("sent")

    async def _hand_over(self, parcel: Parcel) -> str | None:
        channel = self._channels[parcel.row.channel]
        if parcel.row.key == outbox.ERASE:
            await channel.erase(parcel.address, str(parcel.row.params["external_id"]))
            return None
        if parcel.replaces is not None:
            await channel.edit(parcel.address, parcel.replaces, parcel.message)
            return parcel.replaces
        return await channel.send(parcel.address, parcel.message, silent=parcel.row.kind == "push")

    def _pick_up(self, row_id: int) -> Parcel | Outcome:
        with self._database.unit_of_work() as uow:
            row = uow.session.get(Outbox, row_id)
            if row is None or row.sent_at is not None or row.undeliverable or row.channel not in self._channels:
                return Outcome("gone")
            free, wait = self._wait(uow, row)
            if not free:
                return Outcome("later", wait.total_seconds())
            taken = outbox.lease(uow, row_id, self._now())
            if taken is None:
                return Outcome("held", self._database.lease_seconds)
            address = self._address(uow, taken)
            message = self._rendered(uow, taken)
            original = uow.session.get(Outbox, taken.edit_of) if taken.edit_of else None
            uow.commit()
        if address is None:
            return self._failed(taken, "no address")
        return Parcel(taken, address, message, original.external_id if original else None, wait)

    def _wait(self, uow: UnitOfWork, row: Outbox) -> tuple[bool, timedelta]:
        """(may go, after how long): its own moment, earlier rows of its chat, then the shared rates."""
        if row.not_before is not None and row.not_before > self._now():
            return False, row.not_before - self._now()
        if outbox.blocked(uow, row):
            return False, timedelta(seconds=1)
        limits = self._channels[row.channel].limits
        if limits is None:
            return True, timedelta()
        spacing = {limits.bucket: limits.overall, f"{limits.bucket}:{row.recipient}": limits.per_chat}
        return rates.reserve(uow, spacing, self._now(), LONGEST_RESERVED)

    def _address(self, uow: UnitOfWork, row: Outbox) -> str | None:
        """Where a row goes: known to the vault, or, for the last answers to somebody erased, sealed in the row."""
        known = uow.vault.address(uow.session, row.recipient, f"chat:{row.channel}")
        return known or outbox.parameters(uow, row).get(outbox.ADDRESS)

    def _rendered(self, uow: UnitOfWork, row: Outbox) -> Rendered:
        if row.key == outbox.ERASE:
            return Rendered("")
        return render(self._texts, row.key, outbox.parameters(uow, row), row.buttons)

    def _sent(self, row_id: int, external_id: str | None) -> None:
        self._database.run(lambda uow: outbox.mark_sent(uow, row_id, external_id, self._now()))

    def _later(self, row: Outbox, error: SendLaterError) -> Outcome:
        """Try again: when the channel says, else after a pause that doubles; a channel-wide pause holds everybody."""
        seconds = error.seconds or _pause(row)
        now, limits = self._now(), self._channels[row.channel].limits
        retry_at = now + timedelta(seconds=seconds)

        def work(uow: UnitOfWork) -> None:
            outbox.mark_failed(uow, row.id or 0, str(error), retry_at, error.maybe_accepted)
            if limits is not None and error.seconds:
                rates.push_back(uow, limits.bucket, retry_at, now)

        self._database.run(work)
        log.warning("not sent yet", outbox=row.id, channel=row.channel, why=str(error), again_in=seconds)
        return Outcome("later", seconds)

    def _failed(self, row: Outbox, why: str) -> Outcome:
        """Never: the row stays as undeliverable, and the desk is told whose news did not arrive."""

        def work(uow: UnitOfWork) -> None:
            outbox.mark_failed(uow, row.id or 0, why, None)
            ticket = uow.session.get(Ticket, row.ticket_id) if row.ticket_id else None
            if ticket is not None:
                tell_role(uow, Role.OPERATOR, "desk.undeliverable", self._now(), ticket)

        self._database.run(work)
        log.warning("undeliverable", outbox=row.id, channel=row.channel, why=why)
        return Outcome("dead")

    async def give_up(self, row_id: int) -> None:
        """The engine has tried often enough."""

        def find() -> Outbox:
            with self._database.reading() as uow:
                return uow.session.get_one(Outbox, row_id)

        await asyncio.to_thread(self._failed, await asyncio.to_thread(find), "given up")


def _pause(row: Outbox) -> float:
    return float(min(FIRST_PAUSE * 2 ** max(row.attempts - 1, 0), LONGEST_PAUSE))
