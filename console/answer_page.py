"""`/unit/answer/{token}`: one dispatch and its four fields, for whoever a unit sent the link to; nothing else."""

from collections.abc import Callable
from dataclasses import astuple
from typing import Annotated

from fastapi import FastAPI, Form, Request, Response

from console.border import commit
from console.desk import Desk
from console.login import fields
from console.login.form_guard import FIELD, hidden, link_token, refuse
from console.markup import Html, join, tag
from console.plain import card_page, plain_page
from console.unit_markup import TRUE, dispatch_body, dispatch_head
from console.wording import explain
from storage.errors import DatabaseBusyError
from storage.unit_of_work import UnitOfWork
from texts.dates import ZONE, say_day
from tickets.answer_link import LinkedDispatch, answer_through, look_through
from tickets.errors import DeadLinkError, TicketError
from tickets.unit_work import Fields

MOST = 2000  # characters of one field: four short ones, not a report


def add_answer_page(app: FastAPI, desk: Desk) -> None:
    """Register the page."""
    app.get("/unit/answer/{token}", include_in_schema=False)(_show(desk))
    app.post("/unit/answer/{token}", include_in_schema=False)(_save(desk))


def _show(desk: Desk) -> Callable[[str], Response]:
    def show(token: str) -> Response:
        return _answer_page(desk, token)

    return show


def _save(desk: Desk) -> Callable[..., Response]:
    def save(
        request: Request,
        token: str,
        true_as_told: Annotated[str, Form(max_length=20)] = "",
        measure: Annotated[str, Form(max_length=MOST)] = "",
        done_by: Annotated[str, Form(max_length=MOST)] = "",
        basis: Annotated[str, Form(max_length=MOST)] = "",
        seen: Annotated[str, Form(max_length=40)] = "",
        form: Annotated[str, Form(alias=FIELD, max_length=64)] = "",
    ) -> Response:
        if (refused := refuse(request, desk, link_token(desk, token), form)) is not None:
            return refused
        typed = Fields(true_as_told, measure, done_by, basis)
        kept: list[bool] = []

        def keep(uow: UnitOfWork) -> None:
            kept[:] = [answer_through(uow, desk.house, token, typed, seen, desk.now())]

        try:
            desk.nudge(commit(desk, keep))
        except DeadLinkError:
            return _answer_page(desk, token)
        except (TicketError, DatabaseBusyError) as error:
            return _answer_page(desk, token, typed, explain(desk.house.texts, error), 409)
        if not kept[0]:  # it asked who complained: refused, and that is written down
            return _answer_page(desk, token, typed, desk.house.texts.say("error.probe"), 409)
        return _answer_page(desk, token, saved=True)

    return save


def _answer_page(
    desk: Desk, token: str, typed: Fields | None = None, wrong: str | None = None, status: int = 200,
    saved: bool = False,
) -> Response:  # fmt: skip
    try:
        with desk.database.reading() as uow:
            found = look_through(uow, desk.house, token, desk.now())
    except DeadLinkError as error:
        return plain_page(desk.house.texts, error.key, 404)
    house, say, view = desk.house, desk.house.texts.say, found.view
    today = desk.now().astimezone(ZONE).date()
    done = tag("p", say("page.answer.saved"), class_="done", role="status") if saved else None
    body = join(
        dispatch_head(view, today, "h2"), dispatch_body(house, view, today), done, fields.told(wrong),
        _form(desk, token, found, typed or Fields(*view.draft)),
        tag("p", say("page.answer.until", until=say_day(found.until)), class_="hint"),
    )  # fmt: skip
    return card_page(house.texts, say("page.answer.title"), body, status, wide=True)


def _form(desk: Desk, token: str, found: LinkedDispatch, typed: Fields) -> Html:
    texts, say = desk.house.texts, desk.house.texts.say
    true_as_told, measure, done_by, basis = astuple(typed)
    choices = [say(f"page.unit_page.true.{each}") for each in TRUE]
    options = [_option(each, each == true_as_told) for each in choices]
    return fields.form(
        f"/unit/answer/{token}", hidden(link_token(desk, token)), fields.keep("seen", found.seen),
        tag("fieldset", tag("legend", say("field.true_as_told")), *options),
        fields.area_field(texts, "measure", "field.measure", measure, "page.unit_page.hint.measure"),
        fields.area_field(texts, "done_by", "field.done_by", done_by, "page.unit_page.hint.done_by", rows=1),
        fields.area_field(texts, "basis", "field.basis", basis, "page.unit_page.hint.basis", rows=2),
        tag("div", fields.submit(texts, "page.unit_page.save"), class_="buttons"),
        tag("p", say("page.unit_page.only_approver"), class_="hint"),
    )  # fmt: skip


def _option(value: str, chosen: bool) -> Html:
    radio = tag(
        "input", type="radio", name="true_as_told", value=value, required="", checked="" if chosen else None
    )  # fmt: skip
    return tag("label", radio, value, class_="option")
