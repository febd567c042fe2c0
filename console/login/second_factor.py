"""The second factor: time-based one-time codes (RFC 6238: SHA-1, 6 digits, 30 seconds), its QR code drawn here."""

import hmac
import re
import unicodedata
from datetime import datetime

import pyotp
import segno

from console.markup import Html

STEP_SECONDS = 30
WINDOW = 1  # one step to either side: telephones run up to half a minute off


def new_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def enrolment_address(secret: str, login: str, brand: str) -> str:
    """What an authenticator reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=brand)


def qr_code(address: str, title: str) -> Html:
    """The QR code as a picture inside the page: no service is asked, nothing is stored."""
    return Html(segno.make(address, error="m").svg_inline(omitsize=True, border=4, light="#fff", title=title))


def in_groups(secret: str) -> str:
    """The secret for typing, four characters at a time."""
    return " ".join(re.findall(".{1,4}", secret))


def matching_step(secret: str, code: str, now: datetime, after: int) -> int | None:
    """The 30-second step this code belongs to, later than `after` (a used step is refused), or None."""
    digits, step = clean(code), int(now.timestamp()) // STEP_SECONDS
    totp, found = pyotp.TOTP(secret), None
    for each in range(step - WINDOW, step + WINDOW + 1):
        if hmac.compare_digest(totp.generate_otp(each), digits) and each > after and found is None:
            found = each
    return found


def clean(code: str) -> str:
    """A typed code without spaces and dashes, full-width digits made plain; anything else becomes empty."""
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code))
    return digits if re.fullmatch(r"[0-9]{6}", digits) else ""
