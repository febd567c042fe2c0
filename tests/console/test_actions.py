"""What the buttons do: real use cases, fresh actor and version each time."""

from typing import Any

import pytest
from sqlmodel import select

from console import staff_actions, unit_actions
from console.border import commit
from console.drafts import AnswerDraft, Drafts, StaffDraft
from console.staff_actions import ACTIONS, Hand
from console.ticket_data import load_ticket
from console.unit_actions import UNIT_ACTIONS, UnitHand, load_dispatch
from console.wording import explain
from storage.models import Event, Staff, StaffRole
from tickets.errors import (
    ChangedMeanwhileError,
    MissingFieldError,
    NotAllowedError,
    SamePersonError,
    TicketError,
    UnknownTicketError,
    WrongStateError,
)
from tickets.workflow import Role


def hand(world: Any, login: str, role: Role, ticket_id: int) -> Hand:
    return Hand(world.staff(login), role, ticket_id, world.ticket(ticket_id).version)


def press(world: Any, name: str, who: Hand, **typed: Any) -> list[int]:
    return commit(world.desk, lambda uow: ACTIONS[name](uow, world.desk, who, StaffDraft(**typed)))


def unit_press(world: Any, name: str, login: str, ticket_id: int, **typed: str) -> list[int]:
    who = UnitHand(world.staff(login), world.number(ticket_id), world.ticket(ticket_id).version)
    return commit(world.desk, lambda uow: UNIT_ACTIONS[name](uow, world.desk, who, AnswerDraft(**typed)))


GOOD = {"paraphrase": "有同志反映，要求重复报送台账。", "unit_code": "S023", "reach": "全市", "t_class": "T2"}
FOUR = {"true_as_told": "属实", "measure": "停报", "done_by": "12月5日前", "basis": "规定"}


def test_the_whole_way_by_buttons(world: Any) -> None:
    ticket_id = world.file()
    press(world, "save", hand(world, "op1", Role.OPERATOR, ticket_id), paraphrase="草稿")
    assert len(press(world, "approve", hand(world, "lead1", Role.LEAD, ticket_id), **GOOD)) == 2
    assert world.ticket(ticket_id).state == "assigned"
    unit_press(world, "sign", "s023c", ticket_id)
    unit_press(world, "save", "s023c", ticket_id, **FOUR | {"basis": ""})
    unit_press(world, "release", "s023a", ticket_id, **FOUR)
    assert world.ticket(ticket_id).state == "answered"
    press(world, "send_back", hand(world, "op1", Role.OPERATOR, ticket_id), missing=["有依据"])
    unit_press(world, "release", "s023a", ticket_id, **FOUR | {"basis": "规定第三条"})
    press(world, "pass", hand(world, "op1", Role.OPERATOR, ticket_id), line="不用再报")
    assert world.ticket(ticket_id).state == "rating"


def test_ask_more_and_decline(world: Any) -> None:
    first, second = world.file("a1"), world.file("a2")
    press(world, "ask_more", hand(world, "op1", Role.OPERATOR, first), question="是哪家单位？")
    press(world, "decline", hand(world, "op1", Role.OPERATOR, second), reason="不属于减负范围", channel="12345")
    assert (world.ticket(first).state, world.ticket(second).state) == ("needs_info", "declined")


def test_one_person_with_both_unit_roles(world: Any) -> None:
    ticket_id = world.file()
    press(world, "approve", hand(world, "lead1", Role.LEAD, ticket_id), **GOOD | {"unit_code": "S016"})
    unit_press(world, "sign", "s016u", ticket_id)
    unit_press(world, "release", "s016u", ticket_id, **FOUR)
    events = world.run(lambda uow: uow.session.exec(select(Event.action, Event.role)).all())
    assert ("sign", "unit_contact") in events and ("answer", "unit_approver") in events


