"""Ears that let Rasa judge what a message is; rules, facts and the answer in need are those of our own ears."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from nlu.ears import Ears
from nlu.normalise import normalise, simplifier
from nlu.rasa.errors import UnavailableError
from nlu.rasa.opinion import Opinion, Scores
from nlu.rasa.server import Server
from nlu.taxonomy import Taxonomy
from nlu.understanding import Understanding

ENGINE = "rasa"
FALLBACK = "local (rasa unavailable)"
TIMEOUT = 0.8  # seconds for one message, all questions about it together
PAUSE = 10.0  # seconds without questions after a failure


class RasaEars:
    """Understands messages like `Ears`, with the opinion of a Rasa server where there is one."""

    def __init__(
        self,
        local: Ears,
        taxonomy: Taxonomy,
        url: str,
        token: str,
        timeout: float = TIMEOUT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._local = local
        self._opinion = Opinion(taxonomy)
        self._server = Server(url, token, clock)
        self._timeout = timeout
        self._clock = clock
        self._simplify = simplifier()
        self._quiet_until = float("-inf")

    def parse(self, text: str, at: datetime | None = None) -> Understanding:
        """Understand one message; `at` is the moment relative deadlines count from."""
        heard = self._local.parse(text, at)
        if self._clock() < self._quiet_until:
            return replace(heard, engine=FALLBACK)
        try:
            return self._judged(heard)
        except UnavailableError:
            self._quiet_until = self._clock() + PAUSE
            return replace(heard, engine=FALLBACK)

    def parse_many(self, texts: Sequence[str]) -> list[Understanding]:
        """Understand many messages."""
        return [self.parse(text) for text in texts]

    def close(self) -> None:
        """Close the connections to the server."""
        self._server.close()

    def _judged(self, heard: Understanding) -> Understanding:
        normal = normalise(heard.text, self._simplify)
        end = self._clock() + self._timeout

        def ask(text: str) -> Scores | None:
            return self._server.scores(text, end - self._clock())

        scores = ask(normal.text)
        if scores is None:
            return heard
        return replace(self._opinion.merged(heard, normal, scores, ask), engine=ENGINE)
