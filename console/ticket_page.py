"""`/desk/ticket/{id}`: read a complaint, review it, check the answer; colleagues' changes are told, not lost."""

import asyncio

from fastapi import Request, Response
from nicegui import ui

from console import staff_actions
from console.border import attempt, look
from console.desk import Desk
from console.drafts import Drafts, StaffDraft
from console.errors import SignedOutError
from console.frame import frame, head
from console.keeping_pages import note_denied
from console.login.logins_page import not_signed_in
from console.markup import tag
from console.plain import plain_page
from console.present import present
from console.purging import build_pieces, purge_piece
from console.sessions import Session
from console.special_forms import build_special
from console.staff import DESK_AREA
from console.staff_actions import ACTIONS, Hand
from console.ticket_data import TicketSheet, open_ticket, version_of
from console.ticket_forms import build_forms
from console.ticket_markup import box, clocks, past, reading, ticket_head
from storage.errors import DatabaseBusyError
from storage.unit_of_work import UnitOfWork
from tickets.errors import NotAllowedError, TicketError, UnknownTicketError
from tickets.permissions import grant

EVERY_SECONDS = 3.0


def add_ticket_page(desk: Desk) -> None:
    """Register the page; drafts live as long as the process."""
    drafts: Drafts[StaffDraft] = Drafts()

    @ui.page("/desk/ticket/{ticket_id}", title=desk.house.texts.say("page.desk"))
    async def ticket_page(request: Request, ticket_id: int) -> Response | None:
        here = await present(desk, request, DESK_AREA)
        if here is None:
            return not_signed_in(desk, DESK_AREA)
        page = TicketPage(here.desk, here.session, ticket_id, drafts)
        try:
            await page.load()
        except DatabaseBusyError:
            return plain_page(desk.house.texts, "page.busy", 503)
        except TicketError as error:
            if isinstance(error, NotAllowedError):
                await asyncio.to_thread(note_denied, desk, here.session, f"ticket:{ticket_id}")
            return plain_page(desk.house.texts, error.key, 404 if isinstance(error, UnknownTicketError) else 403)
        frame(desk, DESK_AREA, here)
        page.build()
        ui.timer(EVERY_SECONDS, page.glance, immediate=False)
        return None


class TicketPage:
    """The state of one open ticket page."""

    sheet: TicketSheet
    draft: StaffDraft

    def __init__(self, desk: Desk, session: Session, ticket_id: int, drafts: Drafts[StaffDraft]) -> None:
        self.desk, self.session, self.ticket_id, self.drafts = desk, session, ticket_id, drafts
        self.say = desk.house.texts.say

    async def load(self) -> None:
        """Read the ticket; a draft that still equals the old suggestion follows the new one."""
        desk, session = self.desk, self.session
        self.sheet = await asyncio.to_thread(open_ticket, desk, session.staff_id, session.role, self.ticket_id)
        self.draft = self.drafts.get(session.staff_id, str(self.ticket_id), self.sheet.draft())
        if self.draft.paraphrase == self.draft.suggested:
            self.draft.paraphrase = self.draft.suggested = self.sheet.suggestion

    def build(self) -> None:
        """Lay the page out."""
        with ui.element("main").classes("sheet"):
            self.changed = ui.element("div").classes("changed")
            with self.changed:
                head(tag("span", self.say("page.ticket.changed")))
                ui.button(self.say("page.ticket.refresh"), on_click=self.again).props("dense no-caps unelevated")
            self.changed.set_visibility(False)
            self.body = ui.element("div").classes("columns")
        self.fill()

    def fill(self) -> None:
        """Write the ticket as it was last read."""
        house, sheet = self.desk.house, self.sheet
        self.body.clear()
        with self.body:
            head(ticket_head(house, sheet, self.desk.now())).classes("wide")
            with ui.element("div").classes("acting"):
                build_forms(house, sheet, self.draft, self.act, self.classify)
                build_special(house, sheet, self.session.role, self.draft, self.act)
                with ui.element("section").classes("box"):
                    head(clocks(house, sheet))
                    if sheet.assigned and grant("read_number", self.session.role) != "no":
                        self._number_button()
            with ui.element("div").classes("reading"):
                head(reading(house, sheet))
                build_pieces(house, sheet.pieces, self.purge if grant("purge", self.session.role) != "no" else None)
            head(past(house, sheet)).classes("past")

    async def again(self) -> None:
        """Show what is there now; what was typed stays."""
        self.changed.set_visibility(False)
        try:
            await self.load()
        except NotAllowedError:
            self._leave()
            return
        self.fill()

    async def glance(self) -> None:
        """Tell when a colleague changed the ticket; the page itself does not move."""
        try:
            version = await look(self.desk, lambda uow: version_of(uow, self.ticket_id))
        except SignedOutError:
            self._leave()
            return
        if version != self.sheet.view.version:
            self.changed.set_visibility(True)

    async def act(self, name: str) -> None:
        """One button: one use case, one commit; on success the draft is used up."""
        hand, done = self._hand(), self.say("page.done", action=self.say(f"page.form.{name}"))
        if not await attempt(self.desk, lambda uow: ACTIONS[name](uow, self.desk, hand, self.draft), done):
            await self.glance()
            return
        self.drafts.drop(self.session.staff_id, str(self.ticket_id))
        try:
            await self.again()
        except TicketError:  # handed over: from now on it is for others
            with self.body:
                ui.navigate.to("/desk")

    async def classify(self, label: str) -> None:
        """Another class was chosen; a refusal puts the old one back."""
        if label == self.sheet.view.label:
            return
        hand = self._hand()
        if await attempt(self.desk, lambda uow: staff_actions.reclassify(uow, self.desk, hand, label)):
            await self.again()
        else:
            self.fill()

    async def purge(self, what: str, number: int) -> None:
        """One key: what carries a secrecy mark is gone for good."""
        hand = self._hand()
        if await attempt(
            self.desk, lambda uow: purge_piece(uow, self.desk, hand, what, number), self.say("page.file.done")
        ):
            self.drafts.drop(self.session.staff_id, str(self.ticket_id))
            await self.again()

    async def show_number(self) -> None:
        """Read the dispatch number; the read is written down."""
        hand = self._hand()
        found: list[str] = []

        def read(uow: UnitOfWork) -> None:
            found[:] = [staff_actions.read_number(uow, self.desk, hand)]

        if await attempt(self.desk, read):
            self.number.clear()
            with self.number:
                head(box(self.say("page.ticket.number"), tag("b", found[0], class_="number")))

    def _number_button(self) -> None:
        self.number = ui.element("div")
        with self.number:
            ui.button(self.say("page.ticket.show_number"), on_click=self.show_number).props("dense flat no-caps")

    def _leave(self) -> None:
        """Signed out, or the role was taken away: the page, opened again, says so."""
        ui.navigate.to(f"/{DESK_AREA}/ticket/{self.ticket_id}")

    def _hand(self) -> Hand:
        session = self.session
        return Hand(session.staff_id, session.role, self.ticket_id, self.sheet.view.version)
