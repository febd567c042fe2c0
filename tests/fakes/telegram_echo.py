"""A small real bot for trying the fake Telegram: echoes, asks, takes files; by polling and by webhook."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from tests.fakes.telegram_server import FakeTelegram

Context = ContextTypes.DEFAULT_TYPE
App = Application[Any, Any, Any, Any, Any, Any]
YES_NO = InlineKeyboardMarkup.from_column(
    [InlineKeyboardButton("是", callback_data="yes"), InlineKeyboardButton("否", callback_data="no")]
)


async def echo(update: Update, context: Context) -> None:
    assert update.message is not None
    await update.message.reply_text(f"echo {update.message.text}")


async def ask(update: Update, context: Context) -> None:
    assert update.message is not None
    await update.message.reply_text("解决了吗?", reply_markup=YES_NO)


async def pressed(update: Update, context: Context) -> None:
    query = update.callback_query
    assert query is not None
    await query.answer("收到", show_alert=True)
    await query.edit_message_text(f"您选了 {query.data}")


async def edited(update: Update, context: Context) -> None:
    assert update.edited_message is not None
    await update.edited_message.reply_text(f"changed {update.edited_message.text}")


async def got_file(update: Update, context: Context) -> None:
    message = update.message
    assert message is not None
    thing = message.voice or message.document or (message.photo[-1] if message.photo else None)
    assert thing is not None
    data = await (await thing.get_file()).download_as_bytearray()
    await message.reply_document(bytes(data), filename="back.bin", caption=f"{len(data)} bytes {message.caption}")


def build(telegram: FakeTelegram) -> App:
    builder = ApplicationBuilder().token(telegram.token)
    app = builder.base_url(telegram.base_url).base_file_url(telegram.base_file_url).build()
    app.add_handler(CommandHandler("ask", ask))
    app.add_handler(CallbackQueryHandler(pressed))
    app.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, edited))
    app.add_handler(MessageHandler(filters.VOICE | filters.PHOTO | filters.Document.ALL, got_file))
    app.add_handler(MessageHandler(filters.TEXT, echo))
    return app


@asynccontextmanager
async def running(app: App, **polling: Any) -> AsyncIterator[App]:
    assert app.updater is not None
    async with app:
        await app.start()
        await app.updater.start_polling(poll_interval=0, timeout=5, **polling)
        yield app
        await app.updater.stop()
        await app.stop()


@asynccontextmanager
async def hooked(app: App, secret: str) -> AsyncIterator[int]:
    assert app.updater is not None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with app:
        await app.start()
        await app.updater.start_webhook(
            "127.0.0.1", port, "hook", webhook_url=f"http://127.0.0.1:{port}/hook", secret_token=secret
        )
        yield port
        await app.updater.stop()
        await app.stop()