@pytest.mark.parametrize(
    ("login", "role"), [("op1", Role.OPERATOR), ("op1", Role.LEAD), ("sup1", Role.SUPERVISOR), ("s023c", Role.LEAD)]
)
def test_only_a_lead_approves(world: Any, login: str, role: Role) -> None:
    ticket_id = world.file()
    with pytest.raises(NotAllowedError):
        press(world, "approve", hand(world, login, role, ticket_id), **GOOD)
    assert world.ticket(ticket_id).state == "received"


def test_roles_are_asked_again_on_every_action(world: Any) -> None:
    ticket_id = world.file()
    who = hand(world, "lead1", Role.LEAD, ticket_id)

    def drop(uow: Any) -> None:
        held = select(StaffRole).where(StaffRole.staff_id == who.staff_id)
        uow.session.delete(uow.session.exec(held).one())

    world.run(drop)
    with pytest.raises(NotAllowedError):
        press(world, "approve", who, **GOOD)


def test_somebody_who_left_does_nothing_more(world: Any) -> None:
    ticket_id = world.signed()
    world.run(lambda uow: setattr(uow.session.get_one(Staff, world.staff_id(uow, "s023a")), "active", False))
    with pytest.raises(NotAllowedError):
        unit_press(world, "release", "s023a", ticket_id, **FOUR)


def test_the_second_of_two_is_told(world: Any) -> None:
    ticket_id = world.file()
    late = hand(world, "lead1", Role.LEAD, ticket_id)
    press(world, "save", hand(world, "op1", Role.OPERATOR, ticket_id), paraphrase="草稿")
    with pytest.raises(ChangedMeanwhileError):
        press(world, "approve", late, **GOOD)
    assert world.ticket(ticket_id).paraphrase == "草稿"


def test_two_of_a_unit_do_not_overwrite_each_other(world: Any) -> None:
    ticket_id = world.signed()
    late = UnitHand(world.staff("s023a"), world.number(ticket_id), world.ticket(ticket_id).version)
    unit_press(world, "save", "s023c", ticket_id, **FOUR)
    with pytest.raises(ChangedMeanwhileError):
        commit(world.desk, lambda uow: unit_actions.save(uow, world.desk, late, AnswerDraft()))


@pytest.mark.parametrize(
    ("name", "typed", "field"),
    [("approve", GOOD | {"unit_code": None}, "unit"), ("approve", GOOD | {"reach": None}, "reach"),
     ("approve", GOOD | {"paraphrase": " "}, "paraphrase"), ("save", {}, "paraphrase"),
     ("ask_more", {"question": " "}, "question"), ("decline", {"reason": "不属于", "channel": ""}, "channel")],
)  # fmt: skip
def test_what_is_missing_is_named(world: Any, name: str, typed: dict[str, Any], field: str) -> None:
    ticket_id = world.file()
    with pytest.raises(MissingFieldError) as caught:
        press(world, name, hand(world, "lead1", Role.LEAD, ticket_id), **typed)
    assert world.house.texts.say(f"field.{field}") in explain(world.house.texts, caught.value)
    assert world.ticket(ticket_id).version == 2


def test_a_draft_cannot_be_changed_once_assigned(world: Any) -> None:
    ticket_id = world.assigned()
    for action in (lambda who: press(world, "save", who, paraphrase="换掉"),
                   lambda who: commit(world.desk, lambda uow: staff_actions.reclassify(
                       uow, world.desk, who, "excess_seals"))):  # fmt: skip
        with pytest.raises(WrongStateError):
            action(hand(world, "lead1", Role.LEAD, ticket_id))


def test_a_supervisor_does_not_edit_drafts_or_classes(world: Any) -> None:
    ticket_id = world.file()
    with pytest.raises(NotAllowedError):
        press(world, "save", hand(world, "sup1", Role.SUPERVISOR, ticket_id), paraphrase="督办")
    who = hand(world, "sup1", Role.SUPERVISOR, ticket_id)
    with pytest.raises(NotAllowedError):
        commit(world.desk, lambda uow: staff_actions.reclassify(uow, world.desk, who, "excess_seals"))


