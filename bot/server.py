"""The serving process: web chat at /, desk at /desk and /unit, health at /api/health, the durable engine."""

import asyncio
import errno
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

import structlog
import uvicorn
from fastapi import FastAPI, Request
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import JSONResponse
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
from bot.house import Plant, session_secret
from bot.jobs import Jobs
from bot.sender import Sender
from bot.turns import Turns
from storage.errors import DatabaseBusyError

log = structlog.get_logger()


def wall_clock() -> datetime:
    """The real time; everything else gets the time as an argument."""
    return datetime.now(UTC)


def make_app(plant: Plant, now: Callable[[], datetime] = wall_clock) -> FastAPI:
    """The whole web application over a plant, with Telegram when a token is set."""
    bot = build_bot(plant.settings) if plant.settings.telegram_on else None
    channels: dict[str, Channel] = {"telegram": TelegramChannel(bot)} if bot else {}
    sender = Sender(plant.database, plant.house.texts, channels, now)
    turns = Turns(plant.database, plant.house, sender, Mailboxes(), now)
    telegram = TelegramBot(bot, turns) if bot else None
    jobs = Jobs(plant, sender, turns.after_commit, now)
    app = FastAPI(title="jianfu", lifespan=_lifespan(plant, jobs, telegram, now), docs_url=None, redoc_url=None)
    app.state.turns, app.state.telegram = turns, telegram
    app.include_router(web_routes())
    if telegram is not None:
        app.include_router(webhook_routes(webhook_secret(plant)))
    app.add_api_route("/api/health", health)
    app.add_middleware(GZipMiddleware, minimum_size=500)
    app.add_middleware(Headers)
    app.add_exception_handler(DatabaseBusyError, _busy)
    _mount_desk(app, plant, turns, now)
    return app


async def health() -> dict[str, str]:
    """Alive; opens no page and no session."""
    return {"status": "ok"}


def serve(plant: Plant) -> None:
    """Serve until stopped; PortInUseError before anything was started."""
    settings = plant.settings
    _require_free(settings.host, settings.port)
    config = uvicorn.Config(
        make_app(plant), host=settings.host, port=settings.port, log_config=None, access_log=False,
        timeout_graceful_shutdown=3,
    )  # fmt: skip
    uvicorn.Server(config).run()


def webhook_secret(plant: Plant) -> str:
    """What Telegram must send along with every update."""
    return secret_of(plant.settings.telegram_token.get_secret_value(), session_secret(plant.settings))


def _lifespan(
    plant: Plant, jobs: Jobs, telegram: TelegramBot | None, now: Callable[[], datetime]
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.loop = asyncio.get_running_loop()
        await asyncio.to_thread(jobs.start, app.state.loop)
        tasks = [asyncio.create_task(jobs.beat())]
        if telegram is not None:
            tasks.append(asyncio.create_task(_run_telegram(plant, telegram, now)))
        log.info("ready", host=plant.settings.host, port=plant.settings.port, telegram=telegram is not None)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.to_thread(jobs.stop)

    return lifespan


async def _run_telegram(plant: Plant, telegram: TelegramBot, now: Callable[[], datetime]) -> None:
    """Sign on (again and again while Telegram is out of reach), then poll, or tell Telegram where we listen."""
    settings = plant.settings
    while True:
        try:
            await telegram.start()
            break
        except TelegramError as error:
            log.warning("telegram not reached", why=type(error).__name__)
            await asyncio.sleep(5)
    try:
        if settings.telegram_webhook:
            await set_webhook(telegram, settings.public_url, webhook_secret(plant))
            await asyncio.Event().wait()
        else:
            await Poller(telegram, plant.database, now).run()
    finally:
        await telegram.stop()


def _mount_desk(app: FastAPI, plant: Plant, turns: Turns, now: Callable[[], datetime]) -> None:
    # read by the desk's framework at import: without it a folder would appear where the process was started
    os.environ.setdefault("NICEGUI_STORAGE_PATH", str((plant.settings.data_dir / "desk").resolve()))
    from console.desk import Desk
    from console.mount import mount

    def nudge(ids: list[int]) -> None:
        asyncio.run_coroutine_threadsafe(turns.after_commit(ids), app.state.loop)

    secure = plant.settings.public_url.startswith("https")
    mount(app, Desk(plant.database, plant.house, session_secret(plant.settings), now, nudge, secure))


async def _busy(request: Request, _error: Exception) -> JSONResponse:
    sentence = request.app.state.turns.house.texts.say("other.trouble")
    return JSONResponse({"error": sentence}, status_code=503, headers={"Retry-After": "2"})


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortInUseError(f"port {port} on {host} is already in use; set JIANFU_PORT") from error
            raise
