"""The observer's page: entered by invitation, says nothing about anybody, ends like every other sign-in."""

from typing import Any

from console.login.invitations import invite
from tickets.workflow import Role


async def test_in_and_out(world: Any, visit: Any) -> None:
    world.file()
    observer = visit()
    assert (await observer.open("/observer")).status_code == 401
    await observer.open(world.run(lambda uow: invite(uow, Role.OBSERVER, "", world.now)).path)
    await observer.send("/observer/join", nickname="田埂上的人")
    assert observer.says("田埂上的人") and "JF-" not in observer.page.text and "青岚" not in observer.page.text
    for path in ("/desk/logins", "/unit/logins"):
        assert (await observer.client.get(path)).status_code == 401
    await observer.open("/observer")
    await observer.send("/observer/leave")
    assert (await observer.open("/observer")).status_code == 401
