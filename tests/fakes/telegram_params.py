"""A request's parameters: JSON, form, multipart and query string look the same from here on."""

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from tests.fakes.telegram_state import bad_request
from tests.fakes.telegram_updates import Json


@dataclass(frozen=True)
class Upload:
    """One file of a multipart request."""

    name: str
    mime: str
    data: bytes


@dataclass
class Params:
    """Named values and uploaded files."""

    values: Json = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A string, empty when absent."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """A whole number; anything unreadable counts as absent."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """A boolean, in any of the spellings that clients use."""
        return self.text(name).lower() in ("true", "1", "yes")

    def thing(self, name: str) -> Any:
        """A JSON value, given as such or as its text."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            return value or None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    @property
    def chat_id(self) -> int | None:
        """The chat meant, None when it is not a number."""
        return self.number("chat_id") or None

    def upload(self, name: str) -> Upload | None:
        """The file sent under this name, or attached under another."""
        return self.uploads.get(self.text(name).removeprefix("attach://")) or self.uploads.get(name)


async def read_params(request: Request) -> Params:
    """Everything a request carries."""
    params = Params(dict(request.query_params))
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind == "application/json":
        params.values |= _json_object(await request.body())
    elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        await _read_form(request, params)
    return params


def _json_object(body: bytes) -> Json:
    try:
        values = json.loads(body or b"{}")
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise bad_request("can't parse JSON object")
    return values


async def _read_form(request: Request, params: Params) -> None:
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                mime = value.content_type or "application/octet-stream"
                params.uploads[name] = Upload(value.filename or name, mime, await value.read())
            else:
                params.values[name] = value
