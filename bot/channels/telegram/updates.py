"""Telegram updates as `Incoming`: text, buttons, voice, photos, documents, stickers, edited messages."""

from telegram import Bot, Message, Update
from telegram.constants import FileSizeLimit

from bot.turns import Turns
from dialogs.incoming import Incoming, Kind, Upload

CHANNEL = "telegram"
MOST_DOWNLOAD = int(FileSizeLimit.FILESIZE_DOWNLOAD)


async def read_update(update: Update, bot: Bot, turns: Turns) -> Incoming | None:
    """What a private update says, or None when it says nothing we answer."""
    if update.callback_query is not None and update.callback_query.message is not None:
        return _pressed(update, turns)
    message = update.message or update.edited_message
    if message is None or message.from_user is None:
        return None
    address = str(message.chat_id)
    edited = update.edited_message is not None
    suffix = f"/{int(message.edit_date.timestamp())}" if edited and message.edit_date else ""
    key = turns.key(CHANNEL, address, f"m{message.message_id}{suffix}")
    edits = turns.key(CHANNEL, address, f"m{message.message_id}") if edited else None
    upload = None if edited else await _upload(message, bot)
    words = message.text or message.caption or (message.sticker.emoji if message.sticker else None) or ""
    kind: Kind = "file" if upload else "text"
    return Incoming(CHANNEL, address, key, turns.now(), kind, words, upload=upload, edits=edits)


def _pressed(update: Update, turns: Turns) -> Incoming | None:
    query = update.callback_query
    if query is None or query.message is None:
        return None
    address = str(query.message.chat.id)
    label = _label(update)
    key = turns.key(CHANNEL, address, f"c{query.id}")
    return Incoming(CHANNEL, address, key, turns.now(), "button", label, query.data or "")


def _label(update: Update) -> str:
    """The words on the pressed button, as they stood in the message."""
    query = update.callback_query
    if query is None or not isinstance(query.message, Message) or query.message.reply_markup is None:
        return ""
    rows = query.message.reply_markup.inline_keyboard
    return next((str(b.text) for row in rows for b in row if b.callback_data == query.data), "")


async def _upload(message: Message, bot: Bot) -> Upload | None:
    """The file of a message; one too large to fetch keeps its size, so that the person is told."""
    part = message.voice or message.document or message.audio or message.video or (message.photo or [None])[-1]
    if part is None:
        return None
    name = getattr(part, "file_name", None) or ""
    media_type = getattr(part, "mime_type", None) or ("image/jpeg" if message.photo else "audio/ogg")
    if (part.file_size or 0) > MOST_DOWNLOAD:
        return Upload(name, media_type, b"", message.caption or "", too_large=True)
    file = await bot.get_file(part.file_id)
    return Upload(name, media_type, bytes(await file.download_as_bytearray()), message.caption or "")
