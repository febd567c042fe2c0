"""What a unit does with a dispatch: sign, draft, release, each in the role that may; the ticket stays in here."""

from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from datetime import date

from console.desk import Desk
from console.drafts import AnswerDraft
from console.staff import acting
from storage.models import Assignment, Ticket
from storage.tickets import by_dispatch
from storage.unit_of_work import UnitOfWork
from tickets import answer_link, moving, unit_work
from tickets.errors import NotAllowedError, UnknownTicketError
from tickets.moving import Actor
from tickets.unit_work import Fields
from tickets.views import UnitView, unit_view
from tickets.workflow import Role

EITHER = (Role.CONTACT, Role.APPROVER)


@dataclass(frozen=True)
class UnitHand:
    """Who acts on which dispatch, at the version they saw; all of it stays on the server."""

    staff_id: int
    number: str
    version: int


@dataclass(frozen=True)
class Dispatch:
    """A unit's view with the version it shows; the version never leaves the server."""

    view: UnitView
    version: int
    linked_until: date | None  # a link for a colleague is out until then


UnitAction = Callable[[UnitOfWork, Desk, UnitHand, AnswerDraft], bool]  # False: it asked who complained


def load_dispatch(uow: UnitOfWork, desk: Desk, staff_id: int, number: str) -> Dispatch:
    """The view for anybody of the unit, with what either of their roles may do."""
    found, actor = _own(uow, staff_id, number, EITHER)
    view = unit_view(uow, desk.house, found, actor)
    ticket = uow.session.get_one(Ticket, found.ticket_id)
    link = answer_link.open_link(uow, ticket, desk.now())
    return Dispatch(view, ticket.version, answer_link.last_day(link) if link else None)


def sign(uow: UnitOfWork, desk: Desk, hand: UnitHand, _draft: AnswerDraft) -> bool:
    """签收."""
    actor, ticket = _open(uow, hand, (Role.CONTACT,))
    unit_work.sign(uow, desk.house, ticket, actor, desk.now())
    return True


def save(uow: UnitOfWork, desk: Desk, hand: UnitHand, draft: AnswerDraft) -> bool:
    """保存."""
    actor, ticket = _open(uow, hand, EITHER)
    return _keep(uow, desk, ticket, actor, draft)


def release(uow: UnitOfWork, desk: Desk, hand: UnitHand, draft: AnswerDraft) -> bool:
    """签发: what stands on the page is saved and released in one go."""
    actor, ticket = _open(uow, hand, (Role.APPROVER,))
    if not _keep(uow, desk, ticket, actor, draft):
        return False
    unit_work.release_answer(uow, desk.house, ticket, actor, desk.now())
    return True


def ask(uow: UnitOfWork, desk: Desk, hand: UnitHand, draft: AnswerDraft) -> bool:
    """提问."""
    actor, ticket = _open(uow, hand, EITHER)
    return unit_work.ask(uow, desk.house, ticket, actor, draft.question, desk.now())


def make_answer_link(uow: UnitOfWork, desk: Desk, hand: UnitHand) -> tuple[str, date]:
    """生成代填链接: path and last day of a page on which a colleague without an account can fill in the answer."""
    actor, ticket = _open(uow, hand, EITHER)
    row, token = answer_link.make_link(uow, ticket, actor, desk.now())
    return f"/unit/answer/{token}", answer_link.last_day(row)


def revoke_answer_link(uow: UnitOfWork, desk: Desk, hand: UnitHand) -> None:
    """作废链接."""
    actor, ticket = _open(uow, hand, EITHER)
    answer_link.revoke_links(uow, ticket, actor, desk.now())


def _keep(uow: UnitOfWork, desk: Desk, ticket: Ticket, actor: Actor, draft: AnswerDraft) -> bool:
    fields = _fields(draft)
    if unit_work.refuse_probe(uow, desk.house, ticket, actor, astuple(fields), desk.now()):
        return False
    unit_work.draft_answer(uow, ticket, actor, fields, desk.now())
    return True


UNIT_ACTIONS: Mapping[str, UnitAction] = {"sign": sign, "save": save, "release": release, "ask": ask}


def _open(uow: UnitOfWork, hand: UnitHand, roles: tuple[Role, ...]) -> tuple[Actor, Ticket]:
    found, actor = _own(uow, hand.staff_id, hand.number, roles)
    return actor, moving.load(uow, found.ticket_id, hand.version)


def _own(uow: UnitOfWork, staff_id: int, number: str, roles: tuple[Role, ...]) -> tuple[Assignment, Actor]:
    """The active dispatch of the actor's unit; unknown, former and other units' numbers look the same."""
    actor = acting(uow, staff_id, *roles)
    if actor.unit_code is None:
        raise NotAllowedError(role=actor.role.value)
    found = by_dispatch(uow, number)
    if found is None or not found.active or found.unit_code != actor.unit_code:
        raise UnknownTicketError
    return found, actor


def _fields(draft: AnswerDraft) -> Fields:
    return Fields(draft.true_as_told, draft.measure, draft.done_by, draft.basis)
