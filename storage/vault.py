"""The identity vault: the only place where addresses, phones, original words and files may lie.

Values are sealed with MultiFernet (first key seals, all keys open: rotation) and found by a keyed hash.
"""

import hashlib
import hmac
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlmodel import Session, col, select

from storage.errors import VaultError
from storage.keyring import new_keyring, read_keyring, write_keyring
from storage.models.vault import VaultEntry


class Vault:
    """Seals, opens and finds identity data; `keys` are Fernet keys, newest first.

    With `path` the key file is looked at before every use, so that a rotation reaches all running processes.
    """

    def __init__(self, keys: list[bytes], lookup_key: bytes, path: Path | None = None) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._lookup_key = lookup_key
        self._path = path
        self._seen = _signature(path)

    def seal(self, value: bytes) -> bytes:
        """Encrypt a value."""
        self._look_again()
        return self._fernet.encrypt(value)

    def open(self, sealed: bytes) -> bytes:
        """Decrypt a value; VaultError when no key fits."""
        self._look_again()
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise VaultError from error

    def derive(self, purpose: str) -> bytes:
        """A key for something else than look-ups; the look-up key itself never leaves the vault."""
        return hmac.new(self._lookup_key, f"derive\0{purpose}".encode(), hashlib.sha256).digest()

    def _look_again(self) -> None:
        """Take over keys that another process has written; a file that is gone for a moment changes nothing."""
        if self._path is None or (now := _signature(self._path)) in (None, self._seen):
            return
        self._fernet = MultiFernet([Fernet(key) for key in read_keyring(self._path).seals])
        self._seen = now

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
    if not path.exists() and create:
        _create(path)
    ring = read_keyring(path)
    return Vault([key.encode() for key in ring.seals], ring.lookup.encode(), path)


def _create(path: Path) -> None:
    """Two processes at their first start: whoever links first has made the keys of both."""
    mine = path.with_name(f"{path.name}.{os.getpid()}.first")
    write_keyring(mine, new_keyring(datetime.now(UTC)))
    with suppress(FileExistsError):
        os.link(mine, path)
    mine.unlink()


def _signature(path: Path | None) -> tuple[int, int, int] | None:
    """What changes when a file is replaced."""
    try:
        found = path.stat() if path else None
    except FileNotFoundError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size) if found else None
