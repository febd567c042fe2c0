"""Forms: tied to one sign-in, one browser or one link, and not to be sent from another site."""

from typing import Any

import pytest
from fastapi import Response
from starlette.requests import Request

from console.login.form_guard import Seed, link_token, refuse, session_token


def request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/desk/x", "headers": raw, "query_string": b""})


def test_tokens_differ_by_what_they_are_tied_to(world: Any) -> None:
    seeds = [Seed(request(cookie=f"jf_{area}_form=abc"), world.desk, area).token for area in ("desk", "unit")]
    tokens = [session_token(world.desk, 1), session_token(world.desk, 2), link_token(world.desk, "1"), *seeds]
    assert len(set(tokens)) == len(tokens)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_right_token_from_elsewhere_is_refused(world: Any, site: str) -> None:
    token = session_token(world.desk, 1)
    assert refuse(request(sec_fetch_site=site), world.desk, token, token) is not None
    assert refuse(request(sec_fetch_site="same-origin"), world.desk, token, token) is None
    assert refuse(request(), world.desk, token, token) is None, "an old browser does not say where it comes from"


@pytest.mark.parametrize("given", ["", "x", "口令", "0" * 43])
def test_a_wrong_token_is_refused(world: Any, given: str) -> None:
    assert refuse(request(), world.desk, session_token(world.desk, 1), given) is not None


def test_the_cookie_of_a_form_is_strict_and_stays_in_its_area(world: Any) -> None:
    object.__setattr__(world.desk, "secure_cookies", True)
    seed, response = Seed(request(), world.desk, "desk"), Response()
    token = seed.token
    seed.give(response)
    cookie = response.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/desk", "Secure"))
    again = Seed(request(cookie=cookie.partition(";")[0]), world.desk, "desk")
    assert again.token == token
