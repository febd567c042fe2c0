"""`/desk/unsealing`: ask to open an identity, approve it, see it once. Special desk and auditor only."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from fastapi import Request, Response
from nicegui import ui

from console import fields, unsealing_data
from console.border import attempt, look
from console.desk import Desk
from console.errors import SignedOutError
from console.frame import frame, head
from console.keeping_pages import note_denied
from console.login.logins_page import not_signed_in
from console.markup import Html, join, tag
from console.plain import plain_page
from console.present import present
from console.staff import DESK_AREA
from console.ticket_markup import facts
from console.unsealing_data import ROLES, UnsealingDraft, UnsealingSheet
from storage.unit_of_work import UnitOfWork
from texts.dates import say_moment
from tickets.unsealing import GROUNDS, UnsealingView
from tickets.workflow import Role


def add_unsealing_page(desk: Desk) -> None:
    """Register the page."""

    @ui.page("/desk/unsealing", title=desk.house.texts.say("page.unsealing.title"))
    async def unsealing_page(request: Request) -> Response | None:
        here = await present(desk, request, DESK_AREA)
        if here is None:
            return not_signed_in(desk, DESK_AREA)
        if here.session.role not in ROLES:
            await asyncio.to_thread(note_denied, desk, here.session, "unsealing")
            return plain_page(desk.house.texts, "error.role", 403)
        page = UnsealingPage(here.desk, here.member.id, here.session.role)
        await page.load()
        frame(desk, DESK_AREA, here)
        page.body = ui.element("main").classes("sheet narrow")
        page.fill()
        return None


class UnsealingPage:
    """The state of one open page; an opened value lives in the browser's page alone, until it is left."""

    sheet: UnsealingSheet
    body: ui.element

    def __init__(self, desk: Desk, staff_id: int, role: Role) -> None:
        self.desk, self.staff_id, self.role = desk, staff_id, role
        self.say, self.draft = desk.house.texts.say, UnsealingDraft()
        self.opened: dict[int, tuple[tuple[str, str], ...]] = {}

    async def load(self) -> None:
        """Read the requests."""
        desk, staff_id, role = self.desk, self.staff_id, self.role
        self.sheet = await look(desk, lambda uow: unsealing_data.load_requests(uow, desk, staff_id, role))

    def fill(self) -> None:
        """Write the page from what was read."""
        self.body.clear()
        with self.body:
            head(join(tag("h1", self.say("page.unsealing.title")), tag("p", self.say("page.unsealing.rule"))))
            if self.role is Role.SPECIAL:
                self._form()
            for row in self.sheet.rows:
                with ui.element("section").classes("box form"):
                    head(self._row(row))
                    self._buttons(row)
            if not self.sheet.rows:
                head(tag("p", self.say("page.unsealing.empty"), class_="empty"))

    async def ask(self) -> None:
        """Ask; what was typed stays when it is refused."""
        done = self.say("page.done", action=self.say("page.unsealing.ask"))
        if await attempt(self.desk, lambda uow: unsealing_data.ask(uow, self.desk, self.staff_id, self.draft), done):
            self.draft = UnsealingDraft()
            await self._again()

    async def approve(self, row_id: int) -> None:
        """One of the two approvals."""
        desk, staff_id, role = self.desk, self.staff_id, self.role
        await attempt(desk, lambda uow: unsealing_data.approve(uow, desk, staff_id, role, row_id))
        await self._again()

    async def refuse(self, row_id: int) -> None:
        """Refuse with the reason that stands in the field."""
        desk, staff_id, role, why = self.desk, self.staff_id, self.role, self.draft.refusal
        if await attempt(desk, lambda uow: unsealing_data.refuse(uow, desk, staff_id, role, row_id, why)):
            self.draft.refusal = ""
        await self._again()

    async def open(self, row_id: int) -> None:
        """See the identity, once: after a reload it is gone."""
        found: list[tuple[tuple[str, str], ...]] = []

        def work(uow: UnitOfWork) -> None:
            found[:] = [unsealing_data.open_once(uow, self.desk, self.staff_id, row_id)]

        if await attempt(self.desk, work):
            self.opened[row_id] = found[0]
        await self._again()

    async def _again(self) -> None:
        try:
            await self.load()
        except SignedOutError:
            ui.navigate.to(f"/{DESK_AREA}")
            return
        self.fill()

    def _form(self) -> None:
        say = self.say
        with ui.element("section").classes("box form"):
            head(tag("h2", say("page.unsealing.ask")))
            fields.line(self.draft, "receipt", say("page.column.receipt"))
            grounds = {each: say(f"special.ground.{each}") for each in GROUNDS}
            fields.choice(self.draft, "ground", say("field.ground"), grounds)
            fields.area(self.draft, "reason", say("page.unsealing.reason"))
            fields.line(self.draft, "untold_because", say("page.unsealing.untold"))
            ui.button(say("page.unsealing.ask"), on_click=self.ask).props("no-caps unelevated")

    def _row(self, row: UnsealingView) -> Html:
        say, name = self.say, self.sheet.names.get
        pairs = [
            (say("page.column.receipt"), row.receipt), (say("field.ground"), say(f"special.ground.{row.ground}")),
            (say("page.unsealing.reason"), row.reason),
            (say("page.unsealing.asked_by"), f"{name(row.requested_by, '')} {say_moment(row.requested_at)}"),
            (say("page.unsealing.special_by"), name(row.special_by or 0, "—")),
            (say("page.unsealing.auditor_by"), name(row.auditor_by or 0, "—")),
        ]  # fmt: skip
        pairs += (
            [(say("page.unsealing.until"), say_moment(row.expires_at))] if row.stand in ("waiting", "approved") else []
        )
        pairs += [(say("page.unsealing.untold"), row.untold_because)] if row.untold_because else []
        pairs += [(say("page.unsealing.refusal"), row.refusal)] if row.refusal else []
        pairs += [
            (say("page.unsealing.address", kind=kind.removeprefix("chat:")), value)
            for kind, value in self.opened.get(row.id, ())
        ]
        return join(tag("h2", f"{row.id} ", say(f"page.unsealing.stand.{row.stand}")), facts(pairs))

    def _buttons(self, row: UnsealingView) -> None:
        """Only what this reader may still do; the use case decides all the same."""
        given = row.special_by if self.role is Role.SPECIAL else row.auditor_by
        others = self.staff_id not in (row.requested_by, row.special_by, row.auditor_by)
        with ui.element("div").classes("buttons"):
            if row.stand == "waiting" and given is None and others:
                self._button("approve", partial(self.approve, row.id))
                fields.line(self.draft, "refusal", self.say("page.unsealing.refusal"))
                self._button("refuse", partial(self.refuse, row.id), main=False)
            if row.stand == "approved" and row.requested_by == self.staff_id and self.role is Role.SPECIAL:
                self._button("open", partial(self.open, row.id))

    def _button(self, name: str, click: Callable[[], Awaitable[None]], main: bool = True) -> None:
        button = ui.button(self.say(f"page.unsealing.{name}"), on_click=click)
        button.props("no-caps unelevated" if main else "no-caps outline")
