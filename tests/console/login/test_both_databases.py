"""The rows of signing in on SQLite and PostgreSQL: one way in, and tries that come at the same moment."""

import threading
from datetime import datetime
from typing import Any

import pyotp
import pytest
from sqlmodel import func, select

from console import sessions
from console.desk import Desk
from console.errors import DeadInvitationError
from console.login.accounts import Tried, Verdict, authenticate
from console.login.invitations import find_invitation, finish, invite, pending_secret
from console.login.passwords import hash_password
from storage.database import Database
from storage.models import LoginSession, RecoveryCode
from texts.dates import ZONE
from tickets.workflow import Role

NOW = datetime(2026, 11, 25, 9, 47, tzinfo=ZONE)
PASSWORD = "河对岸的风吹过晒谷场边三棵老树"


@pytest.fixture(params=["sqlite", "postgres"])
def backend(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, None, "s" * 40, lambda: NOW, lambda ids: None, secure_cookies=False)  # type: ignore[arg-type]


def enrol(desk: Desk) -> tuple[str, list[str]]:
    """Lead one, with password and second factor; the codes to recover by."""
    token = desk.database.run(lambda uow: invite(uow, Role.LEAD, "lead1", NOW)).path.partition("token=")[2]

    def work(uow: Any) -> tuple[str, list[str]]:
        row = find_invitation(uow, token, "desk", NOW)
        row.password_hash = hash_password(PASSWORD)
        secret = pending_secret(uow, row, NOW)
        return secret, finish(uow, row, pyotp.TOTP(secret).at(NOW), NOW)

    found: tuple[str, list[str]] = desk.database.run(work)
    with pytest.raises(DeadInvitationError):
        desk.database.run(lambda uow: find_invitation(uow, token, "desk", NOW))
    return found


def at_once(desk: Desk, tries: list[Tried]) -> list[Verdict]:
    verdicts: list[Verdict] = []
    threads = [threading.Thread(target=lambda t=each: verdicts.append(authenticate(desk, "desk", t))) for each in tries]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return verdicts


def test_in_and_out(desk: Desk) -> None:
    _, codes = enrol(desk)
    member = authenticate(desk, "desk", Tried("lead1", PASSWORD, codes[0], "10.1.1.1")).member
    assert member is not None
    row, _ = desk.database.run(lambda uow: sessions.begin(uow, desk, member.id, Role.LEAD, "password", "x"))
    assert desk.database.run(lambda uow: sessions.find(uow, desk.rules, row.id or 0, NOW)) is not None
    desk.database.run(lambda uow: sessions.end(uow.session.get_one(LoginSession, row.id), NOW))
    assert desk.database.run(lambda uow: sessions.find(uow, desk.rules, row.id or 0, NOW)) is None


def test_a_code_used_twice_at_the_same_moment_opens_once(desk: Desk) -> None:
    _, codes = enrol(desk)
    tries = [Tried("lead1", PASSWORD, codes[0], f"10.1.1.{number}") for number in range(4)]
    assert sum(each.member is not None for each in at_once(desk, tries)) == 1
    unused = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.used_at.is_(None))  # type: ignore[union-attr]
    assert desk.database.run(lambda uow: uow.session.exec(unused).one()) == 9


def test_tries_at_the_same_moment_are_all_counted(desk: Desk) -> None:
    enrol(desk)
    verdicts = at_once(desk, [Tried("lead1", "wrong" * 4, "", f"10.2.2.{number}") for number in range(12)])
    assert sum(each.wait is None for each in verdicts) == 5 and len(verdicts) == 12
