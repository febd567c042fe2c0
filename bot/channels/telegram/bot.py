"""The Telegram bot: takes private updates to `Turns`, leaves groups, keeps the command menu."""

import asyncio
import logging
import os
from collections.abc import Awaitable
from typing import Any

import structlog
from telegram import BotCommand, Update
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.channels.telegram.updates import read_update
from bot.settings import Settings
from bot.turns import Turns
from dialogs.incoming import Incoming

log = structlog.get_logger()

ALLOWED = ["message", "edited_message", "callback_query"]
MENU = ("new", "my", "q", "add", "urge", "withdraw", "again", "quiet", "afraid", "human", "del", "help")
READ_SECONDS = 15.0  # well inside an outbox lease: a slow answer is over before another process may try
CONNECTIONS = 64


def build_bot(settings: Settings) -> "ExtBot[Any]":
    """The library's bot; retries are ours (the outbox), so its rate limiter never repeats."""

    for name in ("httpx", "httpcore"):  # they log addresses, and ours carries the token
        logging.getLogger(name).setLevel(logging.WARNING)
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # else the library warns at every "too many messages"

    def request() -> HTTPXRequest:
        return HTTPXRequest(
            connection_pool_size=CONNECTIONS, read_timeout=READ_SECONDS, write_timeout=READ_SECONDS,
            connect_timeout=READ_SECONDS, pool_timeout=READ_SECONDS,
        )  # fmt: skip

    base = settings.telegram_base_url.rstrip("/") or "https://api.telegram.org"
    return ExtBot(
        settings.telegram_token.get_secret_value(), base_url=f"{base}/bot", base_file_url=f"{base}/file/bot",
        request=request(), get_updates_request=request(), rate_limiter=AIORateLimiter(max_retries=0),
    )  # fmt: skip


class TelegramBot:
    """Answers updates; knows nothing but how to hand them to `Turns`."""

    def __init__(self, bot: "ExtBot[Any]", turns: Turns) -> None:
        self.bot = bot
        self._turns = turns
        self._comforts: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open connections and set the command menu."""
        await self.bot.initialize()
        say = self._turns.house.texts.say
        self._comfort(self.bot.set_my_commands([BotCommand(c, say(f"menu.{c}")) for c in MENU]))

    async def stop(self) -> None:
        """Close connections."""
        for task in self._comforts:
            task.cancel()
        await self.bot.shutdown()

    async def process(self, update: Update) -> None:
        """One update to its end: afterwards it may be confirmed. Raises when nothing was committed."""
        chat = update.effective_chat
        if chat is None:
            return
        if chat.type != ChatType.PRIVATE:
            self._comfort(self._leave(chat.id))
            return
        self._comfort(self.bot.send_chat_action(chat.id, ChatAction.TYPING))
        incoming: Incoming | None = await read_update(update, self.bot, self._turns)
        if incoming is not None:
            await self._turns.take(incoming)
        if update.callback_query is not None:
            self._comfort(self.bot.answer_callback_query(update.callback_query.id))

    async def _leave(self, chat_id: int) -> None:
        """One line in a group, then out: complaints belong into a private chat."""
        await self.bot.send_message(chat_id, self._turns.house.texts.say("telegram.group"))
        await self.bot.leave_chat(chat_id)

    def _comfort(self, call: Awaitable[object]) -> None:
        """Do something nice that may fail: nobody waits for it, no message depends on it."""

        async def run() -> None:
            try:
                await call
            except TelegramError as error:
                log.info("a comfort failed", why=type(error).__name__)

        task = asyncio.create_task(run())
        self._comforts.add(task)
        task.add_done_callback(self._comforts.discard)
