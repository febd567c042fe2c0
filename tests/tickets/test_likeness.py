"""Likeness of texts: the same is 1, strangers are near 0, punctuation and small changes count little."""

from hypothesis import given
from hypothesis import strategies as st

from tickets.likeness import likeness, pieces

ONE = "民政局让我们村把留守儿童表又报了三回"


def alike(one: str, other: str) -> float:
    return likeness(pieces(one), pieces(other))


def test_some_pairs() -> None:
    assert alike(ONE, ONE + "。") == 1
    assert alike(ONE, "民政局让我们社区把留守儿童表又报了四回") > 0.7
    assert alike(ONE, "应急局一个月来查了五次消防台账") < 0.1
    assert alike("", ONE) == 0


@given(st.text(), st.text())
def test_it_is_a_symmetric_share(one: str, other: str) -> None:
    assert 0 <= alike(one, other) == alike(other, one) <= 1
