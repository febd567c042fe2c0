"""Put the console into the app: sign-in routes, pages, NiceGUI behind its gate."""

import nicegui
from fastapi import FastAPI
from nicegui import ui

from console import gate, keeping_pages, sign_in
from console.answer_page import add_answer_page
from console.case_page import add_case_page
from console.desk import Desk
from console.dispatch_page import add_dispatch_page
from console.plain import ICON
from console.queue_page import add_queue_page
from console.ticket_page import add_ticket_page
from console.unit_page import add_unit_page
from console.unsealing_page import add_unsealing_page

RECONNECT_SECONDS = 30.0  # a page survives a short loss of the network with everything on it


def mount(app: FastAPI, desk: Desk) -> None:
    """Add everything under /desk, /unit and /observer; "/" and all other paths stay with the app.

    No `storage_secret`: NiceGUI would set one more cookie, on "/", that ties a web chat to a desk in one browser.
    """
    sign_in.add_routes(app, desk)
    keeping_pages.add_routes(app, desk)
    add_answer_page(app, desk)
    add_pages(desk)
    ui.run_with(
        app, title=desk.house.texts.say("page.brand"), language="zh-CN", favicon=ICON, tailwind=False,
        reconnect_timeout=RECONNECT_SECONDS, show_welcome_message=False,
    )  # fmt: skip
    gate.narrow(app, nicegui.app)


def add_pages(desk: Desk) -> None:
    """Register the pages with NiceGUI."""
    add_queue_page(desk)
    add_ticket_page(desk)
    add_case_page(desk)
    add_unsealing_page(desk)
    add_unit_page(desk)
    add_dispatch_page(desk)
