"""Sending over Telegram: our messages as theirs, their errors as ours."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.channel import Limits
from bot.errors import SendLaterError, SendRefusedError
from texts.render import Rendered

MOST_CHARACTERS = 4096
# what Telegram allows is 30 a second and one a second per chat; spaced a little wider, so that jitter cannot exceed it
OVERALL, PER_CHAT = timedelta(milliseconds=40), timedelta(milliseconds=1050)
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
SAME = "message is not modified"
GONE = ("message to delete not found", "message can't be deleted", "message to edit not found")


class TelegramChannel:
    """One bot; its token names the shared rate bucket only as a hash."""

    name = "telegram"

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        digest = hashlib.sha256(bot.token.encode()).hexdigest()[:16]
        self.limits: Limits | None = Limits(f"telegram:{digest}", OVERALL, PER_CHAT)

    async def send(self, address: str, message: Rendered, silent: bool) -> str | None:
        """Send one message with its buttons; a push makes no sound."""
        async with _errors_as_ours():
            sent = await self._bot.send_message(
                int(address), message.text[:MOST_CHARACTERS], reply_markup=_keyboard(message),
                disable_notification=silent,
            )  # fmt: skip
            return str(sent.message_id)

    async def edit(self, address: str, external_id: str, message: Rendered) -> None:
        """Replace the text and buttons of a message; unchanged or gone counts as done."""
        async with _errors_as_ours():
            await self._bot.edit_message_text(
                message.text[:MOST_CHARACTERS], int(address), int(external_id), reply_markup=_keyboard(message)
            )

    async def erase(self, address: str, external_id: str) -> None:
        """Delete a message where Telegram still allows it."""
        async with _errors_as_ours():
            await self._bot.delete_message(int(address), int(external_id))


def _keyboard(message: Rendered) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    rows = [[InlineKeyboardButton(b.label, callback_data=b.payload) for b in row] for row in message.buttons]
    return InlineKeyboardMarkup(rows)


@asynccontextmanager
async def _errors_as_ours() -> AsyncIterator[None]:
    """Refused for good, not now, or perhaps accepted; the token stands in no error of ours."""
    try:
        yield
    except RetryAfter as error:
        raise SendLaterError("too many messages", _seconds(error)) from None
    except (Forbidden, InvalidToken) as error:
        raise SendRefusedError(error.message) from None
    except BadRequest as error:
        if SAME in error.message.lower() or error.message.lower() in GONE:
            return
        raise SendRefusedError(error.message) from None
    except NetworkError as error:
        never_sent = isinstance(error.__cause__, NEVER_SENT)
        raise SendLaterError("no answer", maybe_accepted=not never_sent) from None
    except TelegramError as error:
        raise SendLaterError(error.message, maybe_accepted=True) from None


def _seconds(error: RetryAfter) -> float:
    pause = error.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)
