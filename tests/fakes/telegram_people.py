"""The people on the other side of the fake Telegram: they write, press, send files, wait for answers."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.fakes.telegram_markup import caption_body, entities
from tests.fakes.telegram_state import Chat, Message, Query, State, StoredFile
from tests.fakes.telegram_updates import Json

T = TypeVar("T")
BLOCKED = "bot was blocked by the user"
PIXEL = b"\x89PNG\r\n\x1a\n" + b"\0" * 24


@dataclass(frozen=True)
class Seen:
    """A message of the bot as a person sees it now."""

    message_id: int
    text: str
    buttons: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    silent: bool
    edited: bool
    touched: int
    protected: bool = False
    file_name: str = ""
    data: bytes = b""
    reply_to: int | None = None


class Person:
    """One person in one chat with the bot; all methods may be called from any thread."""

    def __init__(self, state: State, user: Json, chat: Chat) -> None:
        self.state = state
        self.user = user
        self.chat = chat

    @property
    def user_id(self) -> int:
        """The person's number."""
        return int(self.user["id"])

    def starts(self, payload: str = "") -> int:
        """Opens the chat with /start, through a deep link when there is a payload."""
        return self.says(f"/start {payload}".strip())

    def says(self, text: str, **fields: Any) -> int:
        """Writes a text; returns its message_id."""
        marks = entities(text)
        return self.sends(text=text, **({"entities": marks} if marks else {}), **fields)

    def sends(self, **body: Any) -> int:
        """Sends a message with any fields of the Bot API's Message."""
        with self.state.changes:
            assert self.chat.refusal != BLOCKED, "a person cannot write to a bot they have blocked"
            return self.state.receive(self.chat, self.user, body).message_id

    def sends_voice(self, data: bytes, duration: int = 3, size: int | None = None, **fields: Any) -> int:
        """Sends a voice message."""
        shown = self._store(data, "voice.oga", "voice", "audio/ogg", size)
        return self.sends(voice=shown | {"duration": duration, "mime_type": "audio/ogg"}, **fields)

    def sends_photo(self, data: bytes = PIXEL, caption: str = "", size: int | None = None, **fields: Any) -> int:
        """Sends a photo, in two sizes as Telegram makes them."""
        small = self._store(data[:24], "photo.jpg", "photos", "image/jpeg", None) | {"width": 90, "height": 60}
        large = self._store(data, "photo.jpg", "photos", "image/jpeg", size) | {"width": 1280, "height": 853}
        return self.sends(photo=[small, large], **caption_body(caption, ""), **fields)

    def sends_document(
        self, name: str, data: bytes, caption: str = "", mime: str = "application/octet-stream",
        size: int | None = None, **fields: Any,
    ) -> int:  # fmt: skip
        """Sends a file; `size` overrides the size that Telegram reports."""
        shown = self._store(data, name, "documents", mime, size) | {"file_name": name, "mime_type": mime}
        return self.sends(document=shown, **caption_body(caption, ""), **fields)

    def sends_sticker(self, emoji: str = "👍", **fields: Any) -> int:
        """Sends a sticker."""
        shown = self._store(b"webp", "sticker.webp", "stickers", "image/webp", None)
        kind = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self.sends(sticker=shown | kind | {"emoji": emoji}, **fields)

    def edits(self, message_id: int, text: str) -> None:
        """Changes an own message."""
        with self.state.changes:
            message = self.chat.messages[message_id]
            assert message.sender["id"] == self.user_id, "people edit their own messages"
            marks = entities(text)
            kept = {key: value for key, value in message.body.items() if key not in ("text", "entities")}
            message.body = kept | {"text": text} | ({"entities": marks} if marks else {})
            message.edited, message.touched = int(time.time()), self.state.last_message_id
            self.state.tell("edited_message", message)
            self.state.changed()

    def presses(self, label: str, on: int | None = None) -> str:
        """Presses a button on the newest message that has it, or on a given one; returns the query's id."""
        with self.state.changes:
            found = self._button(label, on)
            if found is None:
                assert label in self.chat.reply_keyboard, f"no button {label!r} among {self._labels()}"
                return str(self.says(label))
            message, button = found
            assert "callback_data" in button, f"{label!r} opens {button} and sends nothing to the bot"
            return self._query(message, button["callback_data"])

    def taps(self, message_id: int, data: str) -> str:
        """Sends a callback query that no visible button offers, as a stale or a forged client can."""
        with self.state.changes:
            return self._query(self.chat.messages[message_id], data)

    def blocks_bot(self) -> None:
        """Stops the bot; it hears of that and may not write any more."""
        with self.state.changes:
            self.chat.refusal = BLOCKED
            self.state.member(self.chat, self.user, "member", "kicked")

    def unblocks_bot(self) -> None:
        """Lets the bot write again."""
        with self.state.changes:
            self.chat.refusal = ""
            self.state.member(self.chat, self.user, "kicked", "member")

    def in_group(self, group: "Group") -> "Person":
        """The same person, acting in a group."""
        return Person(self.state, self.user, group.chat)

    @property
    def inbox(self) -> list[Seen]:
        """The bot's messages that are visible now, oldest first."""
        with self.state.changes:
            return [self._seen(each) for each in self.chat.messages.values() if each.sender["is_bot"]]

    @property
    def history(self) -> list[Seen]:
        """All visible messages of the chat, people's too."""
        with self.state.changes:
            return [self._seen(each) for each in self.chat.messages.values()]

    @property
    def toasts(self) -> list[tuple[str, bool]]:
        """Answers to this person's button presses: text, and whether shown as an alert."""
        with self.state.changes:
            mine = [each for each in self.state.queries.values() if each.user_id == self.user_id]
            return [each.answer for each in mine if each.answer is not None]

    def answered(self, query_id: str) -> bool:
        """True when the bot has answered this button press."""
        with self.state.changes:
            return self.state.queries[query_id].answer is not None

    def wait_for(self, substring: str, seconds: float = 60.0, after: int = 0) -> Seen:
        """Blocks until the bot's message is there, new or edited after a message_id; fails with the inbox."""
        return self.wait_until(lambda: self._newest(substring, after), seconds, f"a message with {substring!r}")

    async def until(self, substring: str, seconds: float = 5.0, after: int = 0) -> Seen:
        """As wait_for, for tests whose bot runs in the same event loop."""
        return await asyncio.to_thread(self.wait_for, substring, seconds, after)

    def wait_until(self, ready: Callable[[], T | None], seconds: float = 5.0, what: str = "it") -> T:
        """Blocks until `ready` gives something true; fails with the inbox."""
        with self.state.changes:
            found = self.state.changes.wait_for(ready, seconds)
            assert found, f"waited {seconds} s for {what}; inbox: {[each.text for each in self.inbox]}"
            return found

    def _newest(self, substring: str, after: int) -> Seen | None:
        fits = [each for each in self.inbox if substring in each.text and (not after or self._since(each, after))]
        return fits[-1] if fits else None

    @staticmethod
    def _since(seen: Seen, after: int) -> bool:
        return seen.message_id > after or (seen.edited and seen.touched >= after)

    def _store(self, data: bytes, name: str, folder: str, mime: str, size: int | None) -> Json:
        with self.state.changes:
            return self.state.store(data, name, folder, mime, size).json()

    def _button(self, label: str, on: int | None) -> tuple[Message, Json] | None:
        for message in reversed(self.chat.messages.values()):
            for button in (each for row in message.keyboard for each in row):
                if button["text"] == label and on in (None, message.message_id):
                    return message, button
        return None

    def _labels(self) -> list[str]:
        return [label for seen in self.inbox for label in seen.buttons] + self.chat.reply_keyboard

    def _query(self, message: Message, data: str) -> str:
        query = Query(str(4_000_000_000 + self.state.number()), self.user_id, time.monotonic())
        self.state.queries[query.query_id] = query
        payload = {"id": query.query_id, "from": self.user, "message": message.json(), "data": data}
        self.state.queue.add("callback_query", payload | {"chat_instance": str(self.chat.id)})
        self.state.changed()
        return query.query_id

    def _seen(self, message: Message) -> Seen:
        rows = tuple(tuple(str(button["text"]) for button in row) for row in message.keyboard)
        stored = self._file(message.body)
        return Seen(
            message_id=message.message_id,
            text=message.text,
            buttons=tuple(label for row in rows for label in row),
            rows=rows,
            silent=message.silent,
            edited=bool(message.edited),
            touched=message.touched,
            protected=message.protected,
            file_name=stored.name if stored else "",
            data=stored.data if stored else b"",
            reply_to=message.body.get("reply_to_message", {}).get("message_id"),
        )

    def _file(self, body: Json) -> StoredFile | None:
        photo = (body.get("photo") or [{}])[-1]
        shown = body.get("document") or body.get("voice") or body.get("sticker") or photo
        return self.state.files.get(shown.get("file_id", ""))


class Group:
    """A group chat that the bot can be added to and removed from."""

    def __init__(self, state: State, chat: Chat) -> None:
        self.state = state
        self.chat = chat

    @property
    def chat_id(self) -> int:
        """Negative, as for all groups."""
        return self.chat.id

    @property
    def has_bot(self) -> bool:
        """True while the bot is a member."""
        return self.chat.open and not self.chat.refusal

    def adds_bot(self, by: Person) -> None:
        """A person adds the bot: it hears of its membership and sees the service message."""
        with self.state.changes:
            self.chat.open, self.chat.refusal = True, ""
            self.state.member(self.chat, by.user, "left", "member")
            self.state.receive(self.chat, by.user, {"new_chat_members": [dict(self.state.bot)]})

    def removes_bot(self, by: Person) -> None:
        """A person throws the bot out."""
        with self.state.changes:
            self.chat.refusal = f"bot was kicked from the {self.chat.kind} chat"
            self.state.member(self.chat, by.user, "member", "kicked")
