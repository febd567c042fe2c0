"""A fake Telegram: a Bot API server in a thread, with people to play and troubles to plan.

    with FakeTelegram() as telegram:
        person = telegram.person()
        person.says("hello")
        ...  # a real bot: Application.builder().token(telegram.token).base_url(...).base_file_url(...)
        person.wait_for("hello")

The state (chats, updates, plans, webhook) outlives `stop()`; `start()` takes the same port again.
"""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from random import Random
from types import TracebackType

import uvicorn

from tests.fakes.telegram_http import Bell, Front, Wire
from tests.fakes.telegram_people import Group, Person
from tests.fakes.telegram_push import Pusher
from tests.fakes.telegram_state import Call, Chat, State
from tests.fakes.telegram_trouble import DISTURBED, USUAL, Sent, Trouble, overruns

TOKEN = "4242424242:TEST-token-of-the-fake-telegram_000"
HOST = "127.0.0.1"
FIRST_PERSON = 5_000_001
FIRST_GROUP = -1_001_000_000_001


class QuickServer(uvicorn.Server):
    """uvicorn that ends at once: connections are cut, as when a machine goes away."""

    def __init__(self, config: uvicorn.Config, ended: asyncio.Event) -> None:
        super().__init__(config)
        self.ended = ended

    async def main_loop(self) -> None:
        """Serve until told to end."""
        await self.on_tick(0)
        await self.ended.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Cut everything and wait until the last request has noticed."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            if isinstance(connection, Wire):
                connection.cut()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=2.0)


