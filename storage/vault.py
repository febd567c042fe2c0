"""The identity vault: the only place where addresses, phones, original words and files may lie.

Values are sealed with MultiFernet (first key seals, all keys open: rotation) and found by a keyed hash.
"""

import hashlib
import hmac
import os
import secrets
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlmodel import Session, col, select

from storage.errors import VaultError
from storage.models.vault import VaultEntry

MODE_PRIVATE = 0o600


class Vault:
    """Seals, opens and finds identity data; `keys` are Fernet keys, newest first."""

    def __init__(self, keys: list[bytes], lookup_key: bytes) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._lookup_key = lookup_key

    def seal(self, value: bytes) -> bytes:
        """Encrypt a value."""
        return self._fernet.encrypt(value)

    def open(self, sealed: bytes) -> bytes:
        """Decrypt a value; VaultError when no key fits."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise VaultError from error

    def fingerprint(self, kind: str, value: str) -> str:
        """Keyed hash of a value: equal values of one kind can be found, nothing can be read."""
        return hmac.new(self._lookup_key, f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()

    def put(
        self, session: Session, person: str, kind: str, value: bytes, now: datetime, findable: bool = False
    ) -> VaultEntry:
        """Store a sealed value of a person; `findable` adds the keyed hash."""
        lookup = self.fingerprint(kind, value.decode()) if findable else None
        entry = VaultEntry(person=person, kind=kind, lookup=lookup, sealed=self.seal(value), created_at=now)
        session.add(entry)
        session.flush()
        return entry

    def find(self, session: Session, kind: str, value: str) -> str | None:
        """The pseudonym behind an address or phone, or None."""
        query = select(VaultEntry.person).where(
            VaultEntry.kind == kind, VaultEntry.lookup == self.fingerprint(kind, value)
        )
        return session.exec(query).first()

    def address(self, session: Session, person: str, kind: str) -> str | None:
        """The newest address of a person in one channel, opened for sending."""
        query = (
            select(VaultEntry)
            .where(VaultEntry.person == person, VaultEntry.kind == kind)
            .order_by(col(VaultEntry.id).desc())
        )
        entry = session.exec(query).first()
        return self.open(entry.sealed).decode() if entry else None


def load_vault(path: Path, create: bool) -> Vault:
    """Read the key file; in development (`create`) make one with mode 0600. VaultError when unusable."""
    if not path.exists():
        if not create:
            raise VaultError(f"no vault key file at {path}")
        _write_keys(path)
    lines = path.read_text(encoding="ascii").split()
    keys = [line.removeprefix("seal:").encode() for line in lines if line.startswith("seal:")]
    lookups = [line.removeprefix("lookup:").encode() for line in lines if line.startswith("lookup:")]
    if not keys or len(lookups) != 1:
        raise VaultError(f"{path} is not a vault key file")
    return Vault(keys, lookups[0])


def _write_keys(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = f"seal:{Fernet.generate_key().decode()}\nlookup:{secrets.token_urlsafe(32)}\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE_PRIVATE)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(text)
