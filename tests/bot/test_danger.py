"""Production refuses to start with what would give somebody away; each refusal names what to mend."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.danger import network_system, refuse_danger
from bot.errors import SettingsError
from bot.settings import Settings

SECRET = "pW8vN2qT7xRk5sZb9LmYd3FhJc6GtUa4"
MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
files:/export /srv/jian\\040fu nfs4 rw 0 0
/dev/sdb1 /srv/jian\\040fu/local ext4 rw 0 0
//nas/share /mnt/share cifs rw 0 0
"""


def good(tmp_path: Path, **changed: object) -> Settings:
    key = tmp_path / "vault.key"
    if not key.exists():
        key.write_text(f"seal:{Fernet.generate_key().decode()}\nlookup:{SECRET}\n")
        key.chmod(0o600)
    data = tmp_path / "data"
    data.mkdir(mode=0o700, exist_ok=True)
    values = {
        "mode": "production", "secret": SecretStr(SECRET), "public_url": "https://hotline.test", "data_dir": data,
        "vault_key_file": key,
    } | changed  # fmt: skip
    return Settings(_env_file=None, **values)


def refused(settings: Settings, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        refuse_danger(settings, MOUNTS)


def test_with_everything_in_place_it_starts(tmp_path: Path) -> None:
    refuse_danger(good(tmp_path), MOUNTS)
    refuse_danger(good(tmp_path))  # the mounts of this machine


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"secret": SecretStr("short")}, "at least 32"),
        ({"secret": SecretStr("s" * 40)}, "guessed"),
        ({"secret": SecretStr("changeme-" + SECRET)}, "guessed"),
        ({"secret": SecretStr("abcabcabcabcabcabcabcabcabcabcabcabc")}, "guessed"),
        ({"public_url": "http://hotline.test"}, "https"),
        ({"public_url": ""}, "https"),
        ({"vault_key_file": None}, "VAULT_KEY_FILE"),
        ({"vault_key_file": Path("/nowhere/key")}, "VAULT_KEY_FILE"),
        ({"log_level": "DEBUG"}, "DEBUG"),
        ({"rasa_url": "http://10.1.2.3:5005"}, "RASA_URL"),
        ({"telegram_base_url": "http://bots.test"}, "TELEGRAM_BASE_URL"),
        ({"trusted_proxies": "*"}, "TRUSTED_PROXIES"),
        ({"database_url": "sqlite:////srv/jian fu/jianfu.db"}, "network file system .nfs4"),
        ({"database_url": "sqlite:////mnt/share/jianfu.db"}, "network file system .cifs"),
        ({"database_url": "postgresql+psycopg://u:p@db.test/jianfu"}, "sslmode"),
    ],
)
def test_what_is_refused(tmp_path: Path, changed: dict[str, object], says: str) -> None:
    refused(good(tmp_path, **changed), says)


@pytest.mark.parametrize(
    "changed",
    [
        {"rasa_url": "http://127.0.0.1:5005"},
        {"rasa_url": "https://rasa.test"},
        {"database_url": "postgresql+psycopg://u:p@db.test/jianfu?sslmode=verify-full"},
        {"database_url": "postgresql+psycopg://u:p@localhost/jianfu"},
        {"database_url": "sqlite:////srv/jian fu/local/jianfu.db"},
        {"trusted_proxies": "10.0.0.1,10.0.0.2"},
    ],
)
def test_what_is_taken(tmp_path: Path, changed: dict[str, object]) -> None:
    refuse_danger(good(tmp_path, **changed), MOUNTS)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_others_can_read(tmp_path: Path, mode: int) -> None:
    settings = good(tmp_path)
    (tmp_path / "vault.key").chmod(mode)
    refused(settings, "read by others")


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o755])
def test_a_data_folder_others_can_read(tmp_path: Path, mode: int) -> None:
    settings = good(tmp_path)
    (tmp_path / "data").chmod(mode)
    refused(settings, "read by others")


def test_a_database_elsewhere_that_others_can_read(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.db"
    path.touch(0o644)
    refused(good(tmp_path, database_url=f"sqlite:///{path}"), "read by others")


def test_a_key_in_the_data_folder(tmp_path: Path) -> None:
    settings = good(tmp_path)
    inside = tmp_path / "data" / "vault.key"
    inside.write_text((tmp_path / "vault.key").read_text())
    inside.chmod(0o600)
    refused(good(tmp_path, vault_key_file=inside), "data folder")
    refuse_danger(settings, MOUNTS)


def test_a_folder_where_others_can_replace_the_key(tmp_path: Path) -> None:
    settings = good(tmp_path)
    tmp_path.chmod(0o777)
    refused(settings, "written by others")
    tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a vault key file"),
        (f"lookup:{SECRET}\n", "not a vault key file"),
        (f"seal:not-a-key\nlookup:{SECRET}\n", "is none"),
        (f"seal:{'A' * 43}=\nlookup:{SECRET}\n", "weak"),
        (f"seal:{Fernet.generate_key().decode()}\nlookup:short\n", "weak"),
        (f"seal:{Fernet.generate_key().decode()}\nlookup:{'a' * 40}\n", "weak"),
    ],
)
def test_a_weak_key(tmp_path: Path, text: str, says: str) -> None:
    settings = good(tmp_path)
    (tmp_path / "vault.key").write_text(text)
    refused(settings, says)


def test_the_deepest_mount_decides() -> None:
    assert network_system(Path("/srv/jian fu/x.db"), MOUNTS) == "nfs4"
    assert network_system(Path("/srv/jian fu/local/x.db"), MOUNTS) is None
    assert network_system(Path("/srv/jian"), MOUNTS) is None
    assert network_system(Path("/x"), "") is None
