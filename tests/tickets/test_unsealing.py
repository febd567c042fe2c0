"""Opening an identity: reason, two approvals by two others, once, written down, the person told, over in time."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from storage.models import Audit, Event, Outbox, StaffRole, Unsealing
from tickets import unsealing
from tickets.errors import (
    MissingFieldError,
    NotAllowedError,
    OnlyOnceError,
    SamePersonError,
    TooLateError,
    UnknownTicketError,
)
from tickets.moving import Actor
from tickets.unsealing import stand_of
from tickets.workflow import Role


def ask(case: Any, untold: str = "", ground: str = "danger", reason: str = "有人扬言上门") -> None:
    desk = case.actor(Role.SPECIAL)
    case.do(lambda uow, t: unsealing.request(
        uow, case.house, t, desk, ground, reason, case.now, untold_because=untold))  # fmt: skip


def do(case: Any, step: Any, actor: Actor, *more: Any) -> Any:
    return case.database.run(
        lambda uow: step(uow, case.house, uow.session.get_one(Unsealing, 1), actor, *more, case.now)
    )


def stand(case: Any) -> str:
    with case.database.reading() as uow:
        return stand_of(uow.session.get_one(Unsealing, 1), case.now)


def both(case: Any) -> None:
    do(case, unsealing.approve, case.actor(Role.SPECIAL, 1))
    do(case, unsealing.approve, case.actor(Role.AUDITOR))


def test_the_whole_way(case: Any) -> None:
    case.file()
    ask(case)
    both(case)
    opened = do(case, unsealing.open_identity, case.actor(Role.SPECIAL))
    assert opened == (("chat:web", "phone-1"),) and stand(case) == "opened"
    with case.database.reading() as uow:
        actions = [each.action for each in uow.session.exec(select(Event)) if each.data.get("request")]
        row = uow.session.exec(select(Outbox).where(Outbox.key == "unsealed.told")).one()
        rows = repr([uow.session.exec(select(table)).all() for table in (Event, Outbox, Unsealing)])
        read = uow.session.exec(select(Audit).where(Audit.level == "L4")).one()
        audited = [each.action for each in uow.session.exec(select(Audit)) if "unsealing" in each.action]
    assert actions == ["ask_unsealing", "approve_unsealing", "approve_unsealing", "open_identity"]
    assert row.recipient == case.ticket().person and "phone-1" not in rows
    assert (read.action, read.subject, read.actor) == ("open_identity", "ticket:1", case.actor(Role.SPECIAL).id)
    assert "phone-1" not in repr(read) and audited == ["ask_unsealing", "approve_unsealing", "approve_unsealing"]


def test_it_is_shown_once(case: Any) -> None:
    case.file()
    ask(case)
    both(case)
    do(case, unsealing.open_identity, case.actor(Role.SPECIAL))
    with pytest.raises(OnlyOnceError):
        do(case, unsealing.open_identity, case.actor(Role.SPECIAL))


def test_the_person_is_not_told_only_when_a_law_is_named(case: Any) -> None:
    case.file()
    ask(case, untold="刑事诉讼法第五十四条", ground="court")
    both(case)
    do(case, unsealing.open_identity, case.actor(Role.SPECIAL))
    with case.database.reading() as uow:
        assert uow.session.exec(select(Outbox).where(Outbox.key == "unsealed.told")).all() == []
        assert uow.session.get_one(Unsealing, 1).untold_because == "刑事诉讼法第五十四条"


@pytest.mark.parametrize("approvals", [[], [(Role.SPECIAL, 1)], [(Role.AUDITOR, 0)]])
def test_one_approval_is_not_enough(case: Any, approvals: list[tuple[Role, int]]) -> None:
    case.file()
    ask(case)
    for role, which in approvals:
        do(case, unsealing.approve, case.actor(role, which))
    with pytest.raises(NotAllowedError):
        do(case, unsealing.open_identity, case.actor(Role.SPECIAL))
    assert stand(case) == "waiting"


def test_three_different_persons(case: Any) -> None:
    case.file()
    ask(case)
    requester = case.actor(Role.SPECIAL)
    for role in (Role.SPECIAL, Role.AUDITOR):  # also with a second role of theirs
        with pytest.raises(SamePersonError):
            do(case, unsealing.approve, Actor(role, requester.id, requester.unit_code))
    other = case.actor(Role.SPECIAL, 1)
    case.database.run(lambda uow: uow.session.add(StaffRole(staff_id=other.staff_id, role="auditor")))
    do(case, unsealing.approve, other)
    with pytest.raises(SamePersonError):
        do(case, unsealing.approve, Actor(Role.AUDITOR, other.id, other.unit_code))
    auditor = case.actor(Role.AUDITOR, 1)
    do(case, unsealing.approve, auditor)
    for nobody in (other, auditor):
        with pytest.raises(NotAllowedError):
            do(case, unsealing.open_identity, nobody)


def test_it_expires_before_and_after_approval(case: Any) -> None:
    case.file()
    ask(case)
    start = case.now
    case.now = start + unsealing.TO_APPROVE
    with pytest.raises(TooLateError):
        do(case, unsealing.approve, case.actor(Role.AUDITOR))
    case.now = start + unsealing.TO_APPROVE - timedelta(minutes=1)
    both(case)
    case.now += unsealing.TO_OPEN
    with pytest.raises(TooLateError):
        do(case, unsealing.open_identity, case.actor(Role.SPECIAL))
    assert stand(case) == "expired"


def test_a_refusal_ends_it(case: Any) -> None:
    case.file()
    ask(case)
    with pytest.raises(MissingFieldError):
        do(case, unsealing.refuse, case.actor(Role.AUDITOR), " ")
    do(case, unsealing.refuse, case.actor(Role.AUDITOR), "理由不足")
    assert stand(case) == "refused"
    with pytest.raises(OnlyOnceError):
        do(case, unsealing.approve, case.actor(Role.SPECIAL, 1))
    with pytest.raises(NotAllowedError):
        do(case, unsealing.open_identity, case.actor(Role.SPECIAL))


@pytest.mark.parametrize(("ground", "reason"), [("curiosity", "想知道"), ("danger", "  ")])
def test_ground_and_reason_are_needed(case: Any, ground: str, reason: str) -> None:
    case.file()
    with pytest.raises(MissingFieldError):
        ask(case, ground=ground, reason=reason)


def test_recusal_holds_here_too(case: Any) -> None:
    case.file()
    ask(case)
    own = Actor(Role.AUDITOR, case.actor(Role.AUDITOR).id, case.code())
    with pytest.raises(UnknownTicketError):
        do(case, unsealing.approve, own)
    with case.database.reading() as uow:
        assert unsealing.requests(uow, own, case.now) == []
        assert len(unsealing.requests(uow, case.actor(Role.AUDITOR), case.now)) == 1
