"""The vault's key file: seal keys, newest first, and the look-up key; replaced as a whole, readable by us alone."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet

from storage.errors import KeyFileError, RotationRunningError

MODE_PRIVATE = 0o600


@dataclass(frozen=True)
class Keyring:
    """Fernet keys (the first one seals, all open), the key of the keyed hashes, and when the first was made."""

    seals: tuple[str, ...]
    lookup: str
    made: datetime | None = None

    def with_new_key(self, now: datetime) -> "Keyring":
        """A fresh key in front; the others still open."""
        return replace(self, seals=(Fernet.generate_key().decode(), *self.seals), made=now)

    def newest_only(self) -> "Keyring":
        """Everything is sealed with the newest key: the others are needed no more."""
        return replace(self, seals=self.seals[:1])

    def joined(self, other: "Keyring") -> "Keyring":
        """The keys of another ring behind ours, so that what it sealed opens too."""
        more = tuple(key for key in other.seals if key not in self.seals)
        return replace(self, seals=self.seals + more)

    def as_text(self) -> str:
        """The lines of a key file."""
        made = [f"made:{self.made.isoformat()}"] if self.made else []
        return "\n".join([*(f"seal:{key}" for key in self.seals), f"lookup:{self.lookup}", *made, ""])


def new_keyring(now: datetime | None = None) -> Keyring:
    """Fresh keys."""
    return Keyring((Fernet.generate_key().decode(),), secrets.token_urlsafe(32), now)


def read_keyring(path: Path) -> Keyring:
    """The keys of a file; KeyFileError when it is missing or not ours."""
    try:
        return parse_keyring(path.read_text(encoding="ascii"))
    except FileNotFoundError as error:
        raise KeyFileError(f"no vault key file at {path}") from error
    except (KeyFileError, UnicodeDecodeError) as error:
        raise KeyFileError(f"{path} is not a vault key file") from error


def parse_keyring(text: str) -> Keyring:
    """The keys of a key file's text; KeyFileError when they are incomplete."""
    found: dict[str, list[str]] = {"seal": [], "lookup": [], "made": []}
    for line in text.split():
        name, _, value = line.partition(":")
        found.get(name, []).append(value)
    if not found["seal"] or len(found["lookup"]) != 1:
        raise KeyFileError
    made = datetime.fromisoformat(found["made"][0]) if found["made"] else None
    return Keyring(tuple(found["seal"]), found["lookup"][0], made)


def write_keyring(path: Path, ring: Keyring) -> None:
    """Replace the file at once: a reader, or a crash, finds the old keys or the new ones, never half of them."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, ring.as_text().encode("ascii"))
    except OSError as error:
        raise KeyFileError(f"{path} cannot be written: {error.strerror}") from error


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 beside its place, make it durable, put it into its place."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with suppress(FileNotFoundError):
        fresh.unlink()
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE_PRIVATE)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Only one process works on a key file; the lock dies with its holder. RotationRunningError when taken."""
    lock = path.with_name(path.name + ".lock")
    lock.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock, os.O_WRONLY | os.O_CREAT, MODE_PRIVATE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise RotationRunningError from error
    try:
        for left in path.parent.glob(f"{path.name}.*.new"):  # of a process that was killed while writing
            left.unlink(missing_ok=True)
        yield
    finally:
        os.close(descriptor)
