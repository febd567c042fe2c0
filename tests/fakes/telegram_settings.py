"""Bot API methods about the bot itself: who it is, its commands and descriptions, its webhook."""

import json
import re
from collections.abc import Callable
from typing import Any

from tests.fakes.telegram_params import Params
from tests.fakes.telegram_state import State, bad_request
from tests.fakes.telegram_updates import Json, Webhook

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
MOST_COMMANDS = 100
DEFAULT_SCOPE = {"type": "default"}


def get_me(state: State, params: Params) -> Json:
    """The bot itself."""
    return state.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": not state.privacy,
        "supports_inline_queries": False,
    }


def _commands_key(params: Params) -> tuple[str, ...]:
    scope = json.dumps(params.thing("scope") or DEFAULT_SCOPE, sort_keys=True)
    return ("commands", scope, params.text("language_code"))


def set_commands(state: State, params: Params) -> bool:
    """The menu, per scope and language."""
    commands = params.thing("commands") or []
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for each in commands:
        if not COMMAND.fullmatch(each.get("command", "").removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(each.get("description", "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    state.settings[_commands_key(params)] = commands
    return True


def get_commands(state: State, params: Params) -> list[Json]:
    """The menu as it was set."""
    return list(state.settings.get(_commands_key(params), []))


def delete_commands(state: State, params: Params) -> bool:
    """Back to no menu."""
    state.settings.pop(_commands_key(params), None)
    return True


def _sets_words(name: str, most: int) -> Callable[[State, Params], Any]:
    def save(state: State, params: Params) -> bool:
        """Keep the words per language."""
        if len(params.text(name)) > most:
            raise bad_request(f"{name} is too long")
        state.settings[name, params.text("language_code")] = params.text(name)
        return True

    return save


def _gets_words(name: str) -> Callable[[State, Params], Any]:
    def load(state: State, params: Params) -> Json:
        """The words of a language, else the default ones."""
        fallback = state.settings.get((name, ""), "")
        return {name: state.settings.get((name, params.text("language_code")), fallback)}

    return load


def set_webhook(state: State, params: Params) -> bool:
    """Push from now on; an empty address means deleteWebhook."""
    url, secret = params.text("url"), params.text("secret_token")
    if not url:
        return delete_webhook(state, params)
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _remember_kinds(state, params)
    _drop_pending(state, params)
    state.webhook = Webhook(url, secret, params.number("max_connections", 40))
    state.changed()
    return True


def delete_webhook(state: State, params: Params) -> bool:
    """Poll again."""
    _drop_pending(state, params)
    state.webhook = Webhook()
    state.changed()
    return True


def _remember_kinds(state: State, params: Params) -> None:
    if "allowed_updates" in params.values:
        state.queue.allowed = list(params.thing("allowed_updates") or [])


def _drop_pending(state: State, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        state.queue.entries.clear()


def webhook_info(state: State, params: Params) -> Json:
    """Address, waiting updates, last error."""
    hook = state.webhook
    info: Json = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(state.queue.entries),
    }
    if hook.url:
        info["max_connections"] = hook.max_connections
    if state.queue.allowed:
        info["allowed_updates"] = state.queue.allowed
    if hook.last_error:
        info |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
    return info


def start_poll(state: State, params: Params) -> None:
    """What getUpdates does before it waits: kinds, confirmation."""
    _remember_kinds(state, params)
    state.queue.confirm(params.number("offset"))


SETTINGS: dict[str, Callable[[State, Params], Any]] = {
    "getme": get_me,
    "setmycommands": set_commands,
    "getmycommands": get_commands,
    "deletemycommands": delete_commands,
    "setmydescription": _sets_words("description", 512),
    "getmydescription": _gets_words("description"),
    "setmyshortdescription": _sets_words("short_description", 120),
    "getmyshortdescription": _gets_words("short_description"),
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": webhook_info,
}
