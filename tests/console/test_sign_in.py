"""Sign-in: one-time links, signed cookies by path, roles that can be switched but not invented."""

import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import func, select

from console.errors import NobodyInRoleError
from console.login.form_guard import session_token
from console.login.rules import LoginRules
from console.sessions import cookie_name
from console.sign_in import add_routes, make_link
from storage.models import LoginLink, LoginSession, Staff, StaffRole
from tickets.errors import NotAllowedError


@pytest.fixture
async def client(world: Any) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    add_routes(app, world.desk)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk.test") as client:
        yield client


def form(world: Any) -> dict[str, str]:
    """The token of the newest sign-in's forms."""
    newest = world.run(lambda uow: uow.session.exec(select(func.max(LoginSession.id))).one())
    return {"form": session_token(world.desk, newest)}


def link(world: Any, role: str, login: str | None = None) -> str:
    return world.run(lambda uow: make_link(uow, role, world.now, login))


@pytest.mark.parametrize(
    ("role", "area"),
    [("operator", "desk"), ("lead", "desk"), ("supervisor", "desk"), ("special", "desk"), ("auditor", "desk"),
     ("unit_contact", "unit"), ("unit_approver", "unit")],
)  # fmt: skip
async def test_link_leads_to_the_area_of_the_role(world: Any, client: httpx.AsyncClient, role: str, area: str) -> None:
    answer = await client.get(link(world, role))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{area}")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"jf_{area}=") and f"Path=/{area};" in cookie
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Max-Age=43200" in cookie
    assert "Secure" not in cookie


async def test_cookie_is_secure_when_told(world: Any, client: httpx.AsyncClient) -> None:
    object.__setattr__(world.desk, "secure_cookies", True)
    assert "Secure" in (await client.get(link(world, "lead"))).headers["set-cookie"]


async def test_link_works_once(world: Any, client: httpx.AsyncClient) -> None:
    path = link(world, "operator")
    assert (await client.get(path)).status_code == 303
    again = await client.get(path)
    assert again.status_code == 403 and "set-cookie" not in again.headers
    assert world.house.texts.say("page.link_dead") in again.text


async def test_link_expires_after_a_day(world: Any, client: httpx.AsyncClient) -> None:
    path = link(world, "operator")
    world.later(hours=24)
    assert (await client.get(path)).status_code == 403


