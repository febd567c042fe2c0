"""`/unit/ticket/{dispatch_number}`: what a unit may know of one demand, and its answer in four short fields."""

from dataclasses import astuple

from fastapi import Request, Response
from nicegui import ui

from console import fields
from console.border import attempt, look
from console.desk import Desk
from console.drafts import AnswerDraft, Drafts
from console.frame import frame, head
from console.link_box import LinkBox
from console.login.logins_page import not_signed_in
from console.markup import tag
from console.plain import plain_page
from console.staff import UNIT_AREA, Member
from console.unit_actions import UNIT_ACTIONS, Dispatch, UnitHand, load_dispatch
from console.unit_markup import OURS, TRUE, answer_text, dispatch_body, dispatch_head, stored_text
from console.unit_page import signed_in
from storage.models import Unit
from storage.unit_of_work import UnitOfWork
from texts.dates import ZONE
from tickets.errors import TicketError
from tickets.workflow import Role


def add_dispatch_page(desk: Desk) -> None:
    """Register the page; drafts live as long as the process."""
    drafts: Drafts[AnswerDraft] = Drafts()

    @ui.page("/unit/ticket/{number}", title=desk.house.texts.say("page.unit_page.title"))
    async def dispatch_page(request: Request, number: str) -> Response | None:
        here = await signed_in(desk, request)
        if here is None:
            return not_signed_in(desk, UNIT_AREA)
        page = DispatchPage(here.desk, here.member, number, drafts, desk.rules.base_url or str(request.base_url))
        try:
            await page.load()
        except TicketError:
            return plain_page(desk.house.texts, "page.not_found", 404)
        unit = await look(desk, lambda uow: uow.session.get_one(Unit, here.member.unit_code).name)
        frame(desk, UNIT_AREA, here, unit)
        page.body = ui.element("main").classes("sheet narrow")
        page.fill()
        return None


class DispatchPage:
    """The state of one open dispatch; ticket id and version stay on the server."""

    dispatch: Dispatch
    draft: AnswerDraft
    body: ui.element

    def __init__(self, desk: Desk, member: Member, number: str, drafts: Drafts[AnswerDraft], base: str = "") -> None:
        self.desk, self.member, self.number, self.drafts, self.base = desk, member, number, drafts, base
        self.say = desk.house.texts.say

    async def load(self) -> None:
        """Read the dispatch as the unit may see it."""
        desk, member = self.desk, self.member
        self.dispatch = await look(desk, lambda uow: load_dispatch(uow, desk, member.id, self.number))
        self.draft = self.drafts.get(member.id, self._key(), AnswerDraft(*self.dispatch.view.draft))

    def fill(self) -> None:
        """Write the page from the view."""
        view, house = self.dispatch.view, self.desk.house
        today = self.desk.now().astimezone(ZONE).date()
        self.body.clear()
        with self.body:
            head(dispatch_head(view, today))
            head(dispatch_body(house, view, today))
            if view.state == "assigned":
                self._sign()
            elif view.state in OURS:
                self._answer()
            elif any(view.draft):
                head(answer_text(house, view))
                if view.state == "answered":
                    head(tag("p", self.say("page.unit_page.waiting"), class_="soft"))
            if view.state in OURS:
                self._question()

    async def act(self, name: str) -> None:
        """One button: one use case, one commit; what was typed survives a refusal."""
        hand = self._hand()
        done = self.say("page.done", action=self.say(f"page.unit_page.{name}"))
        refused: list[bool] = []

        def work(uow: UnitOfWork) -> None:
            refused[:] = [not UNIT_ACTIONS[name](uow, self.desk, hand, self.draft)]

        if not await attempt(self.desk, work, done, lambda: self.say("error.probe") if refused[0] else None):
            await self._catch_up()
            return
        if refused[0]:
            return
        self.draft.question = ""
        if name not in ("sign", "ask"):
            self.drafts.drop(self.member.id, self._key())
        await self.load()
        self.fill()

    async def _catch_up(self) -> None:
        """After a refusal: when a colleague was faster, show what they saved beside what was typed."""
        seen = self.dispatch.version
        try:
            await self.load()
        except TicketError:
            with self.body:
                ui.navigate.to("/unit")
            return
        if self.dispatch.version != seen:
            self.fill()

    def _sign(self) -> None:
        may = Role.CONTACT in self.member.roles
        with ui.element("section").classes("box form"):
            self._button("sign") if may else head(tag("p", self.say("page.unit_page.only_contact"), class_="soft"))
            head(tag("p", self.say("page.unit_page.after_sign"), class_="soft"))

    def _answer(self) -> None:
        say, draft = self.say, self.draft
        true = [say(f"page.unit_page.true.{each}") for each in TRUE]
        with ui.element("section").classes("box form"):
            head(tag("h2", say("page.unit_page.answer")))
            if any(self.dispatch.view.draft) and self.dispatch.view.draft != astuple(draft)[:4]:
                head(stored_text(self.desk.house, self.dispatch.view))
            fields.choice(draft, "true_as_told", say("field.true_as_told"), {each: each for each in true})
            fields.area(draft, "measure", say("field.measure"), say("page.unit_page.hint.measure"))
            fields.line(draft, "done_by", say("field.done_by"), (), say("page.unit_page.hint.done_by"))
            fields.line(draft, "basis", say("field.basis"), (), say("page.unit_page.hint.basis"))
            with ui.element("div").classes("buttons"):
                if Role.APPROVER in self.member.roles:
                    self._button("release")
                self._button("save", main=Role.APPROVER not in self.member.roles)
            if Role.APPROVER not in self.member.roles:
                head(tag("p", say("page.unit_page.only_approver"), class_="soft"))
        LinkBox(self.desk, self._hand(), self.dispatch, self.base)

    def _question(self) -> None:
        with ui.element("details").classes("box form fold"):
            with ui.element("summary"):
                head(tag("span", self.say("page.unit_page.ask_title")))
            fields.area(self.draft, "question", self.say("page.unit_page.question"))
            self._button("ask", main=False)

    def _button(self, name: str, main: bool = True) -> None:
        button = ui.button(self.say(f"page.unit_page.{name}"), on_click=lambda: self.act(name))
        button.props("no-caps unelevated" if main else "no-caps outline")

    def _hand(self) -> UnitHand:
        return UnitHand(self.member.id, self.number, self.dispatch.version)

    def _key(self) -> str:
        return f"{self.number}:{self.dispatch.view.rounds}"
