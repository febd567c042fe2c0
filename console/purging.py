"""Files and messages on the ticket page, each with the key that removes what carries a secrecy mark."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from nicegui import ui

from console.desk import Desk
from console.frame import head
from console.markup import tag
from console.staff import DESK_AREA, acting
from console.staff_actions import Hand
from storage.models import Attachment, Ticket
from storage.unit_of_work import UnitOfWork
from texts.dates import say_moment
from tickets import moving, purge, reading
from tickets.house import House
from tickets.moving import Actor
from tickets.permissions import may

MOST_SHOWN = 24  # characters of a message, to know which one it is

Purge = Callable[[str, int], Awaitable[None]]


@dataclass(frozen=True)
class Piece:
    """A file or message that can be removed: what it is, how it is told from others, where it is opened."""

    what: str  # attachment, message
    number: int
    title: str
    link: str | None
    gone: bool = False


def pieces(uow: UnitOfWork, house: House, ticket: Ticket, actor: Actor) -> tuple[Piece, ...]:
    """Everything on a ticket that may turn out to be secret, for those who read the words."""
    if not may(uow, "read_words", actor, ticket):
        return ()
    files = [_file(house, file) for file in reading.files_of(uow, ticket, actor)]
    said = [
        Piece("message", message.id or 0, f"{say_moment(message.at)}　{message.text[:MOST_SHOWN]}", None)
        for message in reading.said_on(uow, ticket, actor)
    ]
    return (*files, *said)


def _file(house: House, file: Attachment) -> Piece:
    say = house.texts.say
    kind = say(f"page.file.{file.kind}")
    if file.purged_at is not None:
        return Piece("attachment", file.id or 0, say("page.file.gone", kind=kind), None, gone=True)
    key = "page.file.cleaned" if file.cleaned_entry_id is not None else "page.file.original"
    title = say(key, kind=kind, size=max(file.size // 1024, 1), moment=say_moment(file.at))
    return Piece("attachment", file.id or 0, title, f"/{DESK_AREA}/file/{file.id}")


def build_pieces(house: House, found: tuple[Piece, ...], purge_it: Purge | None) -> None:
    """The list, with one key each for those who may remove."""
    if not found:
        return
    say = house.texts.say
    with ui.element("section").classes("box form"):
        head(tag("h2", say("page.file.title")))
        if purge_it is not None:
            head(tag("p", say("page.file.hint"), class_="soft"))
        for piece in found:
            with ui.element("div").classes("person"):
                name = tag("a", piece.title, href=piece.link, target="_blank") if piece.link else piece.title
                head(tag("span", name))
                if purge_it is not None and not piece.gone:
                    button = ui.button(say("page.file.purge"), on_click=partial(purge_it, piece.what, piece.number))
                    button.props("dense flat no-caps color=negative")


def purge_piece(uow: UnitOfWork, desk: Desk, hand: Hand, what: str, number: int) -> None:
    """One key: the use case, with fresh actor and version."""
    actor, ticket = acting(uow, hand.staff_id, hand.role), moving.load(uow, hand.ticket_id, hand.version)
    work = purge.purge_file if what == "attachment" else purge.purge_message
    work(uow, desk.house, ticket, number, actor, desk.now())
