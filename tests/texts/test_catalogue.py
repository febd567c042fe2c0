"""Texts: every used key exists, every key is used, every variable is filled, no empty phrases, short enough."""

import re
from pathlib import Path

import pytest

from nlu.taxonomy import load_taxonomy
from texts.catalogue import Catalogue, load_catalogue
from texts.errors import UnfilledTextError, UnknownKeyError
from texts.render import render
from tickets.workflow import EDGES, State

ROOT = Path(__file__).parents[2]
CODE = [p for d in ("bot", "console", "dialogs", "tickets") for p in (ROOT / d).rglob("*.py")]
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in CODE)
KEY = re.compile(r"[\"']([a-z_]+(?:\.[a-z_0-9]+)+)[\"']")
# keys put together from a group and a value the code knows
FAMILY = re.compile(r"f\"([a-z_.]+)\.\{")
EMPTY_PHRASES = ("高度重视", "耐心等待", "理解与支持", "相关部门", "感谢您的", "举报人", "投诉人", "打分")
CATALOGUE = load_catalogue()
ALL_KEYS = load_catalogue().keys()


def test_every_key_the_code_names_exists() -> None:
    groups = {key.partition(".")[0] for key in ALL_KEYS}
    named = {
        key
        for key in KEY.findall(SOURCE)
        if key.partition(".")[0] in groups and not key.endswith((".py", ".yaml", ".css", ".js", ".html"))
    }
    unknown = {key for key in named if key not in CATALOGUE}
    assert not {key for key in unknown if not any(k.startswith(key + ".") for k in ALL_KEYS)}


@pytest.mark.parametrize("key", sorted(ALL_KEYS))
def test_every_key_is_used(key: str) -> None:
    families = {name + "." for name in FAMILY.findall(SOURCE)}
    assert f'"{key}"' in SOURCE or any(key.startswith(family) for family in families), "nobody says this"


def test_every_state_class_and_action_has_its_words() -> None:
    for state in State:
        assert f"state.{state.value}" in CATALOGUE
    for item in load_taxonomy().classes:
        assert f"paraphrase.{item.code}" in CATALOGUE
    for action in {edge.action for edge in EDGES}:
        assert f"page.action.{action}" in CATALOGUE


@pytest.mark.parametrize("key", sorted(ALL_KEYS))
def test_no_empty_phrases_and_no_shouting(key: str) -> None:
    said = CATALOGUE.say(key, **dict.fromkeys(CATALOGUE.variables(key), "x"))
    assert not [phrase for phrase in EMPTY_PHRASES if phrase in said]
    assert "!" not in said and "！" not in said


@pytest.mark.parametrize("key", sorted(k for k in ALL_KEYS if CATALOGUE.audience(k) == "complainant"))
def test_what_a_complainant_reads_is_short(key: str) -> None:
    bare = CATALOGUE.say(key, **dict.fromkeys(CATALOGUE.variables(key), ""))
    assert len(bare) <= 170, len(bare)


def test_a_missing_value_or_key_is_an_error(texts: Catalogue) -> None:
    with pytest.raises(UnfilledTextError, match="receipt"):
        texts.say("receipt.accepted")
    with pytest.raises(UnknownKeyError):
        texts.say("receipt.nonsense")


def test_a_second_paragraph_rides_below(texts: Catalogue) -> None:
    shown = render(texts, "greeting", {"then": {"key": "thanks", "params": {}}},
                   [[{"key": "button.skip", "payload": "skip:x:1"}, {"label": "别的", "payload": "y"}]])  # fmt: skip
    assert shown.text == f"{texts.say('greeting')}\n\n{texts.say('thanks')}"
    assert [button.label for button in shown.buttons[0]] == ["跳过", "别的"]
