"""`/observer`: what an observer or experience officer finds after entering, with no more than a nickname."""

from collections.abc import Callable

from fastapi import FastAPI, Request, Response

from console.desk import Desk
from console.login import fields
from console.login.form_guard import hidden, session_token
from console.login.logins_page import not_signed_in
from console.markup import join, tag
from console.plain import card_page
from console.present import present_at
from console.staff import OBSERVER_AREA


def add_observer_page(app: FastAPI, desk: Desk) -> None:
    """Register the page."""
    app.get(f"/{OBSERVER_AREA}", include_in_schema=False)(_show(desk))


def _show(desk: Desk) -> Callable[[Request], Response]:
    def show(request: Request) -> Response:
        here = present_at(desk, request, OBSERVER_AREA)
        if here is None:
            return not_signed_in(desk, OBSERVER_AREA)
        texts, say = desk.house.texts, desk.house.texts.say
        leave = fields.form(
            f"/{OBSERVER_AREA}/leave", hidden(session_token(desk, here.session.id)),
            fields.submit(texts, "page.leave", main=False),
        )  # fmt: skip
        body = join(
            tag("p", say("login.observer_hello", name=here.member.display)),
            tag("p", say("login.observer_promise"), class_="hint"),
            tag("div", tag("a", say("login.observer_tell"), href="/", class_="go main"), class_="buttons"),
            tag("div", tag("a", say("login.mine"), href=f"/{OBSERVER_AREA}/logins"), leave, class_="ways"),
        )
        return card_page(texts, say("login.title.observer"), body)

    return show
