"""The Bot API methods of the fake Telegram, except getUpdates, which waits (telegram_http)."""

import re
import time
from collections.abc import Callable
from typing import Any

from tests.fakes.telegram_markup import caption_body, check_markup, text_body
from tests.fakes.telegram_params import Params, Upload
from tests.fakes.telegram_settings import SETTINGS
from tests.fakes.telegram_state import ApiError, Chat, Message, State, StoredFile, bad_request
from tests.fakes.telegram_trouble import Sent
from tests.fakes.telegram_updates import Json

Method = Callable[[State, Params], Any]

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"
CHAT_ACTIONS = re.compile(r"typing|upload_(photo|video|voice|document|video_note)|record_(video|voice|video_note)|"
                          r"choose_sticker|find_location")  # fmt: skip
MOST_DOWNLOAD = 20 * 1024 * 1024
MOST_ANSWER = 200


def find_chat(state: State, params: Params, open_only: bool = True) -> Chat:
    """The chat a request means, where the bot may still act."""
    if not params.text("chat_id"):
        raise bad_request("chat_id is empty")
    chat = state.chats.get(params.chat_id or 0)
    if chat is None or not chat.open:
        raise bad_request("chat not found")
    if open_only and chat.refusal:
        raise ApiError(403, f"Forbidden: {chat.refusal}")
    return chat


def send_message(state: State, params: Params) -> Json:
    """A text message, with any keyboard."""
    chat = find_chat(state, params)
    return _accept(state, params, chat, text_body(params.text("text"), params.text("parse_mode")), "sendMessage")


def _sends_file(kind: str) -> Method:
    def send(state: State, params: Params) -> Json:
        """One kind of file, uploaded or known by its id."""
        chat = find_chat(state, params)
        body = caption_body(params.text("caption"), params.text("parse_mode"))
        body |= {kind: _file_json(kind, _given_file(state, params, kind))}
        return _accept(state, params, chat, body, f"send{kind.capitalize()}")

    return send


def _given_file(state: State, params: Params, kind: str) -> StoredFile:
    upload = params.upload(kind)
    if upload is not None:
        return _store(state, upload, kind)
    wanted = params.text(kind)
    if not wanted:
        raise bad_request(f"there is no {kind} in the request")
    if wanted not in state.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return state.files[wanted]


def _store(state: State, upload: Upload, kind: str) -> StoredFile:
    if not upload.data:
        raise bad_request("file must be non-empty")
    return state.store(upload.data, upload.name, f"{kind}s", upload.mime)


def _file_json(kind: str, stored: StoredFile) -> Any:
    shown = stored.json()
    if kind == "photo":
        return [shown | {"width": 800, "height": 600}]
    if kind == "voice":
        return shown | {"duration": 1, "mime_type": stored.mime}
    return shown | {"file_name": stored.name, "mime_type": stored.mime}


def _accept(state: State, params: Params, chat: Chat, body: Json, method: str) -> Json:
    """Put the bot's message into the chat and into the log."""
    markup = check_markup(params.thing("reply_markup"))
    body = body | _reply(params, chat)
    message = state.post(chat, dict(state.bot), body, markup)
    message.silent = params.flag("disable_notification")
    message.protected = params.flag("protect_content")
    if markup and "inline_keyboard" not in markup:
        chat.reply_keyboard = _reply_labels(markup)
    now = time.monotonic()
    state.limits.accept(chat.id, now)
    state.log.append(Sent(now, chat.id, message.message_id, method, message.text))
    state.accepted[chat.id, message.text] += 1
    state.changed()
    return message.json()


def _reply_labels(markup: Json) -> list[str]:
    keys = [key for row in markup.get("keyboard") or [] for key in row]
    return [key if isinstance(key, str) else str(key["text"]) for key in keys]


