"""How much one address may do: generous to an office that shares one, narrow for who tries codes and links.

Addresses are identity data: a bucket carries their keyed hash only, and is forgotten when its window is over.
"""

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import HTTPConnection

from storage import rates
from storage.unit_of_work import UnitOfWork

IPV6_SITE = 64  # what one household or office holds


@dataclass(frozen=True)
class Limit:
    """So many at once, then as many again per window."""

    most: int
    window: timedelta


LIMITS = {
    "message": Limit(400, timedelta(minutes=10)),  # a town hall of forty people, each writing a long burst
    "session": Limit(60, timedelta(hours=1)),
    "claim": Limit(20, timedelta(hours=1)),  # beside the five tries of each receipt: against walking through receipts
    "sign_in": Limit(120, timedelta(minutes=10)),  # forty people with password and code at half past eight
}
SIGN_IN = re.compile(r"/(?:desk|unit|observer|join)(?:/.*)?")


def origin_of(connection: HTTPConnection) -> str:
    """The network a request came from, as far as a proxy we trust tells; "" when nobody says.

    Loopback is nobody: a proxy that hides addresses would make all people one.
    """
    host = connection.client.host if connection.client else ""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return ""
    if found.is_loopback:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, IPV6_SITE), strict=False))
    return str(found)


def take(uow: UnitOfWork, what: str, origin: str, now: datetime) -> timedelta:
    """Count one thing of an address: zero, or how long it must wait."""
    limit = LIMITS[what]
    bucket = f"{what}:{uow.vault.fingerprint('origin', origin)}"
    return rates.take(uow, bucket, limit.most, limit.window, now)


def is_sign_in(method: str, path: str) -> bool:
    """Tells what may be an attempt to sign in: links, and every form of the desk (its pages speak over a socket)."""
    tries = method not in ("GET", "HEAD") or path.endswith("/enter")
    return tries and SIGN_IN.fullmatch(path) is not None
