"""A channel that keeps what it was given and misbehaves on request; obeys the real protocol."""

from dataclasses import dataclass, field

from bot.channels.channel import Limits
from bot.errors import BotError
from texts.render import Rendered


@dataclass
class FakeChannel:
    """Collects sent messages; `troubles` are raised one per call before anything is accepted."""

    name: str = "fake"
    sent: list[tuple[str, str]] = field(default_factory=list)
    edited: list[tuple[str, str]] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    troubles: list[BotError] = field(default_factory=list)
    limits: Limits | None = None

    async def send(self, address: str, message: Rendered, silent: bool) -> str | None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.sent.append((address, message.text))
        return f"x{len(self.sent)}"

    async def edit(self, address: str, external_id: str, message: Rendered) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.edited.append((external_id, message.text))

    async def erase(self, address: str, external_id: str) -> None:
        self.erased.append(external_id)
