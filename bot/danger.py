"""What production mode refuses to start with: each check gives one sentence, or nothing.

Everything looked at is an argument or a file, so that the whole list can be tried (docs/security.md names the threats).
"""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

from bot.errors import SettingsError

if TYPE_CHECKING:  # settings call this module
    from bot.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SHORTEST_SECRET, FEWEST_CHARACTERS = 32, 10
KNOWN_SECRETS = ("changeme", "change-me", "secret", "password", "jianfu", "example", "default", "test")
NETWORK_SYSTEMS = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "sshfs", "fuse.sshfs", "afs", "ceph", "fuse.ceph", "glusterfs",
    "fuse.glusterfs", "lustre", "gfs2", "ocfs2", "9p", "virtiofs", "davfs", "fuse.davfs", "fuse.s3fs", "fuse.rclone",
    "beegfs", "ncpfs", "gpfs",
})  # fmt: skip
SAFE_SSL = ("sslmode=require", "sslmode=verify-ca", "sslmode=verify-full")
OTHERS = stat.S_IRWXG | stat.S_IRWXO
MOUNTS = Path("/proc/self/mounts")


def refuse_danger(settings: "Settings", mounts: str | None = None) -> None:
    """SettingsError with the first thing that is unsafe; `mounts` is what the kernel says, if not its own file."""
    table = mounts if mounts is not None else (MOUNTS.read_text() if MOUNTS.exists() else "")
    checks: tuple[Callable[[], Iterator[str]], ...] = (
        lambda: _secret(settings), lambda: _vault_key(settings), lambda: _addresses(settings),
        lambda: _folders(settings), lambda: _database(settings, table), lambda: _logs(settings),
    )  # fmt: skip
    for check in checks:
        for sentence in check():
            raise SettingsError(sentence)


def _secret(settings: "Settings") -> Iterator[str]:
    secret = settings.secret.get_secret_value()
    if len(secret) < SHORTEST_SECRET:
        yield f"production needs JIANFU_SECRET with at least {SHORTEST_SECRET} characters"
    if len(set(secret)) < FEWEST_CHARACTERS or any(known in secret.lower() for known in KNOWN_SECRETS):
        yield "JIANFU_SECRET can be guessed; make one with: openssl rand -base64 48"


def _vault_key(settings: "Settings") -> Iterator[str]:
    key = settings.vault_key_file
    if key is None or not key.exists():
        yield "production needs JIANFU_VAULT_KEY_FILE from outside the data folder"
        return
    if key.resolve().is_relative_to(settings.data_dir.resolve()):
        yield "JIANFU_VAULT_KEY_FILE lies in the data folder; whoever copies one would have the other"
    yield from _private(key, "0600")
    yield from _weak(key)


def _weak(key: Path) -> Iterator[str]:
    """A key file that was typed instead of drawn."""
    lines = key.read_text(encoding="utf-8", errors="replace").split()
    seals = [line.removeprefix("seal:") for line in lines if line.startswith("seal:")]
    lookups = [line.removeprefix("lookup:") for line in lines if line.startswith("lookup:")]
    if not seals or len(lookups) != 1:
        yield f"{key} is not a vault key file"
        return
    try:
        for seal in seals:
            Fernet(seal)
    except ValueError:
        yield f"{key} holds a key that is none"
    drawn = all(len(set(each)) >= FEWEST_CHARACTERS for each in (*seals, *lookups))
    if not drawn or len(lookups[0]) < SHORTEST_SECRET:
        yield f"{key} holds a weak key; let jianfu make it"


def _addresses(settings: "Settings") -> Iterator[str]:
    if not settings.public_url.startswith("https://"):
        yield "production needs an https JIANFU_PUBLIC_URL"
    for name, url in (("RASA_URL", settings.rasa_url), ("TELEGRAM_BASE_URL", settings.telegram_base_url)):
        host = urlsplit(url).hostname or ""
        if url.startswith("http://") and host not in LOOPBACK:
            yield f"JIANFU_{name} sends words over an open line; use https or loopback"
    if settings.trusted_proxies.strip() == "*":
        yield "JIANFU_TRUSTED_PROXIES=* lets anybody choose the address they seem to come from"


def _folders(settings: "Settings") -> Iterator[str]:
    if settings.data_dir.exists():
        yield from _private(settings.data_dir, "0700")
    database = _sqlite_path(settings)
    if database is not None and database.exists():
        yield from _private(database, "0600") if database.parent != settings.data_dir.resolve() else ()


def _database(settings: "Settings", mounts: str) -> Iterator[str]:
    database = _sqlite_path(settings)
    if database is not None:
        system = network_system(database.resolve(), mounts)
        if system is not None:
            yield f"{database} lies on a network file system ({system}); SQLite would lose complaints there"
        return
    host = urlsplit(settings.url).hostname or ""
    if host and host not in LOOPBACK and not any(mode in settings.url for mode in SAFE_SSL):
        yield "JIANFU_DATABASE_URL goes to another machine without sslmode=require"


def _logs(settings: "Settings") -> Iterator[str]:
    if settings.log_level == "DEBUG":
        yield "JIANFU_LOG_LEVEL=DEBUG writes what libraries were sent; production takes INFO or less"


def network_system(path: Path, mounts: str) -> str | None:
    """The network file system a path lies on, by the table of mounts (device, folder, type …), or None."""
    best, found = -1, ""
    for line in mounts.splitlines():
        parts = line.split()
        if len(parts) < 3:
            continue
        folder = Path(parts[1].replace("\\040", " "))
        if path.is_relative_to(folder) and len(folder.parts) > best:
            best, found = len(folder.parts), parts[2]
    return found if found in NETWORK_SYSTEMS else None


def _private(path: Path, mode: str) -> Iterator[str]:
    """Others can neither read it nor replace it, and it is ours."""
    state = path.stat()
    if state.st_mode & OTHERS:
        yield f"{path} can be read by others; set its mode to {mode}"
    if state.st_uid not in (os.getuid(), 0):
        yield f"{path} belongs to somebody else"
    if path.resolve().parent.stat().st_mode & stat.S_IWOTH and not path.resolve().parent.stat().st_mode & stat.S_ISVTX:
        yield f"{path.parent} can be written by others; they could replace {path.name}"


def _sqlite_path(settings: "Settings") -> Path | None:
    if not settings.url.startswith("sqlite"):
        return None
    return Path(settings.url.split("///", 1)[1].partition("?")[0])
