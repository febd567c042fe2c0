"""The vault: sealed values, keyed look-up, a key file nobody else can read."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from storage.database import Database
from storage.errors import VaultError
from storage.models import VaultEntry
from storage.people import find_or_make
from storage.unit_of_work import UnitOfWork
from storage.vault import load_vault

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_an_address_leads_to_one_pseudonym(database: Database) -> None:
    first = database.run(lambda uow: find_or_make(uow, "web", "token-1", NOW).pseudonym)
    again = database.run(lambda uow: find_or_make(uow, "web", "token-1", NOW).pseudonym)
    other = database.run(lambda uow: find_or_make(uow, "telegram", "token-1", NOW).pseudonym)
    assert first == again != other


def test_the_address_is_opened_only_with_the_key(database: Database, tmp_path: Path) -> None:
    person = database.run(lambda uow: find_or_make(uow, "web", "token-1", NOW).pseudonym)

    def look(uow: UnitOfWork) -> None:
        entry = uow.session.exec(select(VaultEntry)).one()
        assert b"token-1" not in entry.sealed and "token-1" not in (entry.lookup or "")
        assert uow.vault.address(uow.session, person, "chat:web") == "token-1"
        with pytest.raises(VaultError):
            load_vault(tmp_path / "other" / "vault.key", create=True).open(entry.sealed)

    with database.reading() as uow:
        look(uow)


def test_the_key_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vault.key"
    load_vault(path, create=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first, second = load_vault(path, create=False), load_vault(path, create=False)
    assert second.open(first.seal(b"x")) == b"x"


def test_without_a_key_file_nothing_starts(tmp_path: Path) -> None:
    with pytest.raises(VaultError):
        load_vault(tmp_path / "none.key", create=False)
    (tmp_path / "bad.key").write_text("nonsense")
    with pytest.raises(VaultError):
        load_vault(tmp_path / "bad.key", create=False)
