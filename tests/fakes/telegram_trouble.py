"""What the fake Telegram does wrong on request: planned and random troubles, rate limits, flood waits."""

import math
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

ANY = "*"
DISTURBED = ("send", "edit", "delete", "answer", "getfile")  # what random misbehaviour touches unless told otherwise


@dataclass(frozen=True)
class Trouble:
    """One request's bad luck: an error status, a delay, a cut connection; `accepted` says whether it still counted."""

    status: int = 0
    retry_after: int = 0
    delay: float = 0.0
    cut: bool = False
    accepted: bool = True

    @classmethod
    def none(cls) -> "Trouble":
        """Nothing happens; leaves a gap in a plan."""
        return cls()

    @classmethod
    def flood(cls, retry_after: int = 1) -> "Trouble":
        """429; for a send, its chat stays closed until the wait is over."""
        return cls(status=429, retry_after=retry_after, accepted=False)

    @classmethod
    def error(cls, status: int = 500, accepted: bool = False, delay: float = 0.0) -> "Trouble":
        """A server error, before or after the request took effect."""
        return cls(status=status, accepted=accepted, delay=delay)

    @classmethod
    def slow(cls, seconds: float) -> "Trouble":
        """Takes effect at once, answers late."""
        return cls(delay=seconds)

    @classmethod
    def cut_before(cls) -> "Trouble":
        """The connection breaks and nothing was accepted."""
        return cls(cut=True, accepted=False)

    @classmethod
    def cut_after(cls, delay: float = 0.0) -> "Trouble":
        """The request took effect, but the connection breaks instead of an answer."""
        return cls(cut=True, delay=delay)

    @classmethod
    def forbidden(cls) -> "Trouble":
        """403 as if the person had blocked the bot, once."""
        return cls(status=403, accepted=False)


FINE = Trouble.none()
USUAL = (
    Trouble.flood(1),
    Trouble.error(500),
    Trouble.error(502),
    Trouble.error(502, accepted=True),
    Trouble.slow(0.2),
    Trouble.cut_before(),
    Trouble.cut_after(),
)


@dataclass
class Plan:
    """Troubles waiting for one method, or for one chat of it."""

    method: str
    chat_id: int | None
    troubles: deque[Trouble]

    def fits(self, method: str, chat_id: int | None) -> bool:
        """True when the next trouble belongs to this request."""
        meant = self.method == method or (self.method == ANY and method != "getupdates")
        return bool(self.troubles) and meant and self.chat_id in (None, chat_id)


@dataclass
class Troubles:
    """Hands out one trouble per request: the plan first, then the dice."""

    plans: list[Plan] = field(default_factory=list)
    dice: Random | None = None
    rate: float = 0.0
    kinds: Sequence[Trouble] = USUAL
    methods: tuple[str, ...] = DISTURBED
    done: list[tuple[str, Trouble]] = field(default_factory=list)

    def plan(self, method: str, troubles: Iterable[Trouble], chat_id: int | None) -> None:
        """Add troubles for the next requests of a method."""
        self.plans.append(Plan(method.lower(), chat_id, deque(troubles)))

    def next(self, method: str, chat_id: int | None) -> Trouble:
        """The trouble of this request, mostly none."""
        trouble = self._planned(method, chat_id) or self._random(method)
        if trouble != FINE:
            self.done.append((method, trouble))
        return trouble

    def clear(self) -> None:
        """From now on everything goes well."""
        self.plans.clear()
        self.dice = None

    def _planned(self, method: str, chat_id: int | None) -> Trouble | None:
        plan = next((each for each in self.plans if each.fits(method, chat_id)), None)
        return plan.troubles.popleft() if plan else None

    def _random(self, method: str) -> Trouble:
        touched = ANY in self.methods or method.startswith(self.methods)
        if self.dice is None or not touched or self.dice.random() >= self.rate:
            return FINE
        return self.dice.choice(self.kinds)


@dataclass(frozen=True)
class Sent:
    """One accepted send, with its monotonic time."""

    at: float
    chat_id: int
    message_id: int
    method: str
    text: str


@dataclass
class Limits:
    """Per-chat, group and overall limits over sliding windows, and flood waits that must be kept."""

    strict: bool = False
    per_chat: int = 1
    overall: int = 30
    group_minute: int = 20
    slack: float = 0.05
    times: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=64)))
    latest: deque[float] = field(default_factory=lambda: deque(maxlen=256))
    closed_until: dict[int, float] = field(default_factory=dict)
    impatient: list[tuple[int, float]] = field(default_factory=list)

    def accept(self, chat_id: int, now: float) -> None:
        """Count an accepted send."""
        self.times[chat_id].append(now)
        self.latest.append(now)

    def close(self, chat_id: int, now: float, seconds: float) -> None:
        """Refuse sends to a chat for a while, as after a 429."""
        self.closed_until[chat_id] = max(now + seconds, self.closed_until.get(chat_id, 0.0))

    def wait(self, chat_id: int, now: float) -> int:
        """Whole seconds that this send must wait, 0 when it may pass; notes senders who came too early."""
        early = self.closed_until.get(chat_id, 0.0) - now
        if early > self.slack:
            self.impatient.append((chat_id, early))
            return math.ceil(early)
        return self._crowded(chat_id, now) if self.strict else 0

    def _crowded(self, chat_id: int, now: float) -> int:
        waits = [
            self._until_free(self.times[chat_id], self.per_chat, 1.0, now),
            self._until_free(self.latest, self.overall, 1.0, now),
            self._until_free(self.times[chat_id], self.group_minute, 60.0, now) if chat_id < 0 else 0.0,
        ]
        seconds = math.ceil(max(waits))
        if seconds:
            self.close(chat_id, now, seconds)
        return seconds

    def _until_free(self, times: deque[float], most: int, window: float, now: float) -> float:
        if len(times) < most:
            return 0.0
        return max(0.0, times[-most] + window - self.slack - now)


def overruns(log: Sequence[Sent], limits: Limits) -> list[str]:
    """Every place in the log where one of the limits was exceeded."""
    chats: dict[int, list[float]] = defaultdict(list)
    for sent in log:
        chats[sent.chat_id].append(sent.at)
    found = _crowds("overall", [sent.at for sent in log], limits.overall, 1.0 - limits.slack)
    for chat_id, times in chats.items():
        found += _crowds(f"chat {chat_id}", times, limits.per_chat, 1.0 - limits.slack)
        if chat_id < 0:
            found += _crowds(f"group {chat_id}", times, limits.group_minute, 60.0 - limits.slack)
    return found


def _crowds(name: str, times: Sequence[float], most: int, window: float) -> list[str]:
    spans = [(last - first, last) for first, last in zip(times, times[most:], strict=False)]
    return [f"{name}: {most + 1} in {span:.3f} s at {last:.3f}" for span, last in spans if span < window]
