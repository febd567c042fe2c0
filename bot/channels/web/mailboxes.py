"""Open pages waiting for news: woken by this process at once, looking by themselves for other processes."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable

LOOK_EVERY = 2.0  # seconds; another process may have written


class Mailboxes:
    """One event per open page, by recipient."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)

    def wake(self, recipients: Iterable[str]) -> None:
        """Tell the open pages of these recipients to look; call on the event loop."""
        for recipient in recipients:
            for event in self._waiting.get(recipient, ()):
                event.set()

    async def wait(self, recipient: str) -> None:
        """Return when there may be news, or after a while."""
        event = asyncio.Event()
        self._waiting[recipient].add(event)
        try:
            await asyncio.wait_for(event.wait(), LOOK_EVERY)
        except TimeoutError:
            pass
        finally:
            self._waiting[recipient].discard(event)
            if not self._waiting[recipient]:
                del self._waiting[recipient]
