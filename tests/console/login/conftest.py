"""A browser without scripts: it keeps cookies and sends the forms it was shown."""

import re
from collections.abc import AsyncIterator, Callable
from html import unescape
from typing import Any

import httpx
import pyotp
import pytest
from fastapi import FastAPI

from console.login.invitations import find_invitation, finish, invite, pending_secret
from console.login.passwords import hash_password
from console.login.rules import LoginRules
from console.sign_in import add_routes
from console.staff import area_of
from tickets.workflow import Role

PASSWORD = "河对岸的风吹过晒谷场边三棵老树"


class Visitor:
    """One browser at one address."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.page: httpx.Response

    async def open(self, path: str, **headers: str) -> httpx.Response:
        self.page = await self.client.get(path, follow_redirects=True, headers=headers)
        return self.page

    async def send(self, action: str, **typed: str) -> httpx.Response:
        """Send the form of the page that goes to `action`; `typed` fills (or adds) its fields."""
        forms = re.findall(r'<form method="post" action="([^"]+)">(.*?)</form>', self.page.text, re.DOTALL)
        picked = {key: typed.pop(key) for key in ("step", "which") if key in typed}
        for path, inside in forms:
            hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside))
            if path == action and all(hidden.get(key) == value for key, value in picked.items()):
                data = {key: unescape(value) for key, value in hidden.items()} | typed
                self.page = await self.client.post(path, data=data, follow_redirects=True)
                return self.page
        raise AssertionError(f"no form to {action} {picked} on {self.page.url}")

    def says(self, sentence: str) -> bool:
        return sentence in unescape(re.sub(r"<[^>]+>", "", self.page.text))


@pytest.fixture
async def visit(world: Any) -> AsyncIterator[Callable[..., Visitor]]:
    """Make visitors, each with an address and cookies of their own."""
    app, clients = FastAPI(), []
    add_routes(app, world.desk)
    for area in ("desk", "unit"):  # in place of the pages that need the desk's framework
        app.get(f"/{area}")(lambda: {"page": "inside"})

    def make(address: str = "10.1.1.1") -> Visitor:
        transport = httpx.ASGITransport(app, client=(address, 4711))
        clients.append(httpx.AsyncClient(transport=transport, base_url="http://desk.test"))
        return Visitor(clients[-1])

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
def production(world: Any) -> None:
    object.__setattr__(world.desk, "rules", LoginRules(second_factor=True, links=False))


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def enrol(world: Any) -> Callable[..., str]:
    """Give somebody a password (and a second factor) the way an invitation does; gives the secret."""

    def give(login: str, role: Role, password: str = PASSWORD, factor: bool = True) -> str:
        def work(uow: Any) -> str:
            token = invite(uow, role, login, world.now).path.partition("token=")[2]
            row = find_invitation(uow, token, area_of(role) or "", world.now)
            row.password_hash = hash_password(password)
            secret = pending_secret(uow, row, world.now)
            finish(uow, row, pyotp.TOTP(secret).at(world.now) if factor else None, world.now)
            return secret

        return world.run(work)

    return give
