"""Invitations: for whom, how long, and that nothing of an account changes before the last step."""

from typing import Any

import pyotp
import pytest
from sqlmodel import func, select

from console import sessions
from console.errors import DeadInvitationError, LoginTakenError, NewAccountError, WrongCodeError
from console.login.invitations import LASTS, find_invitation, finish, invite, pending_secret
from console.login.passwords import hash_password
from console.staff import find_member
from storage.models import Credential, Invitation, Staff, VaultEntry
from tickets.errors import NotAllowedError
from tickets.workflow import Role


def invited(world: Any, role: Role, login: str, **more: Any) -> str:
    return world.run(lambda uow: invite(uow, role, login, world.now, **more)).path.partition("token=")[2]


def find(world: Any, token: str, area: str = "desk") -> Invitation:
    return world.run(lambda uow: find_invitation(uow, token, area, world.now))


def test_it_ends_by_time_use_and_at_the_wrong_door(world: Any) -> None:
    token = invited(world, Role.LEAD, "lead1")
    assert find(world, token).staff_id == world.staff("lead1")
    for area in ("unit", "observer"):
        with pytest.raises(DeadInvitationError):
            find(world, token, area)
    world.now += LASTS
    with pytest.raises(DeadInvitationError):
        find(world, token)
    with pytest.raises(DeadInvitationError):
        find(world, "")


def test_a_newer_one_ends_the_older(world: Any) -> None:
    old, new = invited(world, Role.LEAD, "lead1"), invited(world, Role.LEAD, "lead1")
    with pytest.raises(DeadInvitationError):
        find(world, old)
    find(world, new)


def test_somebody_who_left_cannot_use_it(world: Any) -> None:
    token = invited(world, Role.LEAD, "lead1")
    world.run(lambda uow: setattr(uow.session.get_one(Staff, world.staff_id(uow, "lead1")), "active", False))
    with pytest.raises(DeadInvitationError):
        find(world, token)


def test_an_invitation_gives_nobody_another_role_or_unit(world: Any) -> None:
    with pytest.raises(LoginTakenError):
        invited(world, Role.LEAD, "op1")
    with pytest.raises(LoginTakenError):
        invited(world, Role.CONTACT, "s023c", unit_code="S016")
    with pytest.raises(NotAllowedError):
        invited(world, Role.COMPLAINANT, "x")


def test_new_accounts(world: Any) -> None:
    invited(world, Role.CONTACT, "s016x", name="妇联新联络员", unit_code="S016")
    contact = world.run(lambda uow: find_member(uow, world.staff_id(uow, "s016x")))
    assert (contact.roles, contact.unit_code) == ((Role.CONTACT,), "S016")
    made = world.run(lambda uow: invite(uow, Role.OBSERVER, "", world.now))
    observer = world.run(lambda uow: find_member(uow, world.staff_id(uow, made.login)))
    assert (observer.roles, observer.display) == ((Role.OBSERVER,), "") and made.path.startswith("/observer/join?")
    for role, more in (
        (Role.CONTACT, {"name": "x"}), (Role.CONTACT, {"unit_code": "S016"}), (Role.LEAD, {}),
        (Role.LEAD, {"name": "x", "unit_code": "S016"}), (Role.CONTACT, {"name": "x", "unit_code": "nowhere"}),
    ):  # fmt: skip
        with pytest.raises(NewAccountError):
            invited(world, role, "newone", **more)


def test_only_the_hash_is_kept(world: Any) -> None:
    token = invited(world, Role.LEAD, "lead1")
    assert token not in str(world.run(lambda uow: uow.session.exec(select(Invitation)).one()))


def test_the_old_account_stands_until_the_last_step(world: Any, enrol: Any) -> None:
    enrol("lead1", Role.LEAD)
    before = world.run(lambda uow: uow.session.get_one(Credential, world.staff_id(uow, "lead1")))
    token = invited(world, Role.LEAD, "lead1")

    def half(uow: Any) -> None:
        row = find_invitation(uow, token, "desk", world.now)
        row.password_hash = hash_password("还没有算数的一个新密码呢吧")
        pending_secret(uow, row, world.now)

    world.run(half)
    with pytest.raises(WrongCodeError):
        world.run(lambda uow: finish(uow, find_invitation(uow, token, "desk", world.now), "000000", world.now))
    now = world.run(lambda uow: uow.session.get_one(Credential, world.staff_id(uow, "lead1")))
    assert (now.password_hash, now.totp_entry) == (before.password_hash, before.totp_entry)
    invited(world, Role.LEAD, "lead1")
    assert world.run(lambda uow: uow.session.exec(select(func.count()).select_from(VaultEntry)).one()) == 1


def test_the_last_step_replaces_everything_and_signs_everybody_out(world: Any, enrol: Any) -> None:
    enrol("lead1", Role.LEAD)
    row, _ = world.run(lambda uow: sessions.begin(
        uow, world.desk, world.staff_id(uow, "lead1"), Role.LEAD, "password", ""))  # fmt: skip
    old = world.run(lambda uow: uow.session.get_one(Credential, world.staff_id(uow, "lead1")).totp_entry)
    fresh = enrol("lead1", Role.LEAD)
    credential = world.run(lambda uow: uow.session.get_one(Credential, world.staff_id(uow, "lead1")))
    assert credential.totp_entry != old and credential.totp_step == int(world.now.timestamp()) // 30
    assert world.run(lambda uow: sessions.find(uow, world.desk.rules, row.id, world.now)) is None
    entry = world.run(lambda uow: uow.session.exec(select(VaultEntry)).one())
    assert world.database.vault.open(entry.sealed).decode() == fresh


def test_the_secret_stays_when_the_page_is_opened_again(world: Any) -> None:
    token = invited(world, Role.LEAD, "lead1")
    shown = {
        world.run(lambda uow: pending_secret(uow, find_invitation(uow, token, "desk", world.now), world.now))
        for _ in range(3)
    }
    assert len(shown) == 1
    code = pyotp.TOTP(shown.pop()).at(world.now)
    codes = world.run(lambda uow: finish(uow, find_invitation(uow, token, "desk", world.now), code, world.now))
    assert len(codes) == 10
    with pytest.raises(DeadInvitationError):
        find(world, token)
