"""`/desk/case/{id}`: one case of the special desk: what was said, take it, write to the person, end it."""

import asyncio

from fastapi import Request, Response
from nicegui import ui

from console import fields
from console.border import attempt
from console.case_data import CASE_ACTIONS, CaseDraft, CaseSheet, open_sheet
from console.desk import Desk
from console.errors import SignedOutError
from console.frame import frame, head
from console.keeping_pages import note_denied
from console.login.logins_page import not_signed_in
from console.markup import Html, join, tag
from console.plain import plain_page
from console.present import present
from console.staff import DESK_AREA
from console.ticket_markup import box, facts
from texts.dates import say_moment
from tickets.errors import TicketError, UnknownTicketError
from tickets.workflow import Role


def add_case_page(desk: Desk) -> None:
    """Register the page."""

    @ui.page("/desk/case/{case_id}", title=desk.house.texts.say("page.desk"))
    async def case_page(request: Request, case_id: int) -> Response | None:
        here = await present(desk, request, DESK_AREA)
        if here is None:
            return not_signed_in(desk, DESK_AREA)
        if here.session.role is not Role.SPECIAL:
            await asyncio.to_thread(note_denied, desk, here.session, f"case:{case_id}")
            return plain_page(desk.house.texts, "error.role", 403)
        page = CasePage(here.desk, here.member.id, case_id)
        try:
            await page.load()
        except TicketError as error:
            return plain_page(desk.house.texts, error.key, 404 if isinstance(error, UnknownTicketError) else 403)
        frame(desk, DESK_AREA, here)
        page.body = ui.element("main").classes("sheet narrow")
        page.fill()
        return None


class CasePage:
    """The state of one open case."""

    sheet: CaseSheet
    body: ui.element

    def __init__(self, desk: Desk, staff_id: int, case_id: int) -> None:
        self.desk, self.staff_id, self.case_id = desk, staff_id, case_id
        self.say, self.draft = desk.house.texts.say, CaseDraft()

    async def load(self) -> None:
        """Read the case."""
        self.sheet = await asyncio.to_thread(open_sheet, self.desk, self.staff_id, self.case_id)

    def fill(self) -> None:
        """Write the page from what was read."""
        view = self.sheet.view
        self.body.clear()
        with self.body:
            head(self._reading())
            if view.closed_at is not None:
                return
            with ui.element("section").classes("box form"):
                if view.taken_by is None:
                    self._button("take")
                elif self.sheet.mine:
                    self._acting()
                else:
                    head(tag("p", self.say("page.case.taken", name=self.sheet.taken_by), class_="soft"))

    async def act(self, name: str) -> None:
        """One button: one use case, one commit."""
        done = self.say("page.done", action=self.say(f"page.case.{name}"))
        work = CASE_ACTIONS[name]
        if await attempt(self.desk, lambda uow: work(uow, self.desk, self.staff_id, self.case_id, self.draft), done):
            self.draft = CaseDraft()
        try:
            await self.load()
        except SignedOutError:
            ui.navigate.to(f"/{DESK_AREA}")
            return
        self.fill()

    def _reading(self) -> Html:
        view, say = self.sheet.view, self.say
        title = tag("h1", say(f"special.kind.{view.kind}"), " ", tag("span", f"ZB-{view.id}", class_="soft"))
        pairs = [(say("page.case.opened"), say_moment(view.opened_at))]
        if view.reachable:
            pairs += [(say("page.case.contact_due"), say_moment(view.contact_due)),
                      (say("page.case.result_due"), say_moment(view.result_due))]  # fmt: skip
        pairs += [(say(f"page.case.{name}"), str(view.data[name])) for name in ("who", "number") if name in view.data]
        pairs += [(say("page.case.what"), say(f"page.case.{view.data['what']}"))] if "what" in view.data else []
        pairs += [(say("page.case.first"), say(f"page.solved.{view.data['first']}"))] if "first" in view.data else []
        pairs += [(say("page.case.outcome"), view.outcome)] if view.outcome else []
        link = tag("a", view.receipt, href=f"/desk/ticket/{view.ticket_id}") if view.receipt else None
        lines = [tag("li", tag("time", say_moment(at)), tag("span", text)) for at, text in view.words]
        said = tag("ul", *lines, class_="talked") if lines else tag("p", say("page.case.silent"), class_="empty")
        return join(title, box(say("page.case.facts"), facts(pairs), link), box(say("page.case.words"), said))

    def _acting(self) -> None:
        if self.sheet.view.reachable:
            fields.area(self.draft, "text", self.say("page.case.text"))
            self._button("write")
            head(tag("hr"))
        fields.area(self.draft, "outcome", self.say("page.case.end"))
        self._button("close", main=False)

    def _button(self, name: str, main: bool = True) -> None:
        button = ui.button(self.say(f"page.case.{name}"), on_click=lambda: self.act(name))
        button.props("no-caps unelevated" if main else "no-caps outline")
