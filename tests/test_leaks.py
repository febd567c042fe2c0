"""The first leak test: planted identity is found in no table but the vault, no file, no log.

The search also decodes base64 and looks into pickles and compressed blobs.
"""

import base64
import contextlib
import logging
import pickle
import re
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.logs import configure_logs
from dialogs.engine import turn
from dialogs.incoming import Incoming, Upload
from storage.database import Database
from texts.dates import ZONE
from tickets.house import House
from tickets.tick import tick

CHAT_ID, PHONE, ID_CARD, NAME = "chat-9f8e7d6c5b4a", "13912345678", "320106198001011234", "欧阳明镜"
VOICE = b"\0\0\0\x18ftypM4A " + b"voice-of-the-person-" * 5
DECOYS = [CHAT_ID, PHONE, ID_CARD, NAME, "voice-of-the-person-voice-of", "欧阳明镜的录音.m4a"]
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")


def layers(blob: bytes, depth: int = 3) -> Iterator[bytes]:
    """A blob and whatever is wrapped in it."""
    yield blob
    if depth == 0:
        return
    for found in BASE64.findall(blob):
        for decode in (base64.b64decode, base64.urlsafe_b64decode):
            with contextlib.suppress(ValueError):
                yield from layers(decode(found + b"=" * (-len(found) % 4)), depth - 1)
    with contextlib.suppress(Exception):
        yield from layers(zlib.decompress(blob), depth - 1)
    if blob[:1] == b"\x80":
        with contextlib.suppress(Exception):
            yield from layers(repr(pickle.loads(blob)).encode(), depth - 1)


def leaks(blob: bytes) -> set[str]:
    return {decoy for layer in layers(blob) for decoy in DECOYS if decoy.encode() in layer}


def as_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture
def told(database: Database, house: House) -> Database:
    """A person tells us everything they should not."""
    said = [
        f"我叫{NAME}，电话{PHONE}，身份证{ID_CARD}，民政让我们村把留守儿童表填了三遍",
        "进度", f"联系人：{NAME}，手机{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}", f"转人工，打{PHONE}", "撤回",
    ]  # fmt: skip
    for number, words in enumerate(said):
        incoming = Incoming("web", CHAT_ID, f"k{number}", NOW + timedelta(minutes=3 * number), text=words)
        database.run(lambda uow, each=incoming: turn(uow, house, each))
    upload = Upload("欧阳明镜的录音.m4a", "audio/mp4", VOICE, f"我叫{NAME}")
    incoming = Incoming("web", CHAT_ID, "file", NOW + timedelta(hours=1), "file", upload.caption, upload=upload)
    database.run(lambda uow: turn(uow, house, incoming))
    database.run(lambda uow: tick(uow, house, NOW + timedelta(days=1)))
    return database


def test_the_search_finds_what_is_planted() -> None:
    sealed_badly = base64.b64encode(zlib.compress(pickle.dumps({"phone": PHONE})))
    assert leaks(sealed_badly) == {PHONE}
    assert leaks(f"call {NAME}".encode()) == {NAME}


def test_no_table_but_the_vault_knows_who_it_was(told: Database) -> None:
    with told.engine.connect().execution_options(jianfu_reading=True) as connection:
        tables = [r[0] for r in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))]
        assert "vault_entry" in tables and "outbox" in tables
        for table in tables:
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                for column, value in row.items():
                    assert not leaks(as_bytes(value)), f"{table}.{column}"


def test_no_file_on_disk_knows_it_either(told: Database, tmp_path: Path) -> None:
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in files if path.name.startswith("test.db")]
    for path in files:
        assert not [decoy for decoy in DECOYS if decoy.encode() in path.read_bytes()], path.name


def test_the_vault_can_give_it_back(told: Database) -> None:
    with told.reading() as uow:
        person = uow.vault.find(uow.session, "chat:web", CHAT_ID)
        assert person and uow.vault.address(uow.session, person, "chat:web") == CHAT_ID


def test_logs_are_masked(capsys: pytest.CaptureFixture[str]) -> None:
    handlers, level = logging.getLogger().handlers, logging.getLogger().level
    try:
        configure_logs("INFO")
        logging.getLogger("anything").info("call %s, id %s", PHONE, ID_CARD)
        logging.getLogger("httpx").info("POST /bot123:TOKEN/sendMessage")
    finally:
        logging.getLogger().handlers, logging.getLogger().level = handlers, level
    logged = capsys.readouterr().err
    assert "call" in logged and PHONE not in logged and ID_CARD not in logged and "TOKEN" not in logged