@pytest.mark.parametrize("path", ["/desk/enter", "/desk/enter?token=", "/desk/enter?token=nonsense"])
async def test_unknown_token_is_refused(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 403


async def test_link_at_the_wrong_door_is_refused_and_not_used_up(world: Any, client: httpx.AsyncClient) -> None:
    path = link(world, "unit_contact")
    assert (await client.get(path.replace("/unit/", "/desk/"))).status_code == 403
    assert (await client.get(path)).status_code == 303


def test_only_the_hash_is_kept(world: Any) -> None:
    token = link(world, "lead").split("=")[1]
    kept = world.run(lambda uow: uow.session.exec(select(LoginLink)).one())
    assert len(kept.token_hash) == 64 and token not in kept.token_hash


async def test_link_of_somebody_who_left_is_refused(world: Any, client: httpx.AsyncClient) -> None:
    path = link(world, "lead", "lead1")
    world.run(lambda uow: setattr(uow.session.get_one(Staff, world.staff_id(uow, "lead1")), "active", False))
    assert (await client.get(path)).status_code == 403


def test_link_for_one_login(world: Any) -> None:
    link(world, "lead", "lead2")
    kept = world.run(lambda uow: uow.session.exec(select(LoginLink)).one())
    assert kept.staff_id == world.staff("lead2")


def test_roles_without_pages_and_empty_roles_get_no_link(world: Any) -> None:
    with pytest.raises(NotAllowedError):
        link(world, "complainant")
    with pytest.raises(NobodyInRoleError):
        link(world, "lead", "op1")


async def test_a_person_with_two_roles_switches(world: Any, client: httpx.AsyncClient) -> None:
    await client.get(link(world, "lead", "lead2"))
    before = client.cookies[cookie_name("desk")]
    world.later(minutes=30)
    answer = await client.post("/desk/as/operator", data=form(world))
    assert answer.status_code == 303 and client.cookies[cookie_name("desk")] != before
    assert f"Max-Age={11 * 3600 + 1800}" in answer.headers["set-cookie"]
    client.cookies.set(cookie_name("desk"), before, path="/desk")
    assert (await client.get("/desk/logins")).status_code == 401, "the old token is worth nothing"


async def test_switching_by_a_link_or_without_our_form_is_refused(world: Any, client: httpx.AsyncClient) -> None:
    await client.get(link(world, "lead", "lead2"))
    assert (await client.get("/desk/as/operator")).status_code == 405
    assert (await client.post("/desk/as/operator")).status_code == 403
    assert (await client.post("/desk/as/operator", data={"form": "0" * 43})).status_code == 403
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert (await client.post("/desk/as/operator", data=form(world), headers=elsewhere)).status_code == 403
    assert (await client.get("/desk/leave")).status_code == 405
    assert (await client.post("/desk/leave")).status_code == 403


async def test_a_role_not_held_is_refused(world: Any, client: httpx.AsyncClient) -> None:
    await client.get(link(world, "operator", "op1"))
    assert (await client.post("/desk/as/lead", data=form(world))).status_code == 403
    assert (await client.post("/desk/as/unit_contact", data=form(world))).status_code == 403
    assert (await client.post("/desk/as/nonsense", data=form(world))).status_code == 422


async def test_switching_needs_a_session(client: httpx.AsyncClient) -> None:
    assert (await client.post("/desk/as/lead")).status_code == 401


async def test_session_ends_after_twelve_hours_and_cannot_be_forged(world: Any, client: httpx.AsyncClient) -> None:
    await client.get(link(world, "lead", "lead2"))
    for _ in range(11):
        world.later(hours=1, seconds=-1)
        assert (await client.get("/desk/logins")).status_code == 200, "at work every hour"
    world.later(minutes=55)
    assert (await client.get("/desk/logins")).status_code == 200
    world.later(minutes=6)
    assert (await client.get("/desk/logins")).status_code == 401, "twelve hours are over"
    await client.get(link(world, "lead", "lead2"))
    good = client.cookies[cookie_name("desk")]
    client.cookies.set(cookie_name("desk"), good[:-2] + "xx", path="/desk")
    assert (await client.get("/desk/logins")).status_code == 401


async def test_an_hour_without_a_click_ends_it(world: Any, client: httpx.AsyncClient) -> None:
    await client.get(link(world, "lead", "lead2"))
    world.later(minutes=59)
    assert (await client.get("/desk/logins")).status_code == 200
    world.later(minutes=60)
    assert (await client.get("/desk/logins")).status_code == 401


async def test_a_unit_cookie_is_no_desk_cookie(world: Any, client: httpx.AsyncClient) -> None:
    world.run(lambda uow: uow.session.add(StaffRole(staff_id=world.staff_id(uow, "s023c"), role="lead")))
    await client.get(link(world, "unit_contact", "s023c"))
    client.cookies.set(cookie_name("desk"), client.cookies[cookie_name("unit")], path="/desk")
    assert (await client.get("/desk/logins")).status_code == 401


async def test_leaving_drops_the_cookie(world: Any, client: httpx.AsyncClient) -> None:
    await client.get(link(world, "lead", "lead2"))
    kept = client.cookies[cookie_name("desk")]
    await client.post("/desk/leave", data=form(world))
    assert cookie_name("desk") not in client.cookies
    client.cookies.set(cookie_name("desk"), kept, path="/desk")
    assert (await client.get("/desk/logins")).status_code == 401, "a copied cookie is dead too"


async def test_signing_in_again_ends_what_was_there(world: Any, client: httpx.AsyncClient) -> None:
    await client.get(link(world, "lead", "lead2"))
    planted = client.cookies[cookie_name("desk")]
    await client.get(link(world, "lead", "lead2"))
    assert client.cookies[cookie_name("desk")] != planted
    client.cookies.set(cookie_name("desk"), planted, path="/desk")
    assert (await client.get("/desk/logins")).status_code == 401


async def test_production_knows_no_sign_in_links(world: Any, client: httpx.AsyncClient) -> None:
    path = link(world, "lead")
    object.__setattr__(world.desk, "rules", LoginRules(second_factor=True, links=False))
    answer = await client.get(path)
    assert answer.status_code == 403 and "set-cookie" not in answer.headers


def test_making_links_needs_no_pages() -> None:
    """The desk's framework makes a folder where it is first imported: the command line must not import it."""
    code = "import console.sign_in, console.login.invitations, sys; sys.exit('nicegui' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_a_click_in_another_site_goes_through_a_page_of_ours(world: Any, client: httpx.AsyncClient) -> None:
    answer = await client.get(link(world, "lead"), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200 and "url=/desk" in answer.text
    assert answer.headers["set-cookie"].startswith("jf_desk=")
    assert answer.headers["referrer-policy"] == "same-origin"