def _reply(params: Params, chat: Chat) -> Json:
    wanted = params.thing("reply_parameters") or {}
    message_id = wanted.get("message_id") or params.number("reply_to_message_id")
    if not message_id:
        return {}
    original = chat.messages.get(int(message_id))
    if original is not None:
        return {"reply_to_message": {key: value for key, value in original.json().items() if key != "reply_to_message"}}
    if wanted.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def _own_message(state: State, params: Params) -> Message:
    """The bot's message that an edit means."""
    message = find_chat(state, params).messages.get(params.number("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender["id"] != state.bot["id"]:
        raise bad_request("message can't be edited")
    return message


def edit_text(state: State, params: Params) -> Json:
    """New words for a text message of the bot."""
    message = _own_message(state, params)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    body = text_body(params.text("text"), params.text("parse_mode"))
    kept = {key: value for key, value in message.body.items() if key not in ("text", "entities")}
    return _edit(state, params, message, kept | body)


def edit_caption(state: State, params: Params) -> Json:
    """New words under a file of the bot."""
    message = _own_message(state, params)
    if "text" in message.body:
        raise bad_request("there is no caption in the message to edit")
    kept = {key: value for key, value in message.body.items() if key not in ("caption", "caption_entities")}
    return _edit(state, params, message, kept | caption_body(params.text("caption"), params.text("parse_mode")))


def edit_markup(state: State, params: Params) -> Json:
    """A new keyboard, or none."""
    message = _own_message(state, params)
    return _edit(state, params, message, message.body)


def _edit(state: State, params: Params, message: Message, body: Json) -> Json:
    """An edit without a keyboard takes the old one away."""
    markup = check_markup(params.thing("reply_markup"))
    rows = (markup or {}).get("inline_keyboard") or []
    if body == message.body and rows == message.keyboard:
        raise bad_request(NOT_MODIFIED)
    message.body, message.markup = body, markup
    message.edited, message.touched = int(time.time()), state.last_message_id
    state.changed()
    return message.json()


def delete_message(state: State, params: Params) -> bool:
    """In private chats also the person's messages."""
    chat = find_chat(state, params)
    message = chat.messages.get(params.number("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if chat.kind != "private" and message.sender["id"] != state.bot["id"]:
        raise bad_request("message can't be deleted")
    del chat.messages[message.message_id]
    state.changed()
    return True


def answer_query(state: State, params: Params) -> bool:
    """Ends the waiting of a pressed button."""
    query = state.queries.get(params.text("callback_query_id"))
    if query is None or time.monotonic() - query.at > state.query_seconds:
        raise bad_request(OLD_QUERY)
    if len(params.text("text")) > MOST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answer = query.answer or (params.text("text"), params.flag("show_alert"))
    state.changed()
    return True


def chat_action(state: State, params: Params) -> bool:
    """Typing and the like; only recorded."""
    chat = find_chat(state, params)
    if not CHAT_ACTIONS.fullmatch(params.text("action")):
        raise bad_request("wrong parameter action in request")
    state.actions.append((chat.id, params.text("action")))
    state.changed()
    return True


def leave_chat(state: State, params: Params) -> bool:
    """The bot goes; it hears of that itself."""
    chat = find_chat(state, params)
    if chat.kind == "private":
        raise bad_request("chat is not a group or channel chat")
    state.member(chat, dict(state.bot), "member", "left")
    chat.refusal = f"bot is not a member of the {chat.kind} chat"
    return True


def get_file(state: State, params: Params) -> Json:
    """Where to download a file of up to 20 MB."""
    stored = state.files.get(params.text("file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if stored.size > MOST_DOWNLOAD:
        raise bad_request("file is too big")
    return stored.json() | {"file_path": stored.path}


METHODS: dict[str, Method] = {
    **SETTINGS,
    "sendmessage": send_message,
    "sendphoto": _sends_file("photo"),
    "senddocument": _sends_file("document"),
    "sendvoice": _sends_file("voice"),
    "editmessagetext": edit_text,
    "editmessagecaption": edit_caption,
    "editmessagereplymarkup": edit_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_query,
    "sendchataction": chat_action,
    "leavechat": leave_chat,
    "getfile": get_file,
}
