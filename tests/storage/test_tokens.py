"""What is kept of a token."""

from storage.tokens import hash_token


def test_a_token_is_found_again_and_not_told() -> None:
    assert hash_token("a token") == hash_token("a token") != hash_token("another")
    assert "token" not in hash_token("a token")
