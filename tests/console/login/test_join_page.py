"""The way in: invitation → password → second factor → recovery codes → inside."""

import re
from typing import Any

import pyotp
import pytest
from sqlmodel import select

from console.login.invitations import invite
from storage.models import Credential, Staff
from tickets.workflow import Role


def invited(world: Any, role: Role, login: str, **more: Any) -> str:
    return world.run(lambda uow: invite(uow, role, login, world.now, **more)).path


def secret_on(page: Any) -> str:
    return re.search(r'class="secret">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")


@pytest.mark.usefixtures("production")
async def test_staff_in_production_cannot_leave_the_second_factor_out(world: Any, visit: Any) -> None:
    lead = visit()
    await lead.open(invited(world, Role.LEAD, "lead1"))
    assert lead.says("审核组长一") and lead.says("lead1")
    await lead.send("/desk/join", password="晒谷场边老树七棵")
    assert "<svg" in lead.page.text and not lead.says(world.house.texts.say("login.skip"))
    secret = secret_on(lead.page)
    forged = lead.page.text.replace('name="step" value="code"', 'name="step" value="skip"')
    real, lead.page = lead.page, type(lead.page)(200, text=forged, request=lead.page.request)
    await lead.send("/desk/join", step="skip")
    assert "<svg" in lead.page.text, "asked again, not let in"
    lead.page = real
    await lead.send("/desk/join", code="000000")
    assert lead.page.status_code == 422 and lead.says(world.house.texts.say("login.wrong_code"))
    assert secret_on(lead.page) == secret
    await lead.send("/desk/join", code=pyotp.TOTP(secret).at(world.now))
    assert len(re.findall(r"<code>[0-9A-Z]{5}-[0-9A-Z]{5}</code>", lead.page.text)) == 10
    assert (await lead.open("/desk/logins")).status_code == 200


async def test_a_short_password_needs_the_second_factor(world: Any, visit: Any) -> None:
    contact = visit()
    path = invited(world, Role.CONTACT, "s023c")
    await contact.open(path)
    await contact.send("/unit/join", password="晒谷场边老树七棵")
    assert not contact.says(world.house.texts.say("login.skip"))
    await contact.open(f"{path}&again=1")
    await contact.send("/unit/join", password="河对岸的风吹过晒谷场边三棵老树")
    assert contact.says(world.house.texts.say("login.skip"))
    await contact.send("/unit/join", step="skip")
    assert contact.page.json() == {"page": "inside"}
    assert (await contact.open(path)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "told"),
    [("七个字的密码啊", "login.short"), ("password1234", "login.known"), ("s023c-2026", "login.known")],
)
async def test_a_weak_password_is_refused_with_the_reason(world: Any, visit: Any, typed: str, told: str) -> None:
    contact = visit()
    await contact.open(invited(world, Role.CONTACT, "s023c"))
    await contact.send("/unit/join", password=typed)
    assert contact.page.status_code == 422 and contact.says(world.house.texts.say(told, count=8))
    assert world.run(lambda uow: uow.session.exec(select(Credential)).all()) == []


async def test_an_observer_needs_a_nickname_and_nothing_else(world: Any, visit: Any) -> None:
    observer = visit()
    await observer.open(invited(world, Role.OBSERVER, ""))
    await observer.send("/observer/join", nickname="田埂上的人")
    assert observer.page.url.path == "/observer" and observer.says("田埂上的人")
    world.later(days=29)
    assert (await observer.open("/observer")).status_code == 200
    world.later(days=1)
    assert (await observer.open("/observer")).status_code == 401


async def test_an_observer_without_a_password_cannot_sign_in_by_an_empty_one(world: Any, visit: Any) -> None:
    observer = visit()
    await observer.open(invited(world, Role.OBSERVER, "obs1"))
    await observer.send("/observer/join", nickname="田埂上的人")
    other = visit()
    await other.open("/observer/sign-in")
    await other.send("/observer/sign-in", login="obs1", password="")
    assert other.page.status_code == 403
    assert world.run(lambda uow: uow.session.get_one(Staff, world.staff_id(uow, "obs1")).display) == "田埂上的人"


async def test_a_form_of_another_browser_is_refused(world: Any, visit: Any) -> None:
    owner, thief = visit(), visit()
    await owner.open(invited(world, Role.CONTACT, "s023c"))
    thief.page = owner.page
    await thief.send("/unit/join", password="河对岸的风吹过晒谷场边三棵老树")
    assert thief.page.status_code == 403
    assert world.run(lambda uow: uow.session.exec(select(Credential)).all()) == []
