"""A PostgreSQL server of the test run's own: started on a free port, thrown away at the end."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

_numbers = count(1)


def binaries() -> Path | None:
    """Where Debian puts the server, newest first; None when it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    named = shutil.which("initdb")
    return found[0].parent if found else Path(named).parent if named else None


def as_server_user() -> list[str]:
    """The server refuses to run as root: prefix commands with another user then."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam("postgres")
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


@contextmanager
def server() -> Iterator[str]:
    """Run a server; gives the URL of its maintenance database without the database name."""
    folder = Path(tempfile.mkdtemp(prefix="jianfu-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    run, bin_ = as_server_user(), str(binaries())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([*run, f"{bin_}/initdb", "-D", data, "-U", "jianfu", "-A", "trust", "-E", "UTF8",
                    "--locale=C.UTF-8"], **quiet)  # fmt: skip
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
    subprocess.run([*run, f"{bin_}/pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start"], **quiet)
    try:
        yield f"postgresql+psycopg://jianfu@127.0.0.1:{port}"
    finally:
        subprocess.run([*run, f"{bin_}/pg_ctl", "-D", data, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(folder, ignore_errors=True)


def fresh_database(base: str, template: str | None = None) -> str:
    """A new database, a copy of `template` when given; gives its full URL."""
    name = f"jianfu_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(f"{_plain(base)}/postgres", autocommit=True) as connection:
        copy = f" TEMPLATE {template.rpartition('/')[2]}" if template else ""
        connection.execute(f"CREATE DATABASE {name}{copy}")  # names are ours: letters, digits, underscore
    return f"{base}/{name}"


def drop_database(url: str) -> None:
    """Remove a database, whoever is still connected."""
    base, _, name = url.rpartition("/")
    with psycopg.connect(f"{_plain(base)}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")
