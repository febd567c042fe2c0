"""The second factor against the vectors of RFC 6238, its window, and the refusal of used steps."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.login.second_factor import (
    STEP_SECONDS,
    enrolment_address,
    in_groups,
    matching_step,
    new_secret,
    qr_code,
)  # fmt: skip

VECTORS = {59: "287082", 1111111109: "081804", 1234567890: "005924", 2000000000: "279037"}  # RFC 6238 appendix B
SECRET = base64.b32encode(b"12345678901234567890").decode()
MOMENTS = st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2060, 1, 1), timezones=st.just(UTC))


def code_at(moment: datetime) -> str:
    """The six digits an authenticator would show, worked out from the RFC, not with the code under test."""
    import hmac
    import struct

    step = int(moment.timestamp()) // 30
    digest = hmac.digest(base64.b32decode(SECRET), struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@pytest.mark.parametrize(("second", "code"), VECTORS.items())
def test_the_vectors_of_the_rfc(second: int, code: str) -> None:
    assert matching_step(SECRET, code, datetime.fromtimestamp(second, UTC), 0) == second // 30
    assert code_at(datetime.fromtimestamp(second, UTC)) == code


@given(MOMENTS, st.integers(min_value=-300, max_value=300))
def test_one_step_to_either_side_and_no_more(now: datetime, off: int) -> None:
    shown = now + timedelta(seconds=off)
    apart = abs(int(shown.timestamp()) // 30 - int(now.timestamp()) // 30)
    near = {code_at(now + timedelta(seconds=STEP_SECONDS * each)) for each in (-1, 0, 1)}
    assert (matching_step(SECRET, code_at(shown), now, 0) is not None) == (apart <= 1 or code_at(shown) in near)


@given(MOMENTS)
def test_a_used_step_and_older_ones_are_refused(now: datetime) -> None:
    used = matching_step(SECRET, code_at(now), now, 0)
    assert used is not None
    before, after = now - timedelta(seconds=30), now + timedelta(seconds=30)
    assert code_at(now) in {code_at(before), code_at(after)} or matching_step(SECRET, code_at(now), now, used) is None
    assert matching_step(SECRET, code_at(after), now, used) == used + 1


@given(st.text(max_size=30))
def test_anything_but_six_digits_is_refused(typed: str) -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    fits = {code_at(now + timedelta(seconds=30 * each)) for each in (-1, 0, 1)}
    assert matching_step(SECRET, typed, now, 0) is None or "".join(filter(str.isdigit, typed)) in fits


def test_spaces_and_full_width_digits_are_taken() -> None:
    now = datetime.fromtimestamp(59, UTC)
    for typed in ("287 082", " 287082 ", "２８７０８２", "287-082"):
        assert matching_step(SECRET, typed, now, 0) == 1


def test_what_is_shown_for_enrolment() -> None:
    secret = new_secret()
    assert len(base64.b32decode(secret)) == 20 and secret != new_secret()
    address = enrolment_address(secret, "lead1", "减负直通车")
    assert address.startswith("otpauth://totp/") and f"secret={secret}" in address and "lead1" in address
    drawn = qr_code(address, "动态口令二维码")
    assert "viewBox" in drawn, "the picture scales as a whole"
    assert drawn.startswith("<svg") and secret not in drawn and "http" not in drawn.replace("http://www.w3.org", "")
    assert in_groups(secret).replace(" ", "") == secret
