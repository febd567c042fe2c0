"""The serving process: web chat at /, desk at /desk and /unit, health at /api/health, the durable engine."""

import asyncio
import errno
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import structlog
import uvicorn
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from starlette.formparsers import MultiPartParser
from telegram.error import TelegramError

from bot.channels.channel import Channel
from bot.channels.telegram.bot import TelegramBot, build_bot
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.webhook import secret_of, set_webhook, webhook_routes
from bot.channels.web.mailboxes import Mailboxes
from bot.channels.web.routes import web_routes
from bot.errors import PortInUseError
from bot.headers import Headers
from bot.house import Plant, login_rules, session_secret
from bot.jobs import Jobs
from bot.keeping import machine
from bot.refusals import add_refusals
from bot.sender import Sender
from bot.turns import Turns
from bot.walls import MOST_UPLOAD, BodyLimit, SameOrigin, Tries

log = structlog.get_logger()


def wall_clock() -> datetime:
    """The real time; everything else gets the time as an argument."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Parts:
    """What a process needs besides pages: turns, jobs, and Telegram when it is on."""

    plant: Plant
    turns: Turns
    jobs: Jobs
    telegram: TelegramBot | None
    now: Callable[[], datetime]


def build_parts(plant: Plant, now: Callable[[], datetime]) -> Parts:
    """Wire sender, turns, jobs and channels over a plant."""
    bot = build_bot(plant.settings) if plant.settings.telegram_on else None
    channels: dict[str, Channel] = {"telegram": TelegramChannel(bot)} if bot else {}
    sender = Sender(plant.database, plant.house.texts, channels, now)
    turns = Turns(plant.database, plant.house, sender, Mailboxes(), now)
    jobs = Jobs(plant, sender, turns.after_commit, now)
    return Parts(plant, turns, jobs, TelegramBot(bot, turns) if bot else None, now)


def make_app(plant: Plant, now: Callable[[], datetime] = wall_clock) -> FastAPI:
    """The whole web application over a plant, with Telegram when a token is set."""
    parts = build_parts(plant, now)
    app = make_public_app(parts)
    _mount_desk(app, parts)
    return app


def make_public_app(parts: Parts) -> FastAPI:
    """Everything anybody may reach: web chat, webhook, health, behind the walls; the desk is mounted beside it."""
    app = FastAPI(title="jianfu", lifespan=_lifespan(parts), docs_url=None, redoc_url=None)
    app.state.turns, app.state.telegram = parts.turns, parts.telegram
    app.include_router(web_routes())
    if parts.telegram is not None:
        app.include_router(webhook_routes(webhook_secret(parts.plant)))
    app.add_api_route("/api/health", health)
    _add_walls(app, parts)
    return app


def _add_walls(app: FastAPI, parts: Parts) -> None:
    """What stands before every route; the last one added is the outermost."""
    settings, texts = parts.plant.settings, parts.plant.house.texts
    https = settings.public_url.startswith("https")
    # the framework's own limit would write larger files, unsealed, into the machine's temporary folder
    MultiPartParser.spool_max_size = MOST_UPLOAD
    app.state.https = https
    add_refusals(app, texts)
    app.add_middleware(GZipMiddleware, minimum_size=500)
    app.add_middleware(Tries, texts=texts, ask=parts.turns.ask)
    app.add_middleware(BodyLimit, texts=texts)
    app.add_middleware(SameOrigin, texts=texts, public_url=settings.public_url)
    app.add_middleware(Headers, https=https)


async def health() -> dict[str, str]:
    """Alive; opens no page and no session."""
    return {"status": "ok"}


def serve(plant: Plant) -> None:
    """Serve until stopped; PortInUseError before anything was started."""
    settings = plant.settings
    _require_free(settings.host, settings.port)
    config = uvicorn.Config(
        make_app(plant), host=settings.host, port=settings.port, log_config=None, access_log=False,
        timeout_graceful_shutdown=3, server_header=False, forwarded_allow_ips=settings.trusted_proxies,
    )  # fmt: skip
    uvicorn.Server(config).run()


def webhook_secret(plant: Plant) -> str:
    """What Telegram must send along with every update."""
    return secret_of(plant.settings.telegram_token.get_secret_value(), session_secret(plant.settings))


def _lifespan(parts: Parts) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.loop = asyncio.get_running_loop()
        await asyncio.to_thread(parts.jobs.start, app.state.loop)
        tasks = [asyncio.create_task(parts.jobs.beat())]
        if parts.telegram is not None:
            tasks.append(asyncio.create_task(run_telegram(parts)))
        settings = parts.plant.settings
        log.info("ready", host=settings.host, port=settings.port, telegram=parts.telegram is not None)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.to_thread(parts.jobs.stop)

    return lifespan


async def run_telegram(parts: Parts) -> None:
    """Sign on (again and again while Telegram is out of reach), then poll, or tell Telegram where we listen."""
    telegram, settings = parts.telegram, parts.plant.settings
    assert telegram is not None, "called only when Telegram is on"
    while True:
        try:
            await telegram.start()
            break
        except TelegramError as error:
            log.warning("telegram not reached", why=type(error).__name__)
            await asyncio.sleep(5)
    try:
        if settings.telegram_webhook:
            await set_webhook(telegram, settings.public_url, webhook_secret(parts.plant))
            await asyncio.Event().wait()
        else:
            await Poller(telegram, parts.plant.database, parts.now).run()
    finally:
        await telegram.stop()


def _mount_desk(app: FastAPI, parts: Parts) -> None:
    # read by the desk's framework at import: without it a folder would appear where the process was started
    plant = parts.plant
    os.environ.setdefault("NICEGUI_STORAGE_PATH", str((plant.settings.data_dir / "desk").resolve()))
    from console.desk import Desk
    from console.mount import mount

    def nudge(ids: list[int]) -> None:
        asyncio.run_coroutine_threadsafe(parts.turns.after_commit(ids), app.state.loop)

    secure = plant.settings.public_url.startswith("https")
    secret, rules = session_secret(plant.settings), login_rules(plant.settings)
    facts = partial(machine, plant.settings)
    mount(app, Desk(plant.database, plant.house, secret, parts.now, nudge, secure, rules, facts))


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortInUseError(f"port {port} on {host} is already in use; set JIANFU_PORT") from error
            raise
