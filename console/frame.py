"""The frame around every page: our style, the keyboard, the head line with name and roles."""

from collections.abc import Callable
from pathlib import Path

from nicegui import ui

from console.desk import Desk
from console.login import fields
from console.login.form_guard import hidden, session_token
from console.markup import Html, tag
from console.plain import STYLE
from console.present import Present
from console.staff import DESK_AREA
from tickets.permissions import grant
from tickets.workflow import Role

SCRIPT = Path(__file__).parent / "static" / "desk.js"


def frame(desk: Desk, area: str, here: Present, place: str | None = None) -> None:
    """Style, script and head line; `place` stands beside the name (the unit of a unit page)."""
    ui.colors(primary="#1b5e53", negative="#a3271b", warning="#8a4f00", positive="#2c7a5f")
    ui.add_head_html(f"<style>{STYLE.read_text(encoding='utf-8')}</style>")
    ui.add_body_html(f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>")
    say, member = desk.house.texts.say, here.member
    seal = hidden(session_token(desk, here.session.id))
    brand = tag(
        "a", tag("b", say("page.brand")), tag("span", place or say("page.desk")), href=f"/{area}", class_="brand"
    )
    roles = [_role(say(f"page.role.{each.value}"), each, here, area, seal) for each in member.roles_in(area)]
    me = tag("a", member.display, href=f"/{area}/logins", class_="me", title=say("login.mine"))
    leave = fields.form(f"/{area}/leave", seal, tag("button", say("page.leave"), type="submit", class_="leave"))
    head(tag("header", brand, tag("nav", *roles, *_places(say, here.session.role)), me, leave, class_="top"))


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


def _role(name: str, each: Role, here: Present, area: str, seal: Html) -> Html:
    """A role the person holds: a button where roles are switched, plain where all of them act at once."""
    if area != DESK_AREA:
        return tag("span", name, class_="role on")
    if each is here.session.role:
        return tag("span", name, class_="role on", aria_current="true")
    return fields.form(f"/{DESK_AREA}/as/{each.value}", seal, tag("button", name, type="submit", class_="role"))
