"""How the fake Telegram reads texts and keyboards: lengths, entities, HTML, buttons."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram_state import bad_request
from tests.fakes.telegram_updates import Json

MOST_TEXT = 4096
MOST_CAPTION = 1024
MOST_BUTTON_BYTES = 64
MOST_BUTTONS = 100
PLAIN_ENTITIES = {
    "bot_command": re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(@[A-Za-z0-9_]{3,32})?"),
    "mention": re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}"),
    "url": re.compile(r"https?://[^\s,。;]+"),
}
HTML_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "a": "text_link", "tg-spoiler": "spoiler", "span": "spoiler", "blockquote": "blockquote",
}  # fmt: skip
HTML_TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z-]*)([^<>]*)>|<|[^<]+")
HREF = re.compile(r"""href\s*=\s*["']([^"']*)["']""")
KEYBOARDS = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")
ACTIONS = ("callback_data", "url", "web_app", "login_url", "switch_inline_query", "copy_text", "pay")


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def entities(text: str) -> list[Json]:
    """What Telegram itself marks in a plain text."""
    found = [
        {"type": kind, "offset": units(text[: hit.start()]), "length": units(hit.group())}
        for kind, pattern in PLAIN_ENTITIES.items()
        for hit in pattern.finditer(text)
    ]
    return sorted(found, key=lambda each: int(each["offset"]))


@dataclass
class HtmlReader:
    """Reads Telegram's small HTML into text and entities."""

    text: str = ""
    marks: list[Json] = field(default_factory=list)
    stack: list[tuple[str, Json]] = field(default_factory=list)

    def read(self, source: str) -> tuple[str, list[Json]]:
        """The plain text and its entities, or 400 as Telegram says it."""
        for token in HTML_TOKEN.finditer(source):
            closing, tag, rest = token.groups()
            if token.group() == "<":
                raise self._broken("Unexpected character after <", token.start())
            if tag is None:
                self.text += html.unescape(token.group())
            elif closing:
                self._close(tag.lower(), token.start())
            else:
                self._open(tag.lower(), rest, token.start())
        if self.stack:
            tag = self.stack[-1][0]
            raise bad_request(f"can't parse entities: Can't find end tag corresponding to start tag \"{tag}\"")
        return self.text, self.marks

    def _open(self, tag: str, rest: str, at: int) -> None:
        if tag not in HTML_TAGS:
            raise self._broken(f'Unsupported start tag "{tag}"', at)
        mark: Json = {"type": HTML_TAGS[tag], "offset": units(self.text), "length": 0}
        if href := HREF.search(rest):
            mark["url"] = href.group(1)
        self.stack.append((tag, mark))

    def _close(self, tag: str, at: int) -> None:
        if not self.stack or self.stack[-1][0] != tag:
            raise self._broken(f'Unmatched end tag, found "</{tag}>"', at)
        _, mark = self.stack.pop()
        mark["length"] = units(self.text) - mark["offset"]
        if mark["length"]:
            self.marks.append(mark)

    @staticmethod
    def _broken(why: str, at: int) -> Exception:
        return bad_request(f"can't parse entities: {why} at byte offset {at}")


def read_words(text: str, parse_mode: str) -> tuple[str, list[Json]]:
    """A text as it will be shown; Markdown passes unread."""
    plain, marks = HtmlReader().read(text) if parse_mode.lower() == "html" else (text, [])
    shown = plain.strip()
    lead = units(plain) - units(plain.lstrip())
    marks = [mark | {"offset": max(0, mark["offset"] - lead)} for mark in marks]
    return shown, sorted([*marks, *entities(shown)], key=lambda each: int(each["offset"]))


def text_body(text: str, parse_mode: str) -> Json:
    """The body of a text message, or 400 for empty and too long."""
    shown, marks = read_words(text, parse_mode)
    if not shown:
        raise bad_request("message text is empty")
    if units(shown) > MOST_TEXT:
        raise bad_request("message is too long")
    return {"text": shown, "entities": marks} if marks else {"text": shown}


def caption_body(text: str, parse_mode: str) -> Json:
    """The caption of a file, often none."""
    shown, marks = read_words(text, parse_mode)
    if units(shown) > MOST_CAPTION:
        raise bad_request("message caption is too long")
    if not shown:
        return {}
    return {"caption": shown, "caption_entities": marks} if marks else {"caption": shown}


def check_markup(markup: Any) -> Json | None:
    """A keyboard as given, or 400 for one that Telegram would refuse."""
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if not any(key in markup for key in KEYBOARDS):
        raise bad_request("can't parse reply keyboard markup JSON object")
    rows = markup.get("inline_keyboard") or []
    buttons = [button for row in rows for button in row]
    for button in buttons:
        _check_button(button)
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return markup | {"inline_keyboard": [row for row in rows if row]} if "inline_keyboard" in markup else markup


def _check_button(button: Json) -> None:
    if not button.get("text"):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not any(key in button for key in ACTIONS):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    size = len(str(button.get("callback_data", "x")).encode())
    if not 1 <= size <= MOST_BUTTON_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
