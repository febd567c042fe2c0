"""Passwords as NIST SP 800-63B-4 wants them: length, block list, and no other rule."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.errors import KnownPasswordError, LongPasswordError, ShortPasswordError
from console.login.passwords import ALONE, MOST, check_password, fold, hash_password, outdated, verify_password


def test_length_is_counted_in_characters() -> None:
    check_password("晒谷场边三棵老树", ())
    with pytest.raises(ShortPasswordError):
        check_password("晒谷场边三棵树", ())
    with pytest.raises(ShortPasswordError):
        check_password("晒谷场边三棵老树", (), ALONE)
    check_password("x7#" * 3 + "k" * (MOST - 9), ())
    with pytest.raises(LongPasswordError):
        check_password("x7#" * 3 + "k" * (MOST - 8), ())


def test_common_ones_are_refused_also_in_full_width() -> None:
    for tried in ("password1", "ｐａｓｓｗｏｒｄ１"):
        with pytest.raises(KnownPasswordError):
            check_password(tried, ())


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Z")), min_size=20, max_size=60))
def test_no_rule_about_kinds_of_characters(password: str) -> None:
    """A password of 20 characters is refused for nothing but being common."""
    try:
        check_password(password, (), ALONE)
    except KnownPasswordError:
        return
    except ShortPasswordError:
        assert len(fold(password)) < ALONE


def test_a_hash_fits_its_password_only() -> None:
    kept = hash_password("河对岸的风　１２３")
    assert kept.startswith("$argon2id$") and "河" not in kept
    assert verify_password(kept, "河对岸的风 123"), "full width or not is the keyboard's doing"
    assert not verify_password(kept, "河对岸的风 124")
    assert kept != hash_password("河对岸的风　１２３") and not outdated(kept)


def test_without_an_account_a_hash_is_verified_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not verify_password(None, "nobody has this password")
    assert not verify_password("no hash", "x")


@settings(max_examples=5, deadline=None)
@given(st.text(max_size=80))
def test_whatever_was_typed_can_be_typed_again(password: str) -> None:
    assert verify_password(hash_password(password), password)
