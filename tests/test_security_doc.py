"""docs/security.md: every test it leans on exists, every threat says what holds and what does not."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)))
THREATS = ("unit head", "administrator", "stolen laptop", "network observer", "leaked backup", "Telegram", "floods")


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_named_test_exists(path: str, name: str) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    assert not name or re.search(rf"^(?:async )?def {name}\(", source, re.M), f"{path} has no {name}"


def test_every_threat_says_what_holds_and_what_does_not() -> None:
    chapters = re.split(r"^## ", TEXT, flags=re.M)[2:]
    assert len(chapters) == len(THREATS)
    for threat, chapter in zip(THREATS, chapters, strict=True):
        assert threat in chapter.splitlines()[0]
        assert "hat holds" in chapter and "hat does not hold" in chapter and "tests/" in chapter, threat
