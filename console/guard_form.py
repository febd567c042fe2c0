"""The reach of a demand and, when its complainant could be guessed, the ways of protection with their consequences."""

from nicegui import ui

from console import fields
from console.drafts import StaffDraft
from console.frame import head
from console.markup import join, tag
from console.ticket_data import TicketSheet
from tickets.guarding import ALWAYS_GUESSABLE, PERSON_DECIDES, REACHES, WAYS, as_finding
from tickets.house import House


def build_guard(house: House, sheet: TicketSheet, draft: StaffDraft, unit: ui.select, paraphrase: ui.textarea) -> None:
    """Reach first; the ways appear as soon as the chosen reach needs one. The finding's wording is put in the draft."""
    say = house.texts.say
    reach = fields.choice(draft, "reach", say("page.form.reach"), {each: each for each in REACHES})
    head(tag("p", say("page.form.reach_hint"), class_="soft"))
    with ui.element("div").classes("guard") as box:
        head(tag("p", say("page.form.guessable"), class_="warning"))
        way = fields.choice(draft, "way", say("page.form.way"), {each: say(f"page.form.ways.{each}") for each in WAYS})
        head(tag("dl", *(_hint(house, each) for each in WAYS), class_="ways"))

    def show() -> None:
        box.set_visibility(_few(sheet, draft))

    before: list[str] = []  # the wording that a finding replaced comes back with another way

    def reword() -> None:
        if draft.way == "inspection" and draft.paraphrase != (worded := as_finding(house, draft.paraphrase)):
            before[:] = [draft.paraphrase, worded]
            paraphrase.set_value(worded)
        elif before and draft.paraphrase == before[1]:
            paraphrase.set_value(before[0])

    reach.on_value_change(show)
    unit.on_value_change(show)
    way.on_value_change(reword)
    show()
    if sheet.view.guard:
        head(tag("p", say(f"page.form.guard_now.{sheet.view.guard}"), class_="warning"))


def _few(sheet: TicketSheet, draft: StaffDraft) -> bool:
    """Tell what the use case will ask for as well (tickets.guarding.guessable); nothing while the person decides."""
    if sheet.view.guard in PERSON_DECIDES:
        return False
    return draft.reach in ALWAYS_GUESSABLE or (draft.reach == "县区" and draft.unit_code in sheet.small_counties)


def _hint(house: House, way: str) -> str:
    say = house.texts.say
    return join(tag("dt", say(f"page.form.ways.{way}")), tag("dd", say(f"page.form.way_hint.{way}")))
