"""The protocol every channel fits."""

from typing import Protocol

from texts.render import Rendered


class Channel(Protocol):
    """Delivers rendered messages to addresses of one kind."""

    name: str

    async def send(self, address: str, message: Rendered, silent: bool) -> str | None:
        """Send and give the channel's own message id; SendLaterError or SendRefusedError otherwise."""
        ...

    async def edit(self, address: str, external_id: str, message: Rendered) -> None:
        """Replace a message sent earlier; same errors."""
        ...
