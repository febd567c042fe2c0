"""Who is this: only account, password and second factor together open, and the rest all looks the same."""

import statistics
import threading
import time
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from sqlmodel import select

from console.login.accounts import Tried, Verdict, authenticate
from console.login.rules import LoginRules
from storage.models import Credential, Staff, VaultEntry
from tickets.workflow import Role

WRONG = "十五个字以上但不是这个密码对吧"


@pytest.fixture
def sign_in(world: Any, password: str) -> Callable[..., Verdict]:
    def attempt(login: str = "lead1", given: str = password, code: str = "", **more: Any) -> Verdict:
        area, address = more.pop("area", "desk"), more.pop("address", "10.1.1.1")
        return authenticate(world.desk, area, Tried(login, given, code, address, **more))

    return attempt


def test_password_and_code_open_once(world: Any, enrol: Any, sign_in: Any) -> None:
    secret = enrol("lead1", Role.LEAD)
    assert sign_in(code=pyotp.TOTP(secret).at(world.now)) == Verdict(), "the code of the enrolment is used up"
    world.later(seconds=30)
    code = pyotp.TOTP(secret).at(world.now)
    assert sign_in().member is None
    assert sign_in(code=code).member.display == "审核组长一"
    assert sign_in(code=code) == Verdict(), "a code that was overheard is worth nothing"
    world.later(seconds=30)
    assert sign_in(" LEAD1 ", code=pyotp.TOTP(secret).at(world.now)).member is not None


def test_without_second_factor(world: Any, enrol: Any, sign_in: Any) -> None:
    enrol("lead1", Role.LEAD, factor=False)
    assert sign_in().member is not None and sign_in(code="123456").member is not None
    object.__setattr__(world.desk, "rules", LoginRules(second_factor=True))
    assert sign_in() == Verdict(needs_invitation=True)
    assert sign_in(given=WRONG) == Verdict(), "told only to whoever knows the password"


@pytest.mark.parametrize("case", ["wrong password", "unknown", "no password yet", "inactive", "other area"])
def test_everything_that_does_not_fit_looks_the_same(world: Any, enrol: Any, sign_in: Any, case: str) -> None:
    enrol("lead1", Role.LEAD, factor=False)
    if case == "inactive":
        world.run(lambda uow: setattr(uow.session.get_one(Staff, world.staff_id(uow, "lead1")), "active", False))
    tries = {
        "wrong password": {"given": WRONG}, "unknown": {"login": "nobody"}, "no password yet": {"login": "lead2"},
        "inactive": {}, "other area": {"area": "unit"},
    }  # fmt: skip
    waits = [sign_in(**tries[case]) for _ in range(8)]
    assert waits[:5] == [Verdict()] * 5
    assert [each.wait.total_seconds() for each in waits[5:] if each.wait] == [10.0, 10.0, 10.0]


def test_the_wait_grows_alike_for_known_and_unknown_accounts(world: Any, enrol: Any, sign_in: Any) -> None:
    enrol("lead1", Role.LEAD, factor=False)
    seen: dict[str, list[float]] = {"lead1": [], "nobody": []}
    for _ in range(12):
        for login, waits in seen.items():
            verdict = sign_in(login, given=WRONG, address=f"10.2.2.{len(waits)}")
            waits.append(verdict.wait.total_seconds() if verdict.wait else 0.0)
        world.later(seconds=45)
    assert seen["lead1"] == seen["nobody"] and max(seen["lead1"]) > 0


def test_the_right_password_gets_in_after_any_attack(world: Any, enrol: Any, sign_in: Any) -> None:
    enrol("lead1", Role.LEAD, factor=False)
    for number in range(300):
        sign_in(given=WRONG, address=f"10.3.{number}.1")
        world.later(seconds=7)
    held = sign_in(address="10.9.9.9")
    assert held.wait is not None and held.wait.total_seconds() <= 900
    world.now += held.wait
    assert sign_in(address="10.9.9.9").member is not None


def test_a_known_browser_is_not_held_up_by_strangers(world: Any, enrol: Any, sign_in: Any) -> None:
    enrol("lead1", Role.LEAD, factor=False)
    for _ in range(8):
        sign_in(given=WRONG, address="10.4.4.4")
    assert sign_in(address="10.1.1.1").wait is not None
    assert sign_in(address="10.1.1.1", known=(world.staff("lead1"), "device")).member is not None
    assert sign_in(address="10.1.1.1", known=(world.staff("lead2"), "device")).wait is not None


def test_one_address_trying_many_accounts_is_slowed(sign_in: Any) -> None:
    waits = [sign_in(f"user{number}", address="10.5.5.5").wait for number in range(32)]
    assert waits[:30] == [None] * 30 and waits[31] is not None
    assert sign_in("somebody", address="10.5.5.6").wait is None


def test_a_hundred_at_once_are_a_hundred_tries(world: Any, enrol: Any, sign_in: Any) -> None:
    enrol("lead1", Role.LEAD, factor=False)
    verdicts: list[Verdict] = []
    threads = [
        threading.Thread(target=lambda n=n: verdicts.append(sign_in(given=WRONG, address=f"10.6.6.{n}")))
        for n in range(20)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(verdicts) == 20 and sum(each.wait is None for each in verdicts) == 5


def test_an_unknown_account_takes_as_long(world: Any, enrol: Any, sign_in: Any) -> None:
    enrol("lead1", Role.LEAD)
    took: dict[str, list[float]] = {"lead1": [], "nobody": []}
    for number in range(5):
        for login, times in took.items():
            started = time.perf_counter()
            sign_in(login, given=WRONG, code="123456", address=f"10.7.7.{number}")
            times.append(time.perf_counter() - started)
    known, unknown = (statistics.median(times) for times in took.values())
    assert 0.5 < known / unknown < 2, (known, unknown)


def test_a_recovery_code_opens_once(world: Any, enrol: Any, sign_in: Any) -> None:
    from console.login.recovery import make_codes

    enrol("lead1", Role.LEAD)
    codes = world.run(lambda uow: make_codes(uow, world.staff_id(uow, "lead1")))
    assert sign_in(given=WRONG, code=codes[0]).member is None
    assert sign_in(code=codes[0]).member is not None, "a wrong password had not used it up"
    assert sign_in(code=codes[0]).member is None


def test_nobody_has_a_password_at_first(world: Any, sign_in: Any) -> None:
    assert world.run(lambda uow: uow.session.exec(select(Credential)).all()) == []
    for guess in ("", "lead1", "admin", "123456"):
        assert sign_in(given=guess).member is None


def test_the_secret_lies_sealed_in_the_vault(world: Any, enrol: Any, password: str) -> None:
    secret = enrol("lead1", Role.LEAD)
    rows = world.run(lambda uow: [*uow.session.exec(select(Credential)), *uow.session.exec(select(VaultEntry))])
    assert secret not in str(rows) and password not in str(rows) and len(rows) == 2
    entry = world.run(lambda uow: uow.session.exec(select(VaultEntry)).one())
    assert world.database.vault.open(entry.sealed).decode() == secret
