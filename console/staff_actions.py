"""What hotline staff do on the ticket page: each a thin step into a use case, with fresh actor and version."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from console.desk import Desk
from console.drafts import StaffDraft
from console.staff import acting
from storage.models import Ticket
from storage.unit_of_work import UnitOfWork
from tickets import checking, intake, moving, pressure, review, special
from tickets.errors import MissingFieldError
from tickets.moving import Actor
from tickets.views import dispatch_of
from tickets.workflow import Role


@dataclass(frozen=True)
class Hand:
    """Who acts in which role, on which ticket as they saw it."""

    staff_id: int
    role: Role
    ticket_id: int
    version: int


Action = Callable[[UnitOfWork, Desk, Hand, StaffDraft], None]


def ask_more(uow: UnitOfWork, desk: Desk, hand: Hand, draft: StaffDraft) -> None:
    """要求补充."""
    actor, ticket = _open(uow, hand)
    review.ask_more(uow, desk.house, ticket, actor, draft.question.strip(), desk.now())


def decline(uow: UnitOfWork, desk: Desk, hand: Hand, draft: StaffDraft) -> None:
    """不予受理."""
    actor, ticket = _open(uow, hand)
    review.decline(uow, desk.house, ticket, actor, draft.reason.strip(), draft.channel.strip(), desk.now())


def save_draft(uow: UnitOfWork, desk: Desk, hand: Hand, draft: StaffDraft) -> None:
    """保存草稿."""
    actor, ticket = _open(uow, hand)
    if not draft.paraphrase.strip():
        raise MissingFieldError(field="paraphrase")
    review.save_draft(uow, ticket, actor, draft.paraphrase.strip(), desk.now())


def approve(uow: UnitOfWork, desk: Desk, hand: Hand, draft: StaffDraft) -> None:
    """审核通过并交办."""
    actor, ticket = _open(uow, hand)
    review.approve(
        uow, desk.house, ticket, actor, draft.paraphrase, draft.unit_code or "", draft.reach or "", desk.now(),
        draft.t_class, draft.way, draft.life and draft.t_class == "T1",
    )  # fmt: skip


def pass_answer(uow: UnitOfWork, desk: Desk, hand: Hand, draft: StaffDraft) -> None:
    """核验通过."""
    actor, ticket = _open(uow, hand)
    checking.pass_answer(uow, desk.house, ticket, actor, draft.line, desk.now())


def send_back(uow: UnitOfWork, desk: Desk, hand: Hand, draft: StaffDraft) -> None:
    """退回补办."""
    actor, ticket = _open(uow, hand)
    missing = [item for item in checking.CHECKLIST if item in draft.missing]
    checking.send_back(uow, desk.house, ticket, actor, missing, desk.now())


def hand_over(uow: UnitOfWork, desk: Desk, hand: Hand, draft: StaffDraft) -> None:
    """转专办."""
    actor, ticket = _open(uow, hand)
    special.hand_over(uow, desk.house, ticket, actor, draft.why, desk.now())


def note_contact(uow: UnitOfWork, desk: Desk, hand: Hand, _draft: StaffDraft) -> None:
    """单位联系过反映人."""
    actor, ticket = _open(uow, hand)
    pressure.note_contact(uow, desk.house, ticket, actor, desk.now())


def reclassify(uow: UnitOfWork, desk: Desk, hand: Hand, label: str) -> None:
    """Correct the class while the ticket is under review."""
    actor, ticket = _open(uow, hand)
    intake.choose_class(uow, ticket, label, actor, desk.now())


def read_number(uow: UnitOfWork, desk: Desk, hand: Hand) -> str:
    """The dispatch number for staff entitled to both numbers; the read stands in the history."""
    actor = acting(uow, hand.staff_id, hand.role)
    ticket = moving.load(uow, hand.ticket_id)
    number = dispatch_of(uow, ticket, actor)
    moving.trace(uow, hand.ticket_id, "read_number", actor, desk.now())
    return number or ""


ACTIONS: Mapping[str, Action] = {
    "ask_more": ask_more, "decline": decline, "save": save_draft, "approve": approve, "pass": pass_answer,
    "send_back": send_back, "hand_over": hand_over, "note_contact": note_contact,
}  # fmt: skip


def _open(uow: UnitOfWork, hand: Hand) -> tuple[Actor, Ticket]:
    return acting(uow, hand.staff_id, hand.role), moving.load(uow, hand.ticket_id, hand.version)
