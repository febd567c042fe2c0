"""Migrations: equal to the models, up and down, and a newer database is left alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from storage.database import make_engine
from storage.errors import DatabaseNotMigratedError, DatabaseTooNewError
from storage.migrate import downgrade, migrate, ours, require_current, schema_state
from tests.postgres import drop_database, fresh_database


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of either kind."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'a.db'}"
        return
    url = fresh_database(request.getfixturevalue("postgres"))
    yield url
    drop_database(url)


def test_migrations_give_exactly_the_models(empty_url: str) -> None:
    engine = make_engine(empty_url)
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def test_up_and_down_again(empty_url: str) -> None:
    engine = make_engine(empty_url)
    assert schema_state(engine) == "empty"
    migrate(engine)
    assert schema_state(engine) == "current"
    downgrade(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate(engine)
    require_current(engine)
    engine.dispose()


def test_a_newer_database_is_refused_unchanged(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}")
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = (tmp_path / "a.db").read_bytes()
    for refused in (migrate, require_current):
        with pytest.raises(DatabaseTooNewError):
            refused(engine)
    assert (tmp_path / "a.db").read_bytes() == before
    engine.dispose()


def test_an_unmigrated_database_is_refused(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with pytest.raises(DatabaseNotMigratedError):
        require_current(engine)
    engine.dispose()
