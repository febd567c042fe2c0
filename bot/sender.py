"""The sender: takes outbox rows that may leave, renders them, hands them to their channel, marks them.

Whoever committed calls `send_now` with the new ids. What fails stays in the outbox; the durable engine
(bot/jobs.py) comes back for it.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog

from bot.channels.channel import Channel
from bot.errors import SendLaterError, SendRefusedError
from storage import outbox
from storage.database import Database
from storage.models import Outbox
from texts.catalogue import Catalogue
from texts.render import Rendered, render

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 600.0  # seconds between attempts, doubling


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt; `seconds` until the next for `later`."""

    kind: Literal["sent", "later", "dead", "gone"]
    seconds: float = 0.0


@dataclass(frozen=True)
class Parcel:
    """A row ready to leave: address and rendered words exist only in memory."""

    row: Outbox
    address: str
    message: Rendered
    replaces: str | None


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
        """Try rows in order right after their commit; a failure is left to the engine."""
        for row_id in ids:
            await self.send_one(row_id)

    async def send_one(self, row_id: int) -> Outcome:
        """One attempt for one row: lease, send, mark."""
        parcel = await asyncio.to_thread(self._pick_up, row_id)
        if isinstance(parcel, Outcome):
            return parcel
        try:
            external_id = await self._hand_over(parcel)
        except SendRefusedError as error:
            return await asyncio.to_thread(self._failed, parcel.row, str(error), None)
        except SendLaterError as error:
            return await asyncio.to_thread(self._failed, parcel.row, str(error), error.seconds or _pause(parcel.row))
        await asyncio.to_thread(self._sent, row_id, external_id)
        return Outcome("sent")

    async def _hand_over(self, parcel: Parcel) -> str | None:
        channel = self._channels[parcel.row.channel]
        if parcel.replaces is not None:
            await channel.edit(parcel.address, parcel.replaces, parcel.message)
            return parcel.replaces
        return await channel.send(parcel.address, parcel.message, silent=parcel.row.kind == "push")

    def _pick_up(self, row_id: int) -> Parcel | Outcome:
        with self._database.unit_of_work() as uow:
            row = uow.session.get(Outbox, row_id)
            if row is None or row.sent_at is not None or row.undeliverable or row.channel not in self._channels:
                return Outcome("gone")
            if outbox.blocked(uow, row):
                return Outcome("later", 1.0)
            if row.not_before is not None and row.not_before > self._now():
                return Outcome("later", (row.not_before - self._now()).total_seconds())
            taken = outbox.lease(uow, row_id, self._now())
            if taken is None:
                return Outcome("later", self._database.lease_seconds)
            address = uow.vault.address(uow.session, taken.recipient, f"chat:{taken.channel}")
            message = render(self._texts, taken.key, outbox.parameters(uow, taken), taken.buttons)
            original = uow.session.get(Outbox, taken.edit_of) if taken.edit_of else None
            uow.commit()
        if address is None:
            return self._failed(taken, "no address", None)
        return Parcel(taken, address, message, original.external_id if original else None)

    def _sent(self, row_id: int, external_id: str | None) -> None:
        self._database.run(lambda uow: outbox.mark_sent(uow, row_id, external_id, self._now()))

    def _failed(self, row: Outbox, why: str, seconds: float | None) -> Outcome:
        retry_at = None if seconds is None else self._now() + timedelta(seconds=seconds)
        row_id = row.id or 0
        self._database.run(lambda uow: outbox.mark_failed(uow, row_id, why, retry_at))
        log.warning("not sent", outbox=row_id, channel=row.channel, why=why, again_in=seconds)
        return Outcome("dead") if seconds is None else Outcome("later", seconds)


def _pause(row: Outbox) -> float:
    return float(min(FIRST_PAUSE * 2 ** max(row.attempts - 1, 0), LONGEST_PAUSE))
