"""Settings: every one documented with a comment, bad values named, production refuses danger."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings
from storage.vault import load_vault

ROOT = Path(__file__).parents[2]


def test_every_setting_stands_in_the_example_with_a_comment() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    documented = {}
    for before, line in pairwise(lines):
        if found := re.match(r"JIANFU_([A-Z_]+)=", line):
            documented[found[1].lower()] = before.startswith("# ")
    assert set(documented) == set(Settings.model_fields)
    assert all(documented.values())


def test_the_example_says_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")
    from_example = load_settings().model_dump()
    (tmp_path / ".env").unlink()
    assert from_example == load_settings().model_dump()


@pytest.mark.parametrize(
    ("name", "value"),
    [("JIANFU_PORT", "99999"), ("JIANFU_PORT", "x"), ("JIANFU_MODE", "live"), ("JIANFU_BUSINESS_HOURS", "morning"),
     ("JIANFU_OUTBOX_LEASE_SECONDS", "0")],
)  # fmt: skip
def test_a_bad_value_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        load_settings()


def production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **changed: str) -> None:
    key = tmp_path / "vault.key"
    load_vault(key, create=True)
    values = {
        "MODE": "production", "VAULT_KEY_FILE": str(key), "SECRET": "pW8vN2qT7xRk5sZb9LmYd3FhJc6GtUa4", "PUBLIC_URL": "https://hotline.test",
    } | changed  # fmt: skip
    monkeypatch.chdir(tmp_path)
    for name, value in values.items():
        monkeypatch.setenv(f"JIANFU_{name}", value)


def test_production_with_everything_in_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    production(monkeypatch, tmp_path)
    assert load_settings().how_to_release == "batch"


@pytest.mark.parametrize(
    "changed", [{"SECRET": "short"}, {"PUBLIC_URL": "http://hotline.test"}, {"VAULT_KEY_FILE": "/nowhere/key"}]
)
def test_production_refuses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changed: dict[str, str]) -> None:
    production(monkeypatch, tmp_path, **changed)
    with pytest.raises(SettingsError):
        load_settings()


def test_production_refuses_a_key_others_can_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    production(monkeypatch, tmp_path)
    (tmp_path / "vault.key").chmod(0o644)
    with pytest.raises(SettingsError, match="read by others"):
        load_settings()
