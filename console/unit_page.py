"""`/unit`: the dispatches of a unit and its notices. It does not refresh itself: the moment would be a trace."""

from fastapi import Request, Response
from nicegui import ui

from console.border import look
from console.desk import Desk
from console.frame import frame, head
from console.login.logins_page import not_signed_in
from console.markup import Html, tag
from console.present import Present, present
from console.staff import UNIT_AREA, acting
from console.unit_actions import EITHER
from console.unit_markup import dispatch_table
from storage import outbox
from storage.models import Outbox, Unit
from storage.unit_of_work import UnitOfWork
from texts.dates import ZONE, say_day
from texts.render import render
from tickets.queue import notices_for, unit_queue
from tickets.views import UnitView

MOST_NOTICES = 20


def add_unit_page(desk: Desk) -> None:
    """Register the page."""

    @ui.page("/unit", title=desk.house.texts.say("page.unit"))
    async def unit_page(request: Request) -> Response | None:
        here = await signed_in(desk, request)
        if here is None:
            return not_signed_in(desk, UNIT_AREA)
        views, notices, unit = await look(desk, lambda uow: _load(uow, desk, here.member.id))
        frame(desk, UNIT_AREA, here, unit)
        say, today = desk.house.texts.say, desk.now().astimezone(ZONE).date()
        with ui.element("main").classes("desk"):
            with ui.element("section").classes("work"):
                head(tag("div", tag("h1", say("page.unit_page.title")), class_="bar"))
                head(dispatch_table(desk.house, views, today))
            with ui.element("aside").classes("side"):
                head(tag("h2", say("page.notices")))
                head(tag("ul", *notices, class_="notices") if notices else tag("p", say("page.no_notices")))
        return None


async def signed_in(desk: Desk, request: Request) -> Present | None:
    """Who is at a unit's page, while they belong to a unit."""
    here = await present(desk, request, UNIT_AREA)
    return here if here is not None and here.member.unit_code else None


def _load(uow: UnitOfWork, desk: Desk, staff_id: int) -> tuple[list[UnitView], list[Html], str]:
    actor = acting(uow, staff_id, *EITHER)
    rows = notices_for(uow, actor, MOST_NOTICES)
    unit = uow.session.get_one(Unit, actor.unit_code)
    return unit_queue(uow, desk.house, actor), [_notice(uow, desk, row) for row in rows], unit.name


def _notice(uow: UnitOfWork, desk: Desk, row: Outbox) -> Html:
    """A notice with its day, never its hour."""
    text = render(desk.house.texts, row.key, outbox.parameters(uow, row), []).text
    return tag("li", tag("span", text), tag("time", say_day(row.created_at)))
