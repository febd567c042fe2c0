"""The sign-in page: one sentence for everything that is wrong, and a browser that is new inside."""

from typing import Any

import pyotp
import pytest

from console.sessions import cookie_name
from tickets.workflow import Role


async def test_signing_in_and_where_it_leads(world: Any, visit: Any, enrol: Any, password: str) -> None:
    secret, lead = enrol("lead1", Role.LEAD), visit()
    world.later(seconds=30)
    page = await lead.open("/desk/sign-in")
    assert 'autocomplete="current-password"' in page.text and 'autocomplete="one-time-code"' in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    await lead.send("/desk/sign-in", login="lead1", password=password, code=pyotp.TOTP(secret).at(world.now))
    assert lead.page.json() == {"page": "inside"}
    cookie = lead.page.history[0].headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/desk" in cookie
    assert (await lead.open("/desk/sign-in")).url.path == "/desk", "who is in need not sign in again"
    assert (await lead.open("/unit/sign-in")).url.path == "/unit/sign-in"


async def test_wrong_and_unknown_read_the_same(world: Any, visit: Any, enrol: Any) -> None:
    enrol("lead1", Role.LEAD)
    texts = []
    for login in ("lead1", "nobody"):
        browser = visit()
        await browser.open("/desk/sign-in")
        await browser.send("/desk/sign-in", login=login, password="不是这个密码吧不是这个密码")
        assert browser.page.status_code == 403 and browser.says(world.house.texts.say("login.wrong"))
        seed = browser.page.text.partition('name="form" value="')[2][:43]
        texts.append(browser.page.text.replace(login, "…").replace(seed, "…"))
    assert texts[0] == texts[1]


async def test_waiting_is_said_with_its_length(world: Any, visit: Any) -> None:
    browser = visit()
    await browser.open("/desk/sign-in")
    for _ in range(6):
        await browser.send("/desk/sign-in", login="lead1", password="x")
    assert browser.page.status_code == 429 and browser.says("请过11秒再试")


async def test_a_planted_cookie_does_not_become_a_sign_in(world: Any, visit: Any, enrol: Any, password: str) -> None:
    enrol("lead1", Role.LEAD, factor=False)
    attacker, victim = visit(), visit()
    await attacker.open("/desk/sign-in")
    await attacker.send("/desk/sign-in", login="lead1", password=password)
    planted = attacker.client.cookies[cookie_name("desk")]
    await victim.open("/desk/sign-in")
    victim.client.cookies.set(cookie_name("desk"), planted, domain="desk.test", path="/desk")
    await victim.send("/desk/sign-in", login="lead1", password=password)
    assert victim.client.cookies[cookie_name("desk")] != planted
    assert (await attacker.open("/desk/logins")).status_code == 401


@pytest.mark.parametrize("field", ["login", "password", "code"])
async def test_endless_fields_are_refused_before_any_hashing(visit: Any, field: str) -> None:
    browser = visit()
    await browser.open("/desk/sign-in")
    await browser.send("/desk/sign-in", **{field: "x" * 5000})
    assert browser.page.status_code == 422


async def test_a_form_without_its_cookie_is_refused(visit: Any) -> None:
    browser = visit()
    await browser.open("/desk/sign-in")
    browser.client.cookies.clear()
    await browser.send("/desk/sign-in", login="lead1", password="x")
    assert browser.page.status_code == 403
