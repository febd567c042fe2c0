"""Recovery codes for the day the telephone is lost: ten, shown once, kept as keyed hashes, each works once."""

import re
import secrets
import unicodedata
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select

from storage.models import RecoveryCode
from storage.unit_of_work import UnitOfWork

HOW_MANY = 10
SYMBOLS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 1 I L O: they are read from paper
LENGTH = 10  # 49 bits


def make_codes(uow: UnitOfWork, staff_id: int) -> list[str]:
    """Fresh codes in place of all earlier ones."""
    drop_codes(uow, staff_id)
    codes = ["".join(secrets.choice(SYMBOLS) for _ in range(LENGTH)) for _ in range(HOW_MANY)]
    uow.session.add_all(RecoveryCode(staff_id=staff_id, code_hash=_hash(uow, staff_id, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def drop_codes(uow: UnitOfWork, staff_id: int) -> None:
    """The codes of a former second factor are worth nothing."""
    uow.session.exec(delete(RecoveryCode).where(col(RecoveryCode.staff_id) == staff_id))


def find_code(uow: UnitOfWork, staff_id: int, typed: str) -> RecoveryCode | None:
    """The unused code that was typed, locked so that it cannot be used twice."""
    query = select(RecoveryCode).where(
        RecoveryCode.staff_id == staff_id,
        RecoveryCode.code_hash == _hash(uow, staff_id, _fold(typed)),
        col(RecoveryCode.used_at).is_(None),
    )
    return uow.session.exec(query.with_for_update()).first()


def use_code(code: RecoveryCode, now: datetime) -> None:
    """It worked once."""
    code.used_at = now


def codes_left(uow: UnitOfWork, staff_id: int) -> int:
    """How many have not been used."""
    query = select(RecoveryCode.id).where(RecoveryCode.staff_id == staff_id, col(RecoveryCode.used_at).is_(None))
    return len(uow.session.exec(query).all())


def _fold(typed: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", typed).upper())[: LENGTH * 2]


def _hash(uow: UnitOfWork, staff_id: int, code: str) -> str:
    return uow.vault.fingerprint(f"recovery:{staff_id}", code)
