"""Asking a Rasa server what a text is: one short question, one checked answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import httpx

from nlu.rasa.errors import UnavailableError

_LARGEST = 256 * 1024  # an answer with the scores of a hundred labels has less than ten
_KEPT_SECONDS = 3.0  # idle connections are closed by us well before the server does it
_PREFIX = "/"  # Rasa takes `/name` for the name of an intent, and anybody could choose one


class Server:
    """A Rasa server behind its token; safe to use from any thread."""

    def __init__(self, url: str, token: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = httpx.URL(url.rstrip("/") + "/model/parse", params={"token": token})
        self._clock = clock
        # A bare transport: a client would write the address, token and all, to the log, and heed proxy variables.
        self._transport = httpx.HTTPTransport(limits=httpx.Limits(keepalive_expiry=_KEPT_SECONDS))

    def scores(self, text: str, seconds: float) -> dict[str, float] | None:
        """Return label -> probability, answered within `seconds`; None when there is nothing to ask about."""
        question = text.strip().lstrip(_PREFIX + " ")
        if not question:
            return None
        try:
            return _scores(json.loads(self._post(question, self._clock() + seconds)))
        except (httpx.TransportError, httpx.StreamError, httpx.DecodingError) as error:
            raise UnavailableError(type(error).__name__) from error
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise UnavailableError(f"not an answer of Rasa: {type(error).__name__}") from error

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _post(self, text: str, end: float) -> bytes:
        left = max(end - self._clock(), 0.001)
        phases = dict.fromkeys(("connect", "read", "write", "pool"), left)
        request = httpx.Request("POST", self._url, json={"text": text}, extensions={"timeout": phases})
        response = self._transport.handle_request(request)
        try:
            if response.status_code != httpx.codes.OK:
                raise UnavailableError(f"status {response.status_code}")
            return self._read(response, end)
        finally:
            response.close()

    def _read(self, response: httpx.Response, end: float) -> bytes:
        body = b""
        for piece in response.iter_bytes():
            body += piece
            # Each piece may come in time and the whole too late.
            if self._clock() > end or len(body) > _LARGEST:
                raise UnavailableError("too slow or too long")
        return body


def _scores(answer: Any) -> dict[str, float]:
    """Return the scores of an answer; anything but probabilities of names is an error."""
    ranking = answer["intent_ranking"]
    scores = {item["name"]: item["confidence"] for item in ranking}
    if not scores or not all(_sound(name, chance) for name, chance in scores.items()):
        raise ValueError("no scores")
    return {name: float(chance) for name, chance in scores.items()}


def _sound(name: object, chance: object) -> bool:
    return isinstance(name, str) and isinstance(chance, int | float) and 0 <= chance <= 1
