"""Passwords after NIST SP 800-63B-4 §3.1.1: length and a block list, no composition rules, no forced expiry.

15 characters when the password stands alone, 8 beside a second factor; every character is allowed and counts as one.
"""

import threading
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from console.errors import KnownPasswordError, LongPasswordError, ShortPasswordError
from console.login.blocklist import is_common

ALONE, BESIDE, MOST = 15, 8, 256
AT_ONCE = 2  # one hash takes 64 MiB: a flood of tries must not take the memory of the chat
_gate = threading.BoundedSemaphore(AT_ONCE)
_hasher = PasswordHasher()  # argon2id, RFC 9106 second recommendation: 64 MiB, 3 passes, 4 lanes


def fold(password: str) -> str:
    """One form of what can be typed in several: a Chinese keyboard's full-width digits are digits."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, context: Iterable[str], shortest: int = BESIDE) -> None:
    """Refuse a password that is too short, too long, or among the first that would be tried."""
    folded = fold(password)
    if len(folded) < shortest:
        raise ShortPasswordError(count=str(shortest))
    if len(folded) > MOST:
        raise LongPasswordError(count=str(MOST))
    if is_common(folded, context):
        raise KnownPasswordError


def hash_password(password: str) -> str:
    """The argon2id hash that is kept."""
    with _gate:
        return _hasher.hash(fold(password))


def verify_password(kept: str | None, password: str) -> bool:
    """Whether it is the password; without an account a hash of nothing is verified, so that it takes as long."""
    with _gate:
        try:
            return _hasher.verify(kept or _nobody(), fold(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
