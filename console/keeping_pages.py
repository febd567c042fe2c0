"""Pages without content: the audit log, health for the administrator; and files of a ticket for staff.

Source: domain §4.3, §4.4.13-15: administrators see health, auditors see who did what, masked, never what was said.
"""

from collections.abc import Callable
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import select

from console.border import commit
from console.desk import Desk
from console.login import fields
from console.login.form_guard import hidden, session_token
from console.login.logins_page import not_signed_in
from console.markup import Html, join, tag
from console.plain import plain_page, safe_headers, sheet_page
from console.present import present_at
from console.sessions import Session
from console.staff import DESK_AREA, acting
from storage import audit
from storage.errors import DatabaseBusyError
from storage.models import Audit, Staff
from storage.unit_of_work import UnitOfWork
from texts.dates import say_moment
from tickets import auditing, health, reading
from tickets.errors import NotAllowedError, TicketError, UnknownTicketError
from tickets.moving import Actor
from tickets.permissions import grant
from tickets.workflow import Role

AUDIT_PATH, HEALTH_PATH = f"/{DESK_AREA}/audit", f"/{DESK_AREA}/health"
OWN_PAGE = {Role.ADMIN: HEALTH_PATH}  # roles whose desk is not the queue
MOST_LINES = 200
SHOWN = frozenset({"image/jpeg", "image/png"})  # everything else is saved, not opened in the browser
SHUT = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"

Page = Callable[[UnitOfWork, Actor, Session], Response]


def add_routes(app: FastAPI, desk: Desk) -> None:
    """`/desk/audit`, `/desk/health`, `/desk/file/{number}`."""

    def audit_log(request: Request, before: int = 0) -> Response:
        return _for(desk, request, "read_audit", lambda uow, actor, who: _audit_page(uow, desk, actor, who, before))

    def health_page(request: Request) -> Response:
        return _for(desk, request, "administer", lambda uow, actor, who: _health_page(uow, desk, actor, who))

    def file(request: Request, number: int) -> Response:
        return _for(desk, request, "read_words", lambda uow, actor, _: _file(uow, desk, actor, number))

    app.get(AUDIT_PATH, include_in_schema=False)(audit_log)
    app.get(HEALTH_PATH, include_in_schema=False)(health_page)
    app.get(f"/{DESK_AREA}/file/{{number}}", include_in_schema=False)(file)


def note_denied(desk: Desk, who: Session, path: str) -> None:
    """Somebody tried to read what their role may not: the attempt stands in the audit log."""
    commit(desk, lambda uow: audit.write(uow, "denied", who.role.value, str(who.staff_id), desk.now(), path))


def _for(desk: Desk, request: Request, action: str, page: Page) -> Response:
    """The page for somebody signed in whose role may do the action, its reads committed with it."""
    texts, here = desk.house.texts, present_at(desk, request, DESK_AREA)
    if here is None:
        return not_signed_in(desk, DESK_AREA)
    session = here.session
    if grant(action, session.role) == "no":
        note_denied(desk, session, request.url.path)
        return plain_page(texts, "error.role", 403)
    try:
        return desk.database.run(lambda uow: page(uow, acting(uow, session.staff_id, session.role), session))
    except TicketError as error:
        if isinstance(error, NotAllowedError):
            note_denied(desk, session, request.url.path)
        return plain_page(texts, error.key, 404 if isinstance(error, UnknownTicketError) else 403)
    except DatabaseBusyError:
        return plain_page(texts, "page.busy", 503)


def _leave(desk: Desk, who: Session) -> Html:
    button = tag("button", desk.house.texts.say("page.leave"), type="submit", class_="leave")
    return fields.form(f"/{DESK_AREA}/leave", hidden(session_token(desk, who.id)), button)


def _file(uow: UnitOfWork, desk: Desk, actor: Actor, number: int) -> Response:
    found = reading.read_file(uow, number, actor, desk.now())
    place = "inline" if found.media_type in SHOWN else "attachment"
    headers = {
        **safe_headers(), "Content-Security-Policy": SHUT,
        "Content-Disposition": f"{place}; filename*=UTF-8''{quote(found.name)}",
    }  # fmt: skip
    return Response(found.content, media_type=found.media_type, headers=headers)


def _health_page(uow: UnitOfWork, desk: Desk, actor: Actor, who: Session) -> HTMLResponse:
    say = desk.house.texts.say
    counts = {**health.show(uow, actor, desk.now()).as_json(), **desk.facts()}
    rows = (_row(say(f"page.health.{name}"), "—" if value is None else str(value)) for name, value in counts.items())
    return sheet_page(
        desk.house.texts, say("page.health.title"), tag("table", *rows, class_="facts"), _leave(desk, who)
    )


def _audit_page(uow: UnitOfWork, desk: Desk, actor: Actor, who: Session, before: int) -> HTMLResponse:
    say = desk.house.texts.say
    found = auditing.read_log(uow, actor, desk.now(), before, MOST_LINES)
    names = {str(staff.id): staff.display for staff in uow.session.exec(select(Staff))}
    lines = [_line(desk, row, names) for row in found.rows]
    sealed = audit.newest_seal(uow)
    state = say("page.audit.state", seals=sealed.id if sealed else 0, tail=audit.unsealed_count(uow))
    more = tag("a", say("page.audit.more"), href=f"{AUDIT_PATH}?before={found.older}") if found.older else None
    back = tag("p", tag("a", say("page.desk"), href=f"/{DESK_AREA}"))
    body = join(back, tag("p", state), tag("table", *lines, class_="facts"), more)
    return sheet_page(desk.house.texts, say("page.audit.title"), body, _leave(desk, who))


def _line(desk: Desk, row: Audit, names: dict[str, str]) -> Html:
    texts = desk.house.texts
    action = next(
        (texts.say(key) for key in (f"page.audited.{row.action}", f"page.action.{row.action}") if key in texts),
        row.action,
    )
    role = f"page.role.{row.role}"
    who = names.get(row.actor, _masked(row.actor))
    return _row(
        str(row.id), say_moment(row.at), texts.say(role) if role in texts else row.role, who, action,
        _masked(row.subject or ""), row.level or "",
    )  # fmt: skip


def _masked(name: str) -> str:
    """A pseudonym shows its beginning only: enough to follow one person, not to look one up."""
    kind, colon, value = name.rpartition(":")
    return f"{kind}{colon}{value[:4]}…" if value.startswith("p") and len(value) == 17 else name


def _row(*cells: str) -> Html:
    return tag("tr", *(tag("td", cell) for cell in cells))
