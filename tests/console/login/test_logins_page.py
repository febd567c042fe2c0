"""我的登录: one's own sign-ins and nobody else's, ended one by one or all but this."""

from typing import Any

import pytest
from sqlmodel import select

from storage.models import LoginSession
from tickets.workflow import Role


@pytest.fixture
def signed_in(visit: Any, enrol: Any, password: str) -> Any:
    async def sign_in(login: str = "lead2", role: Role = Role.LEAD, first: bool = False) -> Any:
        if first:
            enrol(login, role, factor=False)
        browser = visit()
        await browser.open("/desk/sign-in")
        await browser.send("/desk/sign-in", login=login, password=password)
        return browser

    return sign_in


def ids(world: Any) -> list[int]:
    return world.run(lambda uow: list(uow.session.exec(select(LoginSession.id).order_by(LoginSession.id))))


async def test_one_is_ended(world: Any, signed_in: Any) -> None:
    here, there = await signed_in(first=True), await signed_in()
    await here.open("/desk/logins")
    assert here.says("本机") and here.page.text.count("<li>") == 2
    await here.send("/desk/logins", which=str(ids(world)[1]))
    assert here.page.text.count("<li>") == 1
    assert (await there.open("/desk/logins")).status_code == 401
    assert (await here.open("/desk/logins")).status_code == 200


async def test_all_others_are_ended(world: Any, signed_in: Any) -> None:
    browsers = [await signed_in(first=True), await signed_in(), await signed_in()]
    await browsers[1].open("/desk/logins")
    await browsers[1].send("/desk/logins", which="others")
    assert [(await each.open("/desk/logins")).status_code for each in browsers] == [401, 200, 401]


async def test_nobody_elses_can_be_ended(world: Any, signed_in: Any) -> None:
    lead, operator = await signed_in(first=True), await signed_in("op1", Role.OPERATOR, first=True)
    await lead.open("/desk/logins")
    assert lead.page.text.count("<li>") == 1
    await lead.open("/desk/logins")
    form = lead.page.text.partition('name="form" value="')[2][:43]
    await lead.client.post("/desk/logins", data={"form": form, "which": str(ids(world)[1])})
    assert (await operator.open("/desk/logins")).status_code == 200
    other = await operator.client.post("/desk/logins", data={"form": form, "which": "others"})
    assert other.status_code == 403, "another person's form"


async def test_both_factors_are_asked_before_they_are_renewed(world: Any, signed_in: Any, password: str) -> None:
    here, there = await signed_in(first=True), await signed_in()
    await here.open("/desk/logins")
    await here.send("/desk/renew", password="不是这个密码吧不是这个密码")
    assert here.page.status_code == 403 and here.says(world.house.texts.say("login.wrong"))
    await here.send("/desk/renew", password=password)
    assert here.page.url.path == "/desk/join"
    await here.send("/desk/join", password="另一条河另一阵风另一片晒谷场")
    await here.open(f"{here.page.url}&again=1")
    await here.send("/desk/join", password="另一条河另一阵风另一片晒谷场边")
    await here.send("/desk/join", step="skip")
    assert here.page.json() == {"page": "inside"}
    assert (await there.open("/desk/logins")).status_code == 401, "whoever knew the old password is out"


async def test_no_address_is_kept_or_shown(world: Any, signed_in: Any) -> None:
    here = await signed_in(first=True)
    await here.open("/desk/logins")
    rows = world.run(lambda uow: str(uow.session.exec(select(LoginSession)).all()))
    assert "10.1.1.1" not in rows and "10.1.1.1" not in here.page.text
