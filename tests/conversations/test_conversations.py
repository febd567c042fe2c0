"""Every conversation script of this folder, straight through the engine on a real database with the real ears."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from storage.database import Database
from texts.dates import ZONE
from tickets.house import House

FOLDER = Path(__file__).parent
play_module = __import__("tests.conversations.play", fromlist=["Play"])
SCRIPTS = [
    pytest.param(script, id=f"{path.stem}: {script['名称']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for script in yaml.safe_load_all(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_conversation(script: dict[str, Any], database: Database, house: House) -> None:
    start = datetime.fromisoformat(script.get("时间", "2026-11-24 10:00")).replace(tzinfo=ZONE)
    mouth = play_module.EngineMouth(database, house)
    play_module.Play(database, house, mouth, start).run(script["经过"])
