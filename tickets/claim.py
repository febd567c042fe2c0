"""Claiming a receipt from another device: a 4-digit code, five tries, then 24 hours of silence."""

from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Literal

from storage.models import Ticket
from storage.tickets import by_receipt
from storage.unit_of_work import UnitOfWork
from tickets.intake import CLAIM_KIND

MOST_FAILURES = 5
LOCKED_FOR = timedelta(hours=24)
Result = Literal["ok", "refused", "locked"]


def claim(uow: UnitOfWork, receipt: str, code: str, now: datetime) -> tuple[Result, Ticket | None]:
    """The ticket of a receipt when the code fits; unknown, not-yours and wrong code are all `refused`."""
    ticket = by_receipt(uow, receipt)
    if ticket is None:
        return "refused", None
    if ticket.claim_locked_until is not None and now < ticket.claim_locked_until:
        return "locked", None
    if compare_digest(ticket.claim_hash, uow.vault.fingerprint(CLAIM_KIND, f"{receipt}:{code.strip()}")):
        ticket.claim_failures = 0
        return "ok", ticket
    ticket.claim_failures += 1
    if ticket.claim_failures >= MOST_FAILURES:
        ticket.claim_failures, ticket.claim_locked_until = 0, now + LOCKED_FOR
    return "refused", None
