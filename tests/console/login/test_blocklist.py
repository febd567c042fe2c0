"""The block list: what would be tried first is refused, what nobody tries is not."""

import secrets
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.login.blocklist import LIST, OWN_WORDS, is_common


@pytest.mark.parametrize(
    "tried",
    ["password", "Password123", "12345678", "876543210", "qwertyuiop", "1qaz2wsx", "11111111", "abcabcabcabc",
     "zhongguo123", "woaini1314", "iloveyou!!", "jianfu2026", "减负直通车2026！", "jianfujianfu", "Mima-12345678",
     "形式主义官僚主义", "一二三四五六七八"],
)  # fmt: skip
def test_what_everybody_tries_is_refused(tried: str) -> None:
    assert is_common(tried)


@pytest.mark.parametrize("tried", ["lead1lead1", "审核组长一2026", "青岚市民政局001", "LEAD1-2026"])
def test_words_about_the_person_alone_are_refused(tried: str) -> None:
    assert is_common(tried, ("lead1", "审核组长一", "青岚市民政局"))


@pytest.mark.parametrize(
    "good",
    ["correct horse battery staple", "河对岸的风吹过晒谷场", "x7#9K2!p", "减负办门口的石榴树去年结了九个",
     "839201748265", "jianfu839201748265", "lead1爱吃酸辣粉加两个蛋"],
)  # fmt: skip
def test_what_nobody_tries_first_is_taken(good: str) -> None:
    assert not is_common(good, ("lead1",))


@given(st.integers(min_value=12, max_value=40))
def test_random_passwords_are_taken(length: int) -> None:
    alphabet = string.ascii_letters + string.digits + string.punctuation
    assert not is_common("".join(secrets.choice(alphabet) for _ in range(length)), ("op1", "坐席一"))


@given(st.sampled_from(OWN_WORDS), st.integers(min_value=0, max_value=9999))
def test_our_own_words_with_a_number_are_refused(word: str, number: int) -> None:
    assert is_common(f"{word}{number}") and is_common(f"{number}{word.upper()}!")


def test_the_list_is_as_described() -> None:
    words = LIST.read_text(encoding="utf-8").split()
    assert len(words) > 10_000 and words == sorted(set(words)) and min(map(len, words)) >= 8
