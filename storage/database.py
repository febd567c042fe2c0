"""Engine and unit of work: one writer at a time on SQLite, one commit per request everywhere."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from storage.errors import DatabaseBusyError
from storage.unit_of_work import UnitOfWork
from storage.vault import Vault

Result = TypeVar("Result")
BUSY_TIMEOUT_MS = 5000
ATTEMPTS = 3


def make_engine(url: str, pool_size: int = 10) -> Engine:
    """Build an engine for SQLite (WAL, synchronous=FULL) or PostgreSQL (psycopg 3)."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=pool_size, max_overflow=20, pool_pre_ping=True, hide_parameters=True)
    # autocommit=False would open deferred transactions; BEGIN IMMEDIATE below avoids upgrade dead-locks
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "isolation_level": None}, hide_parameters=True
    )
    event.listen(engine, "connect", _sqlite_pragmas)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    # FULL: an acknowledged complaint survives a power cut; secure_delete: what is erased is overwritten
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}",
                   "secure_delete=ON"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Any) -> None:
    reading = connection.get_execution_options().get("jianfu_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _passing(error: OperationalError) -> bool:
    return any(sign in str(error) for sign in ("locked", "busy", "deadlock", "could not serialize"))


class Database:
    """Opens units of work; `owner` names this process in outbox leases, `lease_seconds` their length."""

    def __init__(self, engine: Engine, vault: Vault, owner: str = "local", lease_seconds: float = 30.0) -> None:
        self.engine = engine
        self.vault = vault
        self.owner = owner
        self.lease_seconds = lease_seconds
        self._sqlite = engine.dialect.name == "sqlite"
        self._writer = threading.Lock()

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """A write transaction; nothing is kept unless `commit()` was called inside.

        On SQLite one lock per process queues writers, which is far cheaper than lock retries.
        """
        with self._queue(), Session(self.engine, expire_on_commit=False) as session:
            yield UnitOfWork(session, self.vault, self.owner, self.lease_seconds)

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """A read-only view that never waits for the writer."""
        with self.engine.connect().execution_options(jianfu_reading=True) as connection:
            yield UnitOfWork(Session(connection), self.vault, self.owner, self.lease_seconds)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A bare connection that sees one moment of the whole database, whoever writes meanwhile."""
        with self.engine.connect() as plain:
            options = {"jianfu_reading": True} if self._sqlite else {"isolation_level": "REPEATABLE READ"}
            connection = plain.execution_options(**options)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A bare connection in a write transaction, for work that goes over tables by program."""
        with self._queue(), self.engine.connect() as connection, connection.begin():
            yield connection

    def command(self, statement: str) -> Any:
        """Run one statement that refuses to stand in a transaction (VACUUM, a checkpoint); gives its first row."""
        with self._queue():
            pooled = self.engine.raw_connection()
            driver: Any = pooled.driver_connection
            try:
                if not self._sqlite:
                    driver.autocommit = True
                cursor = driver.execute(statement)
                return cursor.fetchone() if cursor.description else None
            except self.engine.dialect.loaded_dbapi.Error as error:
                raise DatabaseBusyError from error
            finally:
                if not self._sqlite:
                    driver.autocommit = False
                pooled.close()

    def run(self, work: Callable[[UnitOfWork], Result]) -> Result:
        """Run `work` in a unit of work and commit.

        A locked database, a dead-lock, or a row another process inserted first (it is seen on the next try)
        is tried again; then DatabaseBusyError.
        """
        for attempt in range(ATTEMPTS):
            try:
                with self.unit_of_work() as uow:
                    result = work(uow)
                    uow.commit()
                    return result
            except (OperationalError, IntegrityError) as error:
                if isinstance(error, OperationalError) and not _passing(error):
                    raise
                last = error
                time.sleep(0.2 * attempt + 0.05)
        raise DatabaseBusyError from last

    @contextmanager
    def _queue(self) -> Iterator[None]:
        if not self._sqlite:
            yield
            return
        with self._writer:
            yield
