"""The acting side of the ticket page: review and check, only what the role may do in this state."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from console import fields
from console.drafts import StaffDraft
from console.frame import head
from console.guard_form import build_guard
from console.markup import join, tag
from console.ticket_data import TicketSheet
from tickets.checking import CHECKLIST
from tickets.house import House

T_CLASSES = ("T1", "T2", "T3")
Act = Callable[[str], Awaitable[None]]
Classify = Callable[[str], Awaitable[None]]


def build_forms(house: House, sheet: TicketSheet, draft: StaffDraft, act: Act, classify: Classify) -> None:
    """Review fields while under review, check fields when the unit has answered, else one sentence."""
    say, actions = house.texts.say, sheet.view.actions
    if "decline" in actions:
        with ui.element("section").classes("box form"):
            head(tag("h2", say("page.ticket.review")))
            _review(house, sheet, draft, act, classify)
        _other_ways(house, actions, draft, act)
    elif "pass" in actions:
        with ui.element("section").classes("box form"):
            head(tag("h2", say("page.ticket.check")))
            _check(house, draft, act)
    else:
        head(tag("section", tag("p", say("page.ticket.nothing"), class_="empty"), class_="box"))


def _review(house: House, sheet: TicketSheet, draft: StaffDraft, act: Act, classify: Classify) -> None:
    say, view = house.texts.say, sheet.view
    head(tag("label", say("page.form.class"), class_="label"))
    classes = {each.code: each.name for each in house.taxonomy.classes}
    ui.select(classes, value=view.label, on_change=lambda e: classify(e.value)).props(
        "outlined dense options-dense"
    ).classes("field")
    paraphrase = fields.area(draft, "paraphrase", say("page.form.paraphrase"), rows=3)
    if view.paraphrase and view.paraphrase != draft.paraphrase:
        head(tag("p", tag("b", say("page.ticket.stored_paraphrase")), " ", view.paraphrase, class_="stored"))
    if "release" in view.actions:
        _assignment(house, sheet, draft, paraphrase)
        _buttons(house, act, ("approve", True), ("save", False))
    else:
        head(tag("p", say("page.form.only_lead"), class_="soft"))
        _buttons(house, act, ("save", True))


def _assignment(house: House, sheet: TicketSheet, draft: StaffDraft, paraphrase: ui.textarea) -> None:
    say = house.texts.say
    unit = fields.select(draft, "unit_code", say("page.form.unit"), sheet.units)
    build_guard(house, sheet, draft, unit, paraphrase)
    t_class = fields.choice(draft, "t_class", say("page.form.t_class"), {t: say(f"page.form.{t}") for t in T_CLASSES})
    life = ui.checkbox(say("page.form.life"), value=draft.life, on_change=lambda e: setattr(draft, "life", e.value))
    life.props("dense size=sm").bind_visibility_from(t_class, "value", backward=lambda value: value == "T1")


def _other_ways(house: House, actions: tuple[str, ...], draft: StaffDraft, act: Act) -> None:
    say = house.texts.say
    if "ask_more" in actions:
        with _fold(say("page.form.ask_more"), opened=bool(draft.question)):
            fields.area(draft, "question", say("page.form.question"))
            _buttons(house, act, ("ask_more", False))
    with _fold(say("page.form.decline"), opened=bool(draft.reason or draft.channel)):
        fields.area(draft, "reason", say("page.form.reason"))
        named = [name if not code.isdigit() else f"{name} {code}" for code, name in house.taxonomy.referrals.items()]
        fields.line(draft, "channel", say("page.form.channel"), named)
        _buttons(house, act, ("decline", False))


def _check(house: House, draft: StaffDraft, act: Act) -> None:
    say = house.texts.say
    fields.area(draft, "line", say("page.form.line"))
    _buttons(house, act, ("pass", True))
    head(tag("hr"))
    head(tag("span", say("page.form.missing"), class_="label"))
    with ui.element("div").classes("choice"):
        for item in CHECKLIST:
            ui.checkbox(item, value=item in draft.missing, on_change=_tick(draft, item)).props("dense size=sm")
    _buttons(house, act, ("send_back", False))


def _tick(draft: StaffDraft, item: str) -> Callable[[], None]:
    def tick() -> None:
        draft.missing = [each for each in CHECKLIST if (each in draft.missing) != (each == item)]

    return tick


def _buttons(house: House, act: Act, *named: tuple[str, bool]) -> None:
    with ui.element("div").classes("buttons"):
        for name, main in named:
            button = ui.button(house.texts.say(f"page.form.{name}"), on_click=lambda name=name: act(name))
            button.props("no-caps unelevated" if main else "no-caps outline")


def _fold(title: str, opened: bool) -> ui.element:
    fold = ui.element("details").classes("box form fold")
    if opened:
        fold.props("open")
    with fold, ui.element("summary"):
        head(join(title))
    return fold
