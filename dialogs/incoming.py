"""One message as every channel hands it over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tickets.uploads import Examined

MOST_CHARACTERS = 5000

Kind = Literal["text", "button", "file", "voice"]


@dataclass(frozen=True)
class Upload:
    """A file as it arrived; `caption` is what was written beside it."""

    name: str
    media_type: str
    content: bytes
    caption: str = ""
    too_large: bool = False  # the channel would not hand it over
    examined: Examined | None = None  # judged and cleaned before the transaction, because that is slow


@dataclass(frozen=True)
class Incoming:
    """A message, a pressed button or a file from one address in one channel; `key` is its unique id there."""

    channel: str
    address: str
    key: str
    at: datetime
    kind: Kind = "text"
    text: str = ""
    payload: str = ""
    upload: Upload | None = None
    edits: str | None = None  # key of an earlier message that this one corrects
