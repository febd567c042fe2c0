"""How a talk looks on the wire: outbox rows and the person's own messages as the page reads them."""

from datetime import datetime
from typing import Any

from storage.models import Message, Outbox
from storage.outbox import parameters
from storage.people import talk
from storage.unit_of_work import UnitOfWork
from texts.dates import ZONE
from texts.render import render
from tickets.house import House
from tickets.progress import STAGES

# which of the four stages a notice stands for
_STAGE_OF_KEY = {
    "receipt": 0, "assigned": 1, "answer": 3, "closed": 4,
}  # fmt: skip


def bot_message(uow: UnitOfWork, house: House, row: Outbox) -> dict[str, Any]:
    """An outbox row as a message; an edited one carries the id of the message it replaces."""
    params = parameters(uow, row)
    shown = render(house.texts, row.key, params, row.buttons)
    group = row.key.partition(".")[0]
    card = group == "receipt" and "claim" in params
    return {
        "id": f"m{row.edit_of or row.id}", "seq": row.id, "who": "bot", "text": shown.text,
        "at": row.created_at.astimezone(ZONE).isoformat(timespec="seconds"),
        "buttons": [[{"label": b.label, "payload": b.payload} for b in line] for line in shown.buttons],
        "kind": "receipt" if card else "notice" if row.kind != "reply" else "text",
        "receipt": params.get("receipt") if card else None, "claim": params.get("claim") if card else None,
        "class": params.get("class_name") if card else None,
        "progress": {"stages": list(STAGES), "now": _STAGE_OF_KEY[group]} if group in _STAGE_OF_KEY else None,
    }  # fmt: skip


def greeting_message(text: str, now: datetime) -> dict[str, Any]:
    """What a page shows before anybody has said anything; no row stands behind it."""
    return {
        "id": "welcome", "seq": 0, "who": "bot", "text": text, "kind": "text", "buttons": [],
        "at": now.astimezone(ZONE).isoformat(timespec="seconds"), "receipt": None, "claim": None, "progress": None,
    }  # fmt: skip


def own_message(house: House, row: Message) -> dict[str, Any]:
    """The person's own (masked) message; its id is the key the page chose."""
    key = row.key.partition("/")[2]
    text = row.text or (house.texts.say("web.file") if row.kind == "file" else house.texts.say("web.untold"))
    return {
        "id": key, "client_id": key, "seq": 0, "who": "me", "text": text, "kind": "text", "buttons": [],
        "at": row.at.astimezone(ZONE).isoformat(timespec="seconds"), "receipt": None, "claim": None, "progress": None,
    }  # fmt: skip


def whole_talk(uow: UnitOfWork, house: House, person: str, rows: list[Outbox]) -> list[dict[str, Any]]:
    """Both sides in order; edits are already in place."""
    messages: dict[str, dict[str, Any]] = {}
    for row in rows:
        message = bot_message(uow, house, row)
        first = messages.get(message["id"])
        messages[message["id"]] = {**message, "at": first["at"]} if first else message
    ordered = [(m["at"], 1, m["seq"], m) for m in messages.values()]
    ordered += [(m["at"], 0, index, m) for index, m in enumerate(own_message(house, row) for row in talk(uow, person))]
    return [entry[3] for entry in sorted(ordered, key=lambda entry: entry[:3])]
