"""The webhook: any process takes an update; it is acknowledged only after its commit."""

import hashlib
from hmac import compare_digest

import structlog
from fastapi import APIRouter, Request, Response
from telegram import Update

from bot.channels.telegram.bot import ALLOWED, TelegramBot

log = structlog.get_logger()

HEADER = "x-telegram-bot-api-secret-token"
PATH = "/telegram/webhook"
MOST_BYTES = 1_000_000


def secret_of(token: str, secret: str) -> str:
    """The secret Telegram sends along, derived so that it needs no setting of its own."""
    return hashlib.sha256(f"telegram webhook\0{token}\0{secret}".encode()).hexdigest()


async def set_webhook(telegram: TelegramBot, public_url: str, secret: str) -> None:
    """Tell Telegram where we are."""
    await telegram.bot.set_webhook(
        f"{public_url.rstrip('/')}{PATH}", secret_token=secret, allowed_updates=ALLOWED, max_connections=40
    )


def webhook_routes(secret: str) -> APIRouter:
    """The one route; it finds its `TelegramBot` in `app.state.telegram`."""
    router = APIRouter()

    async def take(request: Request) -> Response:
        if not compare_digest(request.headers.get(HEADER, ""), secret):
            return Response(status_code=403)
        body = await request.body()
        if len(body) > MOST_BYTES:
            return Response(status_code=413)
        telegram: TelegramBot = request.app.state.telegram
        update = Update.de_json(await request.json(), telegram.bot)
        if update is not None:
            await telegram.process(update)
        return Response(status_code=200)

    router.add_api_route(PATH, take, methods=["POST"], include_in_schema=False)
    return router
