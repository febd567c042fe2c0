"""Everything the pages need, built once in bot/ and handed down as an argument."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from console.login.rules import LoginRules
from storage.database import Database
from tickets.house import House


@dataclass(frozen=True)
class Desk:
    """The console's world; `nudge` tells the sender which outbox rows were just committed."""

    database: Database
    house: House
    secret: str
    now: Callable[[], datetime]
    nudge: Callable[[list[int]], None]
    secure_cookies: bool
    rules: LoginRules = field(default_factory=LoginRules)
    facts: Callable[[], Mapping[str, int | str | None]] = dict  # of the machine, for the health page
    session_id: int | None = None  # of an open page: the sign-in it was opened with; None elsewhere