def test_class_is_corrected_with_its_history(world: Any) -> None:
    ticket_id = world.file()
    who = hand(world, "op1", Role.OPERATOR, ticket_id)
    commit(world.desk, lambda uow: staff_actions.reclassify(uow, world.desk, who, "excess_seals"))
    ticket = world.ticket(ticket_id)
    assert (ticket.label, ticket.outcome) == ("excess_seals", "staff")


def test_intake_and_check_are_two_persons(world: Any) -> None:
    ticket_id = world.answered()
    world.do(ticket_id, lambda uow, ticket: setattr(ticket, "intake_by", world.staff_id(uow, "op1")))
    with pytest.raises(SamePersonError):
        press(world, "pass", hand(world, "op1", Role.OPERATOR, ticket_id), line="好")


def test_another_unit_learns_nothing_from_a_number(world: Any) -> None:
    ticket_id = world.assigned()
    number = world.number(ticket_id)
    told = []
    for tried in (number, "PD-AAA-AAAA"):
        with pytest.raises(TicketError) as caught:
            world.run(lambda uow, tried=tried: load_dispatch(uow, world.desk, world.staff_id(uow, "s016u"), tried))
        told.append(explain(world.house.texts, caught.value))
    assert told[0] == told[1]
    with pytest.raises(UnknownTicketError):
        unit_press(world, "sign", "s016u", ticket_id)


def test_contact_does_not_release_and_approver_does_not_sign(world: Any) -> None:
    ticket_id = world.assigned()
    with pytest.raises(NotAllowedError):
        unit_press(world, "sign", "s023a", ticket_id)
    unit_press(world, "sign", "s023c", ticket_id)
    with pytest.raises(NotAllowedError):
        unit_press(world, "release", "s023c", ticket_id, **FOUR)


def test_both_numbers_only_for_entitled_staff_and_written_down(world: Any) -> None:
    ticket_id = world.assigned()
    version = world.ticket(ticket_id).version
    with pytest.raises(NotAllowedError):
        world.run(lambda uow: staff_actions.read_number(uow, world.desk, hand_of(world, uow, "op1", Role.OPERATOR)))
    found = world.run(lambda uow: staff_actions.read_number(uow, world.desk, hand_of(world, uow, "lead1", Role.LEAD)))
    assert found == world.number(ticket_id)
    actions = world.run(lambda uow: uow.session.exec(select(Event.action)).all())
    assert actions.count("read_number") == 1 and world.ticket(ticket_id).version == version


def hand_of(world: Any, uow: Any, login: str, role: Role) -> Hand:
    return Hand(world.staff_id(uow, login), role, 1, 0)


def test_units_and_complainants_do_not_open_desk_tickets(world: Any) -> None:
    ticket_id = world.file()
    for login, role in (("s023c", Role.CONTACT), ("s023c", Role.OPERATOR)):
        with pytest.raises(NotAllowedError):
            world.run(lambda uow, login=login, role=role: load_ticket(
                uow, world.desk, world.staff_id(uow, login), role, ticket_id))  # fmt: skip


def test_drafts_outlive_a_reload_but_follow_colleagues_when_untouched() -> None:
    drafts: Drafts[StaffDraft] = Drafts()
    assert drafts.get(1, "7", StaffDraft(paraphrase="旧")).paraphrase == "旧"
    draft = drafts.get(1, "7", StaffDraft(paraphrase="同事存的"))
    assert draft.paraphrase == "同事存的"
    draft.paraphrase = "我写的"
    assert drafts.get(1, "7", StaffDraft(paraphrase="新")).paraphrase == "我写的"
    assert drafts.get(2, "7", StaffDraft(paraphrase="新")).paraphrase == "新"
    drafts.drop(1, "7")
    assert drafts.get(1, "7", StaffDraft(paraphrase="新")).paraphrase == "新"
