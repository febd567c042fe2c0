"""On the page of a dispatch: a link for a colleague who shall fill in the answer, made, shown once, ended."""

from collections.abc import Awaitable, Callable
from datetime import date

from nicegui import ui

from console.border import attempt
from console.desk import Desk
from console.frame import head
from console.markup import tag
from console.unit_actions import Dispatch, UnitHand, make_answer_link, revoke_answer_link
from storage.unit_of_work import UnitOfWork
from texts.dates import say_day


class LinkBox:
    """A fold with one button; the address of a link is shown only when it is made, nobody keeps it."""

    def __init__(self, desk: Desk, hand: UnitHand, dispatch: Dispatch, base: str) -> None:
        self.desk, self.hand, self.base = desk, hand, base
        self.say = desk.house.texts.say
        self.until = dispatch.linked_until
        with ui.element("details").classes("box fold"):
            with ui.element("summary"):
                head(tag("span", self.say("page.answer.box")))
            self.body = ui.element("div").classes("form")
        self.fill()

    def fill(self, address: str | None = None) -> None:
        """Nothing yet, a link just made, or one made earlier."""
        self.body.clear()
        with self.body:
            if address is not None and self.until is not None:
                head(tag("p", self.say("page.answer.send_it", until=say_day(self.until)), class_="warning"))
                ui.input(value=address).props(
                    f'readonly outlined dense aria-label="{self.say("page.answer.link")}"'
                ).on("focus", js_handler="e => e.target.select()").classes("field")
            elif self.until is not None:
                head(tag("p", self.say("page.answer.out", until=say_day(self.until)), class_="soft"))
            else:
                head(tag("p", self.say("page.answer.why"), class_="soft"))
            with ui.element("div").classes("buttons"):
                self._button("again" if self.until else "make", self.make)
                if self.until is not None:
                    self._button("revoke", self.revoke)

    async def make(self) -> None:
        """A fresh link; an earlier one ends."""
        made: list[tuple[str, date]] = []

        def work(uow: UnitOfWork) -> None:
            made[:] = [make_answer_link(uow, self.desk, self.hand)]

        if await attempt(self.desk, work):
            path, self.until = made[0]
            self.fill(self.base.rstrip("/") + path)

    async def revoke(self) -> None:
        """End it."""
        if await attempt(self.desk, lambda uow: revoke_answer_link(uow, self.desk, self.hand)):
            self.until = None
            self.fill()

    def _button(self, name: str, click: Callable[[], Awaitable[None]]) -> None:
        ui.button(self.say(f"page.answer.{name}"), on_click=click).props("no-caps outline")
