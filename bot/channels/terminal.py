"""The same conversation in the terminal: a line is a message, a number presses a button, end of input ends."""

import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import count

from rich.console import Console

from dialogs.engine import turn
from dialogs.incoming import Incoming
from storage import people
from storage.database import Database
from storage.models import Outbox
from storage.outbox import mark_sent, parameters
from storage.unit_of_work import UnitOfWork
from texts.render import Button, Rendered, render
from tickets.house import House

CHANNEL = "terminal"
ADDRESS = "this terminal"


class TerminalTalk:
    """One talk at one terminal."""

    def __init__(self, database: Database, house: House, now: Callable[[], datetime], console: Console) -> None:
        self._database = database
        self._house = house
        self._now = now
        self._console = console
        self._buttons: list[Button] = []
        self._session = f"{now():%Y%m%d%H%M%S%f}"
        self._numbers = count(1)

    def run(self, lines: Iterable[str]) -> None:
        """Talk until the lines end."""
        self._console.print(self._house.texts.say("welcome"), markup=False)
        for line in lines:
            for shown in self.hear(line.rstrip("\n")):
                self._print(shown)

    def hear(self, line: str) -> list[Rendered]:
        """One line: a message, or the number of a button shown before."""
        chosen = int(line) if line.strip().isdecimal() and len(line) < 3 else 0
        button = self._buttons[chosen - 1] if 0 < chosen <= len(self._buttons) else None
        incoming = Incoming(
            CHANNEL, ADDRESS, f"{self._session}/{next(self._numbers)}", self._now(),
            kind="button" if button else "text", text=button.label if button else line,
            payload=button.payload if button else "",
        )  # fmt: skip
        return self._database.run(lambda uow: self._turn(uow, incoming))

    def _turn(self, uow: UnitOfWork, incoming: Incoming) -> list[Rendered]:
        person = turn(uow, self._house, incoming)
        rows = people.replies_to(uow, person, incoming.key)
        for row in rows:  # printing cannot fail later, so the commit is the delivery here too
            mark_sent(uow, row.id or 0, None, incoming.at)
        return [self._rendered(uow, row) for row in rows]

    def _rendered(self, uow: UnitOfWork, row: Outbox) -> Rendered:
        return render(self._house.texts, row.key, parameters(uow, row), row.buttons)

    def _print(self, shown: Rendered) -> None:
        self._console.print(f"\n{shown.text}", markup=False, highlight=False)
        buttons = [button for line in shown.buttons for button in line]
        if buttons:
            self._buttons = buttons
            self._console.print(
                "  ".join(f"[{number}] {button.label}" for number, button in enumerate(buttons, 1)), markup=False
            )


def talk_here(database: Database, house: House, now: Callable[[], datetime]) -> None:
    """`jianfu chat`: read stdin, write stdout."""
    TerminalTalk(database, house, now, Console(soft_wrap=True)).run(sys.stdin)
