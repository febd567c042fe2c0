"""Migrations as functions on an engine: upgrade, downgrade, state of the schema."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlmodel import SQLModel

from storage.errors import DatabaseNotMigratedError, DatabaseTooNewError

FOLDER = Path(__file__).parent / "migrations"


def ours(item: Any, name: str | None, kind: str, reflected: bool, _compare_to: Any) -> bool:
    """Tell our tables from those of the durable engine, which migrates its own."""
    return not (kind == "table" and reflected and name not in SQLModel.metadata.tables)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def schema_state(engine: Engine) -> str:
    """`empty`, `old`, `current` or `newer`, without changing anything."""
    scripts = ScriptDirectory.from_config(_config())
    with engine.connect().execution_options(jianfu_reading=True) as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        return "empty"
    if found == scripts.get_current_head():
        return "current"
    return "old" if found in {script.revision for script in scripts.walk_revisions()} else "newer"


def head_revision() -> str:
    """The schema this version needs."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def revision_of(connection: Connection) -> str | None:
    """The schema a database has."""
    return MigrationContext.configure(connection).get_current_revision()


def require_current(engine: Engine) -> None:
    """Refuse a database that is newer or not migrated."""
    state = schema_state(engine)
    if state == "newer":
        raise DatabaseTooNewError
    if state != "current":
        raise DatabaseNotMigratedError


def migrate(engine: Engine, revision: str = "head") -> None:
    """Upgrade to `revision`; DatabaseTooNewError when the database is ahead of this code."""
    if schema_state(engine) == "newer":
        raise DatabaseTooNewError
    _run(engine, command.upgrade, revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Go back to `revision` (tests prove that every step has a way down)."""
    _run(engine, command.downgrade, revision)


def _run(engine: Engine, step: Any, revision: str) -> None:
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        step(config, revision)
