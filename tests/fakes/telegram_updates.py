"""The fake Telegram's update queue: confirmed by offset or by 2xx, repeated or shuffled on request."""

import time
from dataclasses import dataclass, field
from random import Random
from typing import Any

Json = dict[str, Any]

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
FIRST_UPDATE_ID = 700_000_001
MOST_PER_POLL = 100


@dataclass
class Entry:
    """One waiting update."""

    update: Json
    created: float
    repeats: int = 0
    served: bool = False
    attempts: int = 0
    not_before: float = 0.0

    @property
    def update_id(self) -> int:
        """The update's own number."""
        return int(self.update["update_id"])


@dataclass
class Webhook:
    """Where updates are pushed, and how that went."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: int = 0


@dataclass
class UpdateQueue:
    """Updates in order of arrival, kept until the bot has confirmed them."""

    entries: list[Entry] = field(default_factory=list)
    next_id: int = FIRST_UPDATE_ID
    allowed: list[str] = field(default_factory=list)
    twice: int = 0
    dice: Random | None = None
    hold: float = 0.0

    def add(self, kind: str, payload: Json) -> bool:
        """Queue an update when its kind is allowed now; later changes do not touch it."""
        wanted = kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT
        if wanted:
            self.entries.append(Entry({"update_id": self.next_id, kind: payload}, time.monotonic()))
            self.next_id += 1
        return wanted

    def confirm(self, offset: int) -> None:
        """Forget what lies before the offset; a negative one keeps only so many from the end."""
        if offset < 0:
            self.entries = self.entries[offset:]
        elif offset > 0:
            self.entries = [each for each in self.entries if each.update_id >= offset or self._repeated(each)]

    def ripe_at(self) -> float | None:
        """When the next batch may go out: later than now while a shuffle collects, None when nothing waits."""
        if not self.entries:
            return None
        return min(max(each.created + (self.hold if self.dice else 0.0), each.not_before) for each in self.entries)

    def batch(self, limit: int) -> list[Json]:
        """The next updates for a poll."""
        chosen = self.entries[: max(1, min(limit, MOST_PER_POLL))]
        if self.dice:
            self.dice.shuffle(chosen)
        for each in chosen:
            self._serve(each)
        return [each.update for each in chosen]

    def next_push(self, now: float) -> Entry | None:
        """The update to push now; failed ones wait their time while others pass them."""
        due = [each for each in self.entries if each.not_before <= now]
        if not due:
            return None
        entry = self.dice.choice(due) if self.dice else due[0]
        self._serve(entry)
        return entry

    def pushed(self, entry: Entry) -> None:
        """The bot answered 2xx."""
        if entry in self.entries and not self._repeated(entry):
            self.entries.remove(entry)

    def failed(self, entry: Entry, now: float, first_wait: float) -> None:
        """The bot did not answer 2xx: again later, each time a little later."""
        entry.not_before = now + min(first_wait * 2**entry.attempts, 5.0)
        entry.attempts += 1

    def _serve(self, entry: Entry) -> None:
        if not entry.served and self.twice > 0:
            self.twice -= 1
            entry.repeats = 1
        entry.served = True

    @staticmethod
    def _repeated(entry: Entry) -> bool:
        again = entry.served and entry.repeats > 0
        entry.repeats -= again
        return again
