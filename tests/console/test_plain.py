"""Plain pages carry their own style and script and let nothing else run."""

import base64
import hashlib
import re
from typing import Any

from console.markup import tag
from console.plain import card_page, plain_page


def test_the_policy_names_exactly_what_is_on_the_page(world: Any) -> None:
    page = card_page(world.house.texts, "题", tag("p", "字"))
    policy, text = page.headers["content-security-policy"], bytes(page.body).decode()
    for name in ("style", "script"):
        inside = re.search(f"<{name}>(.*?)</{name}>", text, re.DOTALL)
        assert inside
        digest = base64.b64encode(hashlib.sha256(inside[1].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy and "default-src 'none'" in policy
    assert not re.search(r" (style|on\w+)=", text), "no inline style or handler would be obeyed"


def test_a_sentence_may_lead_on(world: Any) -> None:
    text = bytes(plain_page(world.house.texts, "page.sign_in", 401, ("login.go", "/desk/sign-in")).body).decode()
    assert 'href="/desk/sign-in"' in text and "请先登录" in text
