"""`/{area}/join`: from an invitation to an account in two steps, password and second factor, each on one page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import RedirectResponse

from console.desk import Desk
from console.errors import DeadInvitationError, WrongCodeError
from console.login import join_markup
from console.login.entering import enter
from console.login.form_guard import FIELD, Seed, refuse
from console.login.invitations import find_invitation, finish, pending_secret, words_about
from console.login.passwords import ALONE, BESIDE, check_password, fold, hash_password
from console.plain import plain_page, safe_headers
from console.staff import OBSERVER_AREA, ROLES_OF
from storage.models import Staff
from storage.unit_of_work import UnitOfWork
from tickets.errors import TicketError
from tickets.workflow import Role


@dataclass(frozen=True)
class Joining:
    """Where somebody stands on the way in."""

    staff_id: int
    role: Role
    login: str
    display: str
    chosen: bool  # a password is set, the second factor is next
    needs: bool  # here nobody signs in without a second factor
    must: bool  # nor with this password


def add_join(app: FastAPI, desk: Desk) -> None:
    """Register the page in every area."""
    for area in ROLES_OF:
        app.get(f"/{area}/join", include_in_schema=False)(_show(desk, area))
        app.post(f"/{area}/join", include_in_schema=False)(_submit(desk, area))


def _show(desk: Desk, area: str) -> Callable[..., Response]:
    def show(request: Request, token: str = "", again: bool = False) -> Response:
        try:
            return _step(request, desk, area, token, again=again)
        except DeadInvitationError as error:
            return plain_page(desk.house.texts, error.key, 404)

    return show


def _submit(desk: Desk, area: str) -> Callable[..., Response]:
    def submit(
        request: Request,
        token: Annotated[str, Form(max_length=100)] = "",
        step: Annotated[str, Form(max_length=10)] = "",
        password: Annotated[str, Form(max_length=1024)] = "",
        nickname: Annotated[str, Form(max_length=40)] = "",
        code: Annotated[str, Form(max_length=40)] = "",
        form: Annotated[str, Form(alias=FIELD, max_length=64)] = "",
    ) -> Response:
        if (refused := refuse(request, desk, Seed(request, desk, area).token, form)) is not None:
            return refused
        try:
            if step == "password":
                return _password(request, desk, area, token, password, nickname.strip())
            return _second(request, desk, area, token, None if step == "skip" else code)
        except DeadInvitationError as error:
            return plain_page(desk.house.texts, error.key, 404)

    return submit


def _password(request: Request, desk: Desk, area: str, token: str, password: str, nickname: str) -> Response:
    """Keep the choice with the invitation; an observer may do without a password."""
    joining, words = desk.database.run(lambda uow: _look(uow, desk, area, token))
    name = nickname if area == OBSERVER_AREA else joining.display
    try:
        if area != OBSERVER_AREA or password:
            check_password(password, (*words, name), BESIDE if area != OBSERVER_AREA else ALONE)
    except TicketError as error:
        return _step(request, desk, area, token, again=True, error=error, nickname=nickname)
    kept = hash_password(password) if password else None

    def choose(uow: UnitOfWork) -> None:
        row = find_invitation(uow, token, area, desk.now())
        row.password_hash, row.short = kept, kept is not None and len(fold(password)) < ALONE
        if area == OBSERVER_AREA:
            uow.session.get_one(Staff, row.staff_id).display = name or joining.display or joining.login

    desk.database.run(choose)
    if kept is None:
        return _second(request, desk, area, token, None)
    return _to(f"/{area}/join?token={token}")


def _second(request: Request, desk: Desk, area: str, token: str, code: str | None) -> Response:
    """The last step; everything before it was only kept with the invitation."""
    joining, _ = desk.database.run(lambda uow: _look(uow, desk, area, token))
    if (code is None and joining.must) or not (joining.chosen or area == OBSERVER_AREA):
        return _to(f"/{area}/join?token={token}")
    try:
        codes = desk.database.run(
            lambda uow: finish(uow, find_invitation(uow, token, area, desk.now()), code, desk.now())
        )
    except WrongCodeError as error:
        return _step(request, desk, area, token, error=error)
    response = join_markup.recovery_page(desk.house.texts, area, codes) if codes else _to(f"/{area}")
    enter(request, response, desk, joining.staff_id, joining.role, "invitation")
    return response


def _step(
    request: Request, desk: Desk, area: str, token: str, again: bool = False, error: TicketError | None = None,
    nickname: str = "",
) -> Response:  # fmt: skip
    """The page of the step somebody has come to."""
    joining, _ = desk.database.run(lambda uow: _look(uow, desk, area, token))
    seed = Seed(request, desk, area)
    frame = join_markup.Frame(desk.house.texts, area, token, seed.token, error)
    if again or not joining.chosen:
        response = join_markup.password_page(frame, joining.login, nickname or joining.display, joining.needs)
    else:
        secret = desk.database.run(
            lambda uow: pending_secret(uow, find_invitation(uow, token, area, desk.now()), desk.now())
        )
        response = join_markup.factor_page(frame, joining.login, secret, joining.must)
    seed.give(response)
    return response


def _look(uow: UnitOfWork, desk: Desk, area: str, token: str) -> tuple[Joining, tuple[str, ...]]:
    row = find_invitation(uow, token, area, desk.now())
    staff = uow.session.get_one(Staff, row.staff_id)
    needs = desk.rules.needs_second_factor(area)
    joining = Joining(
        row.staff_id, Role(row.role), staff.login, staff.display, row.password_hash is not None, needs,
        needs or row.short,
    )  # fmt: skip
    return joining, tuple(words_about(uow, row.staff_id))


def _to(path: str) -> Response:
    return RedirectResponse(path, status_code=303, headers=safe_headers())
