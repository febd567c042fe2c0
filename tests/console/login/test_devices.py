"""Browsers that were in before, and their two words in the list."""

from typing import Any

import pytest
from fastapi import Response
from starlette.requests import Request

from console.login.devices import device_words, known_device, remember_device


def request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": raw})


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile Safari/537.36 MicroMessenger/8.0", "微信 · Android"),
        ("curl/8.0 <script>", ""), ("", ""),
    ],
)  # fmt: skip
def test_two_words(agent: str, words: str) -> None:
    assert device_words(request(user_agent=agent)) == words


def test_a_browser_is_known_for_one_person_and_cannot_be_made_up(world: Any) -> None:
    response = Response()
    remember_device(request(), response, world.desk, "desk", 7)
    cookie = response.headers["set-cookie"].partition(";")[0]
    known = known_device(request(cookie=cookie), world.desk, "desk")
    assert known is not None and known[0] == 7
    assert known_device(request(cookie=cookie[:-2] + "xx"), world.desk, "desk") is None
    assert known_device(request(cookie=cookie.replace("jf_desk", "jf_unit")), world.desk, "unit") is None
    again = Response()
    remember_device(request(cookie=cookie), again, world.desk, "desk", 7)
    assert known_device(request(cookie=again.headers["set-cookie"].partition(";")[0]), world.desk, "desk") == known
