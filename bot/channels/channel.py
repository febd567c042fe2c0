"""The protocol every channel fits."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from texts.render import Rendered


@dataclass(frozen=True)
class Limits:
    """Least time between two messages: of the whole channel (`bucket` names it in all processes), of one chat."""

    bucket: str
    overall: timedelta
    per_chat: timedelta


class Channel(Protocol):
    """Delivers rendered messages to addresses of one kind."""

    name: str
    limits: Limits | None

    async def send(self, address: str, message: Rendered, silent: bool) -> str | None:
        """Send and give the channel's own message id; SendLaterError or SendRefusedError otherwise."""
        ...

    async def edit(self, address: str, external_id: str, message: Rendered) -> None:
        """Replace a message sent earlier; same errors."""
        ...

    async def erase(self, address: str, external_id: str) -> None:
        """Remove a message sent earlier where the channel allows; same errors."""
        ...
