"""An encrypted stream: chunks of ChaCha20-Poly1305, numbered, the last one marked, so that nothing can be cut or moved.

The key comes from a secret (a key file or a passphrase in a file) by scrypt with a salt of its own per file.
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from storage.errors import BackupError

MAGIC = b"JIANFU-BACKUP-1\n"
SALT, TAG, CHUNK = 16, 16, 1 << 20
SHORTEST_SECRET = 20


def read_secret(path: Path) -> bytes:
    """The secret of a key file; BackupError when it is missing, short, or readable by others."""
    if not path.is_file():
        raise BackupError(f"no backup key file at {path}")
    if path.stat().st_mode & 0o077:
        raise BackupError(f"{path} can be read by others; set its mode to 0600")
    secret = path.read_bytes().strip()
    if len(secret) < SHORTEST_SECRET:
        raise BackupError(f"the secret in {path} is shorter than {SHORTEST_SECRET} characters")
    return secret


class Sealer:
    """Takes plain bytes, writes sealed chunks; `close` writes the last one."""

    def __init__(self, target: IO[bytes], secret: bytes) -> None:
        salt = os.urandom(SALT)
        self._target, self._cipher, self._number, self._waiting = target, _cipher(secret, salt), 0, bytearray()
        target.write(MAGIC + salt)

    def write(self, plain: bytes) -> None:
        """Add bytes; a full chunk is written as soon as more follows."""
        self._waiting += plain
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def close(self) -> None:
        """Write the last chunk, empty or not."""
        self._put(bytes(self._waiting), last=True)

    def _put(self, plain: bytes, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, last), plain, None))
        self._number += 1


def opened(source: IO[bytes], secret: bytes) -> Iterator[bytes]:
    """The plain chunks of a stream; BackupError for a wrong key, damage, or a missing end."""
    head = source.read(len(MAGIC) + SALT)
    if not head.startswith(MAGIC) or len(head) != len(MAGIC) + SALT:
        raise BackupError("this is not a backup of jianfu")
    cipher, number = _cipher(secret, head[len(MAGIC) :]), 0
    chunk = source.read(CHUNK + TAG)
    while chunk:
        following = source.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), chunk, None)
        except InvalidTag as error:
            raise BackupError from error
        chunk, number = following, number + 1
    if number == 0:
        raise BackupError


def _cipher(secret: bytes, salt: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(secret))


def _nonce(number: int, last: bool) -> bytes:
    return struct.pack(">QI", number, int(last))
