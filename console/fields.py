"""Input fields that write what is typed into a draft at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from console.frame import head
from console.markup import tag


def area(draft: Any, name: str, label: str, placeholder: str = "", rows: int = 2) -> ui.textarea:
    """Several lines of text, growing."""
    head(tag("label", label, class_="label"))
    field = ui.textarea(value=getattr(draft, name), placeholder=placeholder, on_change=_into(draft, name))
    return field.props(f'outlined dense autogrow rows={rows} aria-label="{label}"').classes("field")


def line(draft: Any, name: str, label: str, choices: Sequence[str] = (), placeholder: str = "") -> ui.input:
    """One line of text, with words to choose from."""
    head(tag("label", label, class_="label"))
    field = ui.input(
        value=getattr(draft, name), placeholder=placeholder, on_change=_into(draft, name),
        autocomplete=list(choices) or None,
    )  # fmt: skip
    return field.props(f'outlined dense autocomplete=off aria-label="{label}"').classes("field")


def select(draft: Any, name: str, label: str, options: Mapping[str, str]) -> ui.select:
    """One of many, found by typing."""
    head(tag("label", label, class_="label"))
    value = getattr(draft, name)
    field = ui.select(
        dict(options), value=value if value in options else None, with_input=True, on_change=_into(draft, name)
    )
    return field.props(f'outlined dense options-dense aria-label="{label}"').classes("field")


def choice(draft: Any, name: str, label: str, options: Mapping[str, str]) -> ui.radio:
    """One of a few, all in sight."""
    head(tag("span", label, class_="label"))
    value = getattr(draft, name)
    field = ui.radio(dict(options), value=value if value in options else None, on_change=_into(draft, name))
    return field.props("inline dense size=sm").classes("choice")


def _into(draft: Any, name: str) -> Any:
    def write(event: Any) -> None:
        setattr(draft, name, event.value if event.value is not None else "")

    return write
