"""`/desk`: what to do next, who waits for a person, what happened. It looks again by itself."""

import asyncio
from functools import partial

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from nicegui import ui

from console.border import attempt, look
from console.desk import Desk
from console.errors import SignedOutError
from console.frame import frame, head
from console.keeping_pages import OWN_PAGE
from console.login.logins_page import not_signed_in
from console.markup import join, tag
from console.present import present
from console.queue_data import QueueSheet, Waiting, fingerprint, load_sheet, read_noted, take_request
from console.queue_markup import case_list, choose_rows, counts, notice_list, queue_table
from console.staff import DESK_AREA, Member
from texts.dates import say_moment
from tickets.errors import NotAllowedError
from tickets.workflow import Role

EVERY_SECONDS = 2.0
FORCED_EVERY = 30  # looks: a date may turn red although no row changed


def add_queue_page(desk: Desk) -> None:
    """Register the page."""

    @ui.page("/desk", title=desk.house.texts.say("page.desk"))
    async def queue_page(request: Request) -> Response | None:
        here = await present(desk, request, DESK_AREA)
        if here is None:
            return not_signed_in(desk, DESK_AREA)
        if here.session.role in OWN_PAGE:
            return RedirectResponse(OWN_PAGE[here.session.role], status_code=303)
        page = QueuePage(here.desk, here.member, here.session.role)
        frame(desk, DESK_AREA, here)
        page.build()
        await page.refresh()
        ui.timer(EVERY_SECONDS, page.glance, immediate=False)
        return None


class QueuePage:
    """The state of one open queue page."""

    def __init__(self, desk: Desk, member: Member, role: Role) -> None:
        self.desk, self.member, self.role = desk, member, role
        self.say = desk.house.texts.say
        self.everything, self.searched = False, ""
        self.seen: tuple[int, ...] = ()
        self.looks = 0
        self.waiting: list[Waiting] | None = None
        self.client = ui.context.client  # dialogs belong to the page: buttons come and go

    def build(self) -> None:
        """Lay the page out; contents come with the first refresh."""
        with ui.element("main").classes("desk"):
            with ui.element("section").classes("work"):
                with ui.element("div").classes("bar"):
                    self.title = head(tag("h1", self.say("page.queue.title")))
                    self.counts = head(tag("span")).classes("counts")
                    choice = {False: self.say("page.queue.mine"), True: self.say("page.queue.all")}
                    ui.toggle(choice, value=False, on_change=lambda e: self.show(e.value, self.searched)).props(
                        "no-caps unelevated dense toggle-color=primary color=white text-color=grey-9"
                    ).classes("toggle")
                    ui.input(
                        placeholder=self.say("page.queue.search"),
                        on_change=lambda e: self.show(self.everything, e.value),
                    ).props("outlined dense clearable debounce=250 input-class=search autocomplete=off").classes("find")
                self.table = head(tag("div"))
                head(tag("p", self.say("page.queue.keys"), class_="keys"))
            with ui.element("aside").classes("side"):
                self.cases = head(tag("div"))
                self.people = ui.element("section").classes("waiting")
                with ui.element("section").classes("news"):
                    head(tag("h2", self.say("page.notices")))
                    self.notices = head(tag("div"))

    async def show(self, everything: bool, searched: str | None) -> None:
        """Show mine or all, narrowed by a receipt; a receipt is looked for among all tickets."""
        self.everything, self.searched = everything, (searched or "").strip()
        await self.refresh()

    async def glance(self) -> None:
        """Read again when something changed; nothing moves otherwise."""
        self.looks += 1
        try:
            if self.looks % FORCED_EVERY == 0 or await look(self.desk, fingerprint) != self.seen:
                await self.refresh()
        except SignedOutError:
            self._leave()

    async def refresh(self) -> None:
        """Read the queue and write what differs."""
        everything = self.everything or bool(self.searched)
        try:
            self.seen = await look(self.desk, fingerprint)
            sheet = await look(self.desk, lambda uow: load_sheet(uow, self.desk, self.member.id, self.role, everything))
        except NotAllowedError:
            self._leave()
            return
        self._write(sheet)

    def _leave(self) -> None:
        """Signed out, or the role was taken away: the page, opened again, says so."""
        with self.client:
            ui.navigate.to("/desk")

    def _write(self, sheet: QueueSheet) -> None:
        now, house = self.desk.now(), self.desk.house
        rows = choose_rows(sheet.rows, self.searched)
        _put(self.title, tag("h1", self.say("page.queue.all_title" if self.everything else "page.queue.title")))
        _put(self.counts, counts(house, rows, now))
        _put(self.table, queue_table(house, rows, self.searched, now))
        _put(self.notices, notice_list(house, sheet.notices))
        _put(self.cases, case_list(house, sheet.cases, now) if self.role is Role.SPECIAL else tag("div"))
        if sheet.waiting != self.waiting:
            self.waiting = sheet.waiting
            self._write_people(sheet.waiting)

    def _write_people(self, waiting: list[Waiting]) -> None:
        self.people.clear()
        self.people.classes(remove="none" if waiting else "", add="" if waiting else "none")
        with self.people:
            head(tag("h2", self.say("page.human.title")))
            if not waiting:
                head(tag("p", self.say("page.human.none"), class_="empty"))
            for each in waiting:
                with ui.element("div").classes(
                    "person" + " mine" * each.mine + " alert" * (each.alert and not each.mine)
                ):
                    link = f"/desk/ticket/{each.ticket_id}" if each.ticket_id else None
                    reason = tag("a", each.reason, href=link) if link else each.reason
                    head(join(tag("b", reason), tag("time", say_moment(each.at))))
                    key, click = ("read", self.read) if each.mine else ("take", self.take)
                    button = ui.button(self.say(f"page.human.{key}"), on_click=partial(click, each.id))
                    button.props("dense no-caps unelevated" + (" outline" if each.mine else ""))

    async def take(self, request_id: int) -> None:
        """Take a waiting person and read what they said."""
        desk, member = self.desk, self.member
        taken = await attempt(desk, lambda uow: take_request(uow, desk, member.id, self.role, request_id))
        await self.refresh()
        if taken:
            await self.read(request_id)

    async def read(self, request_id: int) -> None:
        """The last words of a person this member took over."""
        try:
            said = await asyncio.to_thread(read_noted, self.desk, self.member.id, self.role, request_id)
        except NotAllowedError:
            self._leave()
            return
        lines = [tag("li", tag("time", say_moment(each.at)), tag("span", each.text)) for each in said]
        with self.client, ui.dialog(value=True) as dialog, ui.card().classes("talk"):
            head(tag("h2", self.say("page.human.talk")))
            head(tag("ul", *lines, class_="notices") if lines else tag("p", self.say("page.human.no_talk")))
            ui.button(self.say("page.human.close"), on_click=dialog.close).props("dense flat")


def _put(place: ui.html, markup: str) -> None:
    if place.content != markup:
        place.set_content(markup)
