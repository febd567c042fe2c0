"""Files in a talk: refused by content, the words beside them count all the same."""

from datetime import datetime

import pytest
from sqlmodel import select

from dialogs.engine import turn
from dialogs.files import examine_first
from dialogs.incoming import Incoming, Upload
from storage.database import Database
from storage.models import Attachment, Outbox, Ticket, VaultEntry
from tests.fakes.files import picture
from texts.dates import ZONE
from tickets.house import House

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)


def send(database: Database, house: House, content: bytes, caption: str = "") -> list[str]:
    said = Incoming("web", "a", "k1", NOW, "file", caption, upload=Upload("图.jpg", "image/jpeg", content, caption))
    database.run(lambda uow: turn(uow, house, examine_first(said)))
    with database.reading() as uow:
        return [row.key for row in uow.session.exec(select(Outbox)) if row.reply_to == "k1"]


@pytest.mark.parametrize("content", [b"MZ\x90\0 a program called jpg", b"<html>", b""])
def test_a_file_that_is_not_what_it_says_is_not_kept(database: Database, house: House, content: bytes) -> None:
    assert send(database, house, content) == ["other.file_kind"]
    with database.reading() as uow:
        assert [entry.kind for entry in uow.session.exec(select(VaultEntry))] == ["chat:web"]
        assert uow.session.exec(select(Ticket)).all() == []


def test_the_words_beside_a_refused_file_are_a_complaint(database: Database, house: House) -> None:
    told = send(database, house, b"MZ\x90\0", "民政局一个月让我们填了八遍留守儿童表")
    assert told[0] == "other.file_kind" and "receipt.accepted" in told


def test_a_file_examined_before_the_turn_is_not_examined_again(database: Database, house: House) -> None:
    content = picture("JPEG", "OuyangMingjing")
    said = examine_first(Incoming("web", "a", "k1", NOW, "file", upload=Upload("图.jpg", "image/png", content)))
    assert said.upload is not None and said.upload.examined is not None and said.upload.examined.cleaned
    database.run(lambda uow: turn(uow, house, said))
    with database.reading() as uow:
        file = uow.session.exec(select(Attachment)).one()
        assert (file.kind, file.media_type) == ("image", "image/jpeg")
        copy = uow.vault.open(uow.session.get_one(VaultEntry, file.cleaned_entry_id).sealed)
        assert copy == said.upload.examined.cleaned and b"Ouyang" not in copy
        assert uow.vault.open(uow.session.get_one(VaultEntry, file.vault_entry_id).sealed) == content
