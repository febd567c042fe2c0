"""Beside a ticket: hand it to the special desk, note that the unit reached the person."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from console import fields
from console.drafts import StaffDraft
from console.frame import head
from console.markup import tag
from console.ticket_data import TicketSheet
from tickets.house import House
from tickets.permissions import grant
from tickets.special import REASONS
from tickets.workflow import TERMINAL, Role, State


def build_special(
    house: House, sheet: TicketSheet, role: Role, draft: StaffDraft, act: Callable[[str], Awaitable[None]]
) -> None:
    """Two folded buttons for roles that may; whether it works is for the use case to say."""
    say = house.texts.say
    if State(sheet.view.state) in TERMINAL:
        return
    with ui.element("details").classes("box form fold"):
        with ui.element("summary"):
            head(tag("span", say("page.form.protect")))
        if grant("hand_over", role) != "no" and sheet.view.special is None:
            fields.choice(draft, "why", say("page.form.why"), {each: say(f"special.why.{each}") for each in REASONS})
            ui.button(say("page.form.hand_over"), on_click=lambda: act("hand_over")).props("no-caps outline")
        if grant("note_contact", role) != "no":
            ui.button(say("page.form.note_contact"), on_click=lambda: act("note_contact")).props("no-caps outline")
        head(tag("p", say("page.form.protect_note"), class_="soft"))
