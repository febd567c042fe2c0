"""A plant over the test database, and the web application around it."""

from pathlib import Path

import pytest

from bot.house import Plant
from bot.settings import Settings
from storage.database import Database
from tickets.house import House


@pytest.fixture
def plant(tmp_path: Path, database: Database, house: House) -> Plant:
    settings = Settings(data_dir=tmp_path, database_url=str(database.engine.url), _env_file=None)
    return Plant(settings, database, house)
