"""Every conversation script again, through the real library and the fake Telegram, every update delivered twice."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from dialogs.incoming import Incoming
from storage.database import Database
from tests.bot.telegram.conftest import Rig
from tests.conversations.play import Play, fold
from tests.fakes.telegram_people import Person
from texts.dates import ZONE
from tickets.house import House

FOLDER = Path(__file__).parents[2] / "conversations"
SCRIPTS = [
    pytest.param(script, id=f"{path.stem}: {script['名称']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for script in yaml.safe_load_all(path.read_text(encoding="utf-8"))
]
LONGEST_MESSAGE = 4096  # a person cannot type more into Telegram


class TelegramMouth:
    """The script's words as a person's messages in Telegram."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.people: dict[str, Person] = {}
        self.said: set[str] = set()

    def hear(self, incoming: Incoming) -> None:
        person = self.people.setdefault(incoming.address, self.rig.telegram.person())
        if f"{incoming.address}/{incoming.key}" in self.said:
            return  # sent again by the network, not by the person: every update comes twice anyway
        self.said.add(f"{incoming.address}/{incoming.key}")
        self.rig.at(incoming.at)
        self.rig.telegram.deliver_twice(1)
        if incoming.kind == "button":
            self._tap(person, incoming)
        elif incoming.upload is not None and incoming.upload.media_type.startswith("audio/"):
            person.sends_voice(incoming.upload.content, caption=incoming.upload.caption)
        elif incoming.upload is not None:
            person.sends_document(incoming.upload.name, incoming.upload.content, incoming.upload.caption)
        else:
            person.says(incoming.text[:LONGEST_MESSAGE])
        self.rig.telegram.wait_confirmed(60)

    def _tap(self, person: Person, incoming: Incoming) -> None:
        shown = [seen for seen in person.inbox if incoming.text in seen.buttons]
        if shown:
            person.presses(incoming.text)
        else:  # a button of a message that was edited meanwhile: the old screen still has it
            person.taps(person.inbox[-1].message_id, incoming.payload)

    def deliver(self) -> None:
        self.rig.flush()


@pytest.mark.parametrize("script", SCRIPTS)
def test_conversation_over_telegram(script: dict[str, Any], database: Database, house: House, rig: Rig) -> None:
    if "待修" in script or "网页" in script.get("渠道", ""):
        pytest.skip("about the web page only") if "网页" in script.get("渠道", "") else None
    start = datetime.fromisoformat(script.get("时间", "2026-11-24 10:00")).replace(tzinfo=ZONE)
    rig.channel.limits = None  # the waiting is tested apart
    rig.at(start)
    rig.poll()
    mouth = TelegramMouth(rig)
    play = Play(database, house, mouth, start, channel="telegram")
    play.run(script["经过"])
    shown = fold("\n".join(seen.text for person in mouth.people.values() for seen in person.inbox))
    for reply in play.replies:
        assert fold(reply.shown.text) in shown, "the answer never reached the person's screen"
