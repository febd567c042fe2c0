"""Turn an outbox row's key, parameters and buttons into what the recipient reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from texts.catalogue import Catalogue


@dataclass(frozen=True)
class Button:
    """A button: what stands on it and what comes back when it is pressed (at most 64 bytes)."""

    label: str
    payload: str


@dataclass(frozen=True)
class Rendered:
    """A message ready for a channel."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()


def render(catalogue: Catalogue, key: str, params: Mapping[str, Any], buttons: list[list[dict[str, str]]]) -> Rendered:
    """Fill the text; `params["then"]` = {"key", "params"} is a second paragraph riding below."""
    text = catalogue.say(key, **{name: value for name, value in params.items() if name != "then"})
    then = params.get("then")
    if then:
        text = f"{text}\n\n{catalogue.say(then['key'], **then['params'])}"
    rows = tuple(tuple(_button(catalogue, each) for each in row) for row in buttons)
    return Rendered(text, rows)


def _button(catalogue: Catalogue, button: Mapping[str, str]) -> Button:
    label = button.get("label") or catalogue.say(button["key"])
    return Button(label, button["payload"])
