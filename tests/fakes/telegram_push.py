"""Pushes the fake Telegram's updates to the bot's webhook, again and again until it answers 2xx."""

import asyncio
import json
import time

import httpx

from tests.fakes.telegram_http import Bell
from tests.fakes.telegram_state import State
from tests.fakes.telegram_updates import Entry, Webhook

IDLE_SECONDS = 60.0
PUSH_TIMEOUT = 5.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Pusher:
    """One update after another; a failed one waits and lets others pass."""

    def __init__(self, state: State, bell: Bell) -> None:
        self.state = state
        self.bell = bell

    async def run(self) -> None:
        """Until the server stops."""
        async with httpx.AsyncClient(trust_env=False, verify=False, timeout=PUSH_TIMEOUT) as client:
            while not self.bell.stopping:
                self.bell.event.clear()
                hook, entry, wait = self._next()
                if entry is None:
                    await self.bell.wait(wait)
                else:
                    await self._push(client, hook, entry)

    def _next(self) -> tuple[Webhook, Entry | None, float]:
        with self.state.changes:
            hook, now = self.state.webhook, time.monotonic()
            ripe = self.state.queue.ripe_at() if hook.url else None
            if ripe is None:
                return hook, None, IDLE_SECONDS
            if ripe > now:
                return hook, None, ripe - now
            entry = self.state.queue.next_push(now)
            return hook, entry, 0.01

    async def _push(self, client: httpx.AsyncClient, hook: Webhook, entry: Entry) -> None:
        headers = {"Content-Type": "application/json"}
        if hook.secret_token:
            headers[SECRET_HEADER] = hook.secret_token
        try:
            answer = await self._post(client, hook.url, json.dumps(entry.update), headers)
            error = "" if answer.is_success else f"Wrong response from the webhook: {answer.status_code}"
        except httpx.HTTPError as failed:
            error = f"Connection failed: {failed!r}"
        with self.state.changes:
            self._record(hook, entry, error)
            self.state.changed()

    async def _post(self, client: httpx.AsyncClient, url: str, body: str, headers: dict[str, str]) -> httpx.Response:
        """Post, but give up as soon as the server stops."""
        post = asyncio.ensure_future(client.post(url, content=body, headers=headers))
        while not post.done() and not self.bell.stopping:
            await asyncio.wait([post], timeout=0.1)
        if not post.done():
            post.cancel()
            await asyncio.wait([post])
            raise httpx.ReadError("the fake Telegram stops")
        return post.result()

    def _record(self, hook: Webhook, entry: Entry, error: str) -> None:
        if not error:
            self.state.queue.pushed(entry)
            return
        hook.last_error, hook.last_error_at = error, int(time.time())
        self.state.queue.failed(entry, time.monotonic(), self.state.webhook_retry)
