"""The full loop of one ticket through Telegram: by polling and by webhook, on both databases."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.telegram.webhook import set_webhook
from storage.database import Database
from tests.bot.telegram.conftest import Rig
from tests.bot.telegram.test_conversations import TelegramMouth
from tests.bot.telegram.test_webhook import SECRET, listening
from tests.conversations.play import Play
from texts.dates import ZONE
from tickets.house import House

__all__ = ["listening"]  # a fixture

STORY = Path(__file__).parents[2] / "conversations" / "complaint.yaml"


@pytest.fixture(params=["sqlite", "postgres"])
def backend(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.mark.parametrize("way", ["polling", "webhook"])
def test_from_complaint_to_closed(
    way: str, request: pytest.FixtureRequest, rig: Rig, database: Database, house: House
) -> None:
    script: dict[str, Any] = next(yaml.safe_load_all(STORY.read_text(encoding="utf-8")))
    start = datetime.fromisoformat(script["时间"]).replace(tzinfo=ZONE)
    rig.channel.limits = None
    rig.at(start)
    if way == "polling":
        rig.poll()
    else:
        rig.call(set_webhook(rig.bot, request.getfixturevalue("listening"), SECRET))
    Play(database, house, TelegramMouth(rig), start, channel="telegram").run(script["经过"])
