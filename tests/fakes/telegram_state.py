"""Everything the fake Telegram knows: chats, messages, files, queries, settings; one lock around it."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from tests.fakes.telegram_trouble import Limits, Sent, Troubles
from tests.fakes.telegram_updates import Json, UpdateQueue, Webhook

FIRST_MESSAGE_ID = 1


class ApiError(Exception):
    """An answer with ok=false."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(why: str) -> ApiError:
    """400 with Telegram's prefix."""
    return ApiError(400, f"Bad Request: {why}")


@dataclass(frozen=True)
class StoredFile:
    """A file that came from a person or from the bot."""

    file_id: str
    path: str
    data: bytes
    size: int
    name: str
    mime: str

    def json(self) -> Json:
        """The fields all kinds of files share."""
        return {"file_id": self.file_id, "file_unique_id": f"u{self.file_id}", "file_size": self.size}


@dataclass
class Chat:
    """A private chat or a group; `open` once the bot may know it, `refusal` when it may not write there."""

    id: int
    kind: str
    name: str
    open: bool = True
    refusal: str = ""
    reply_keyboard: list[str] = field(default_factory=list)
    messages: "dict[int, Message]" = field(default_factory=dict)

    def json(self) -> Json:
        """As in a message."""
        return {"id": self.id, "type": self.kind, "first_name" if self.kind == "private" else "title": self.name}


@dataclass
class Message:
    """One message of a chat, of a person or of the bot."""

    message_id: int
    chat: Chat
    sender: Json
    date: int
    body: Json
    markup: Json | None = None
    silent: bool = False
    protected: bool = False
    edited: int = 0
    touched: int = 0

    @property
    def text(self) -> str:
        """The words, of a text or under a file."""
        return str(self.body.get("text", self.body.get("caption", "")))

    @property
    def keyboard(self) -> list[list[Json]]:
        """Rows of inline buttons."""
        return (self.markup or {}).get("inline_keyboard") or []

    def json(self) -> Json:
        """As the Bot API shows it."""
        shown: Json = {"message_id": self.message_id, "from": self.sender, "chat": self.chat.json(), "date": self.date}
        shown |= self.body
        if self.edited:
            shown["edit_date"] = self.edited
        if self.keyboard:
            shown["reply_markup"] = self.markup
        if self.protected:
            shown["has_protected_content"] = True
        return shown


@dataclass
class Query:
    """A pressed button waiting for its answer."""

    query_id: str
    user_id: int
    at: float
    answer: tuple[str, bool] | None = None


@dataclass(frozen=True)
class Call:
    """One request as it came in; code 0 stands for a cut connection."""

    at: float
    method: str
    params: Json
    code: int


class State:
    """Survives a stop and a start of the server."""

    def __init__(self, token: str, username: str, privacy: bool) -> None:
        self.token = token
        self.privacy = privacy
        self.changes = threading.Condition(threading.RLock())
        self.on_change: Callable[[], None] = lambda: None
        self.bot = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "减负直通车", "username": username}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.queries: dict[str, Query] = {}
        self.query_seconds = 600.0
        self.queue = UpdateQueue()
        self.webhook = Webhook()
        self.webhook_retry = 0.1
        self.troubles = Troubles()
        self.limits = Limits()
        self.log: list[Sent] = []
        self.accepted: Counter[tuple[int, str]] = Counter()
        self.calls: list[Call] = []
        self.actions: list[tuple[int, str]] = []
        self.settings: dict[tuple[str, ...], Any] = {}
        self.poller = 0
        self.last_message_id = FIRST_MESSAGE_ID - 1
        self.last_number = 0

    def changed(self) -> None:
        """Wake everybody who waits, in threads and in the server's loop; call it with the lock held."""
        self.changes.notify_all()
        self.on_change()

    def number(self) -> int:
        """A fresh number for files and queries."""
        self.last_number += 1
        return self.last_number

    def post(self, chat: Chat, sender: Json, body: Json, markup: Json | None = None) -> Message:
        """Put a message into a chat."""
        self.last_message_id += 1
        message = Message(self.last_message_id, chat, sender, int(time.time()), body, markup)
        message.touched = message.message_id
        chat.messages[message.message_id] = message
        return message

    def receive(self, chat: Chat, sender: Json, body: Json) -> Message:
        """A person writes: the bot gets an update where it may read the chat."""
        chat.open = chat.open or chat.kind == "private"
        message = self.post(chat, sender, body)
        self.tell("message", message)
        self.changed()
        return message

    def tell(self, kind: str, message: Message) -> None:
        """An update about a message, where the bot may read it."""
        if self._readable(message.chat, message):
            self.queue.add(kind, message.json())

    def member(self, chat: Chat, sender: Json, old: str, new: str) -> None:
        """The bot's own place in a chat changed."""
        statuses: list[Json] = [{"user": self.bot, "status": status} for status in (old, new)]
        for each in statuses:
            if each["status"] == "kicked":
                each["until_date"] = 0
        payload = {"chat": chat.json(), "from": sender, "date": int(time.time())}
        self.queue.add("my_chat_member", payload | {"old_chat_member": statuses[0], "new_chat_member": statuses[1]})
        self.changed()

    def store(self, data: bytes, name: str, folder: str, mime: str, size: int | None = None) -> StoredFile:
        """Keep a file and give it an id and a path."""
        number = self.number()
        path = f"{folder}/file_{number}{PurePosixPath(name).suffix}"
        stored = StoredFile(f"F{number:08d}", path, data, len(data) if size is None else size, name, mime)
        self.files[stored.file_id] = stored
        return stored

    def _readable(self, chat: Chat, message: Message) -> bool:
        """Private chats always; groups by the bot's privacy mode: commands, mentions, replies, service messages."""
        if chat.refusal:
            return False
        words = message.body.get("text", message.body.get("caption"))
        if chat.kind == "private" or not self.privacy or (words is None and "new_chat_members" in message.body):
            return True
        name = f"@{self.bot['username']}"
        first = (words or "").partition(" ")[0]
        reply = message.body.get("reply_to_message", {}).get("from", {}).get("id") == self.bot["id"]
        return reply or name in (words or "") or (first.startswith("/") and "@" not in first)