class FakeTelegram:
    """The server and its control side; everything here may be called from any thread."""

    def __init__(self, token: str = TOKEN, port: int = 0, username: str = "jianfu_bot", privacy: bool = True) -> None:
        self.state = State(token, username, privacy)
        self.token = token
        self.port = port
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._people: dict[int, Person] = {}

    def __enter__(self) -> "FakeTelegram":
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}"

    @property
    def base_url(self) -> str:
        """For ApplicationBuilder.base_url."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """For ApplicationBuilder.base_file_url."""
        return f"{self.url}/file/bot"

    def start(self) -> "FakeTelegram":
        """Listen, on the port of last time when there was one."""
        if self._thread is None:
            listener = socket.socket(proto=socket.IPPROTO_TCP)  # else asyncio leaves Nagle's algorithm on: 40 ms each
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, self.port))
            self.port = listener.getsockname()[1]
            listener.listen(256)
            ready = threading.Event()
            self._thread = threading.Thread(target=self._run, args=(listener, ready), name="fake-telegram", daemon=True)
            self._thread.start()
            assert ready.wait(10), "the fake Telegram did not start"
        return self

    def stop(self) -> None:
        """Cut all connections and stop listening; the state is kept."""
        thread, self._thread = self._thread, None
        if thread is not None and self._loop is not None and self._ended is not None:
            self._loop.call_soon_threadsafe(self._ended.set)
            thread.join(10)
            assert not thread.is_alive(), "the fake Telegram did not stop"

    def _run(self, listener: socket.socket, ready: threading.Event) -> None:
        asyncio.run(self._serve(listener, ready))

    async def _serve(self, listener: socket.socket, ready: threading.Event) -> None:
        loop, bell = asyncio.get_running_loop(), Bell()
        self._loop, self._ended = loop, asyncio.Event()
        front = Front(self.state, bell)
        config = uvicorn.Config(
            front.app(), http=Wire, ws="none", lifespan="off", log_config=None, access_log=False, server_header=False
        )
        self._listen_for_changes(loop, bell)
        pusher = asyncio.create_task(Pusher(self.state, bell).run())
        server = asyncio.create_task(QuickServer(config, self._ended).serve(sockets=[listener]))
        ready.set()
        await self._ended.wait()
        bell.stopping = True
        bell.event.set()
        await asyncio.gather(server, pusher)
        self._listen_for_changes(None, bell)
        listener.close()

    def _listen_for_changes(self, loop: asyncio.AbstractEventLoop | None, bell: Bell) -> None:
        def ring() -> None:
            if loop is not None:
                with suppress(RuntimeError):  # the loop has just closed: nobody is left to wake
                    loop.call_soon_threadsafe(bell.event.set)

        with self.state.changes:
            self.state.on_change = ring

    def person(self, user_id: int | None = None, name: str = "小赵", known: bool = True, **fields: str) -> Person:
        """A person with a private chat; `known=False`: the bot cannot write before the person does."""
        with self.state.changes:
            number = user_id or max([FIRST_PERSON - 1, *self._people]) + 1
            if number not in self._people:
                user = {"id": number, "is_bot": False, "first_name": name, "language_code": "zh-hans", **fields}
                chat = self.state.chats.setdefault(number, Chat(number, "private", name, open=known))
                self._people[number] = Person(self.state, user, chat)
            return self._people[number]

    def group(self, by: Person, title: str = "镇里的群", kind: str = "supergroup", with_bot: bool = True) -> Group:
        """A group made by a person, with the bot added at once unless told otherwise."""
        with self.state.changes:
            number = min([FIRST_GROUP + 1, *self.state.chats]) - 1
            chat = self.state.chats[number] = Chat(number, kind, title, open=False)
            group = Group(self.state, chat)
            if with_bot:
                group.adds_bot(by)
            return group

    def plan(self, method: str, troubles: Iterable[Trouble], chat_id: int | None = None) -> None:
        """The next requests of a method ("*": of any but getUpdates) meet these troubles, one each."""
        with self.state.changes:
            self.state.troubles.plan(method, troubles, chat_id)

    def misbehave(
        self, seed: int, rate: float = 0.2, kinds: Sequence[Trouble] = USUAL, methods: Sequence[str] = DISTURBED
    ) -> None:
        """From now on requests whose method starts so meet random troubles."""
        with self.state.changes:
            troubles = self.state.troubles
            troubles.dice, troubles.rate, troubles.kinds = Random(seed), rate, kinds
            troubles.methods = tuple(each.lower() for each in methods)

    def behave(self) -> None:
        """No more troubles, duplicates, shuffling; flood waits end."""
        with self.state.changes:
            self.state.troubles.clear()
            self.state.limits.closed_until.clear()
            self.state.queue.twice, self.state.queue.dice, self.state.queue.hold = 0, None, 0.0
            self.state.changed()

    def limits(
        self, strict: bool = True, per_chat: int = 1, overall: int = 30, group_minute: int = 20, slack: float = 0.05
    ) -> None:
        """Set the limits; strict ones are enforced with 429, others only show in `overruns`."""
        with self.state.changes:
            limits = self.state.limits
            limits.strict, limits.per_chat, limits.overall = strict, per_chat, overall
            limits.group_minute, limits.slack = group_minute, slack

    def deliver_twice(self, number: int) -> None:
        """The next so many updates reach the bot twice, with the same update_id."""
        with self.state.changes:
            self.state.queue.twice = number

    def shuffle_updates(self, seed: int, hold: float = 0.1) -> None:
        """Updates are collected for a moment and arrive in random order."""
        with self.state.changes:
            self.state.queue.dice, self.state.queue.hold = Random(seed), hold

    def forget_queries(self) -> None:
        """All buttons pressed so far become too old to answer."""
        with self.state.changes:
            self.state.queries.clear()

    @property
    def updates_pending(self) -> int:
        """Updates that the bot has not confirmed."""
        with self.state.changes:
            return len(self.state.queue.entries)

    @property
    def log(self) -> list[Sent]:
        """Every accepted send, in order, with its monotonic time."""
        with self.state.changes:
            return list(self.state.log)

    @property
    def accepted(self) -> Counter[tuple[int, str]]:
        """How often each (chat, text) was accepted."""
        with self.state.changes:
            return self.state.accepted.copy()

    @property
    def repeated(self) -> dict[tuple[int, str], int]:
        """Texts that a chat got more than once."""
        return {key: times for key, times in self.accepted.items() if times > 1}

    @property
    def overruns(self) -> list[str]:
        """Where the log exceeds the limits, strict or not."""
        with self.state.changes:
            return overruns(self.state.log, self.state.limits)

    @property
    def impatient(self) -> list[tuple[int, float]]:
        """Sends that came before a 429's wait was over: chat and seconds too early."""
        with self.state.changes:
            return list(self.state.limits.impatient)

    @property
    def calls(self) -> list[Call]:
        """Every request that had the right token."""
        with self.state.changes:
            return list(self.state.calls)

    @property
    def troubles_met(self) -> list[tuple[str, Trouble]]:
        """The troubles that happened, with their methods."""
        with self.state.changes:
            return list(self.state.troubles.done)

    @property
    def actions(self) -> list[tuple[int, str]]:
        """Chat actions shown: chat and action."""
        with self.state.changes:
            return list(self.state.actions)

    def wait_confirmed(self, seconds: float = 5.0) -> None:
        """Blocks until the bot has confirmed all updates."""
        with self.state.changes:
            done = self.state.changes.wait_for(lambda: not self.state.queue.entries, seconds)
            assert done, f"{self.updates_pending} updates still unconfirmed after {seconds} s"
