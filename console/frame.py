"""The frame around every page: our style, the keyboard, the head line with name and roles."""

from collections.abc import Callable
from pathlib import Path

from nicegui import ui

from console.desk import Desk
from console.markup import Html, tag
from console.plain import STYLE
from console.staff import DESK_AREA, Member
from tickets.permissions import grant
from tickets.workflow import Role

SCRIPT = Path(__file__).parent / "static" / "desk.js"
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1b5e53"/>'
    '<path d="M8 12h16M8 17h11M8 22h7" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/></svg>'
)


def frame(desk: Desk, area: str, member: Member, role: Role, place: str | None = None) -> None:
    """Style, script and head line; `place` stands beside the name (the unit of a unit page)."""
    ui.colors(primary="#1b5e53", negative="#a3271b", warning="#8a4f00", positive="#2c7a5f")
    ui.add_head_html(f"<style>{STYLE.read_text(encoding='utf-8')}</style>")
    ui.add_body_html(f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>")
    say = desk.house.texts.say
    brand = tag(
        "a", tag("b", say("page.brand")), tag("span", place or say("page.desk")), href=f"/{area}", class_="brand"
    )
    roles = [_role(say(f"page.role.{each.value}"), each, role, area) for each in member.roles_in(area)]
    me = tag("span", member.display, class_="me")
    leave = tag("a", say("page.leave"), href=f"/{area}/leave", class_="leave")
    head(tag("header", brand, tag("nav", *roles, *_places(say, role)), me, leave, class_="top"))


def head(markup: Html) -> ui.html:
    """A piece of finished markup on the page."""
    return ui.html(markup, sanitize=False)


def _places(say: Callable[..., str], role: Role) -> list[Html]:
    """Further pages of a role."""
    pages = (("read_unsealings", "unsealing", "page.unsealing.title"), ("read_audit", "audit", "page.audit.title"))
    return [
        tag("a", say(title), href=f"/{DESK_AREA}/{path}", class_="role")
        for action, path, title in pages
        if grant(action, role) != "no"
    ]


def _role(name: str, each: Role, role: Role, area: str) -> Html:
    """A role the person holds: a link where roles are switched, plain where all of them act at once."""
    if area != DESK_AREA:
        return tag("span", name, class_="role on")
    if each is role:
        return tag("span", name, class_="role on", aria_current="true")
    return tag("a", name, href=f"/{DESK_AREA}/as/{each.value}", class_="role")
