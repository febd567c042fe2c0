"""These tests run on SQLite and on PostgreSQL."""

import pytest


@pytest.fixture(params=["sqlite", "postgres"])
def backend(request: pytest.FixtureRequest) -> str:
    """Both databases."""
    found: str = request.param
    return found
