"""The webhooks' routes: each stores what came, and answers when it is stored. Nothing is handled here."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from mentorium_core.inbox.commands import store
from mentorium_core.inbox.rules import read_update
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error, from_the_start, inbox_updates

TELEGRAM_PATH: Final = "/webhooks/telegram"
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - its name, not the secret
_LARGEST_BODY: Final = 1_000_000
_SECONDS_TO_REPEAT: Final = "5"

logger = get_logger(__name__)


def telegram_routes(
    bot_id: int,
    secret: str,
    on_not_stored: Callable[[Mapping[str, Any]], Awaitable[None]],
    on_stored: Callable[[], None],
) -> APIRouter:
    """`POST /webhooks/telegram` (https://core.telegram.org/bots/api#setwebhook).

    401 without the secret; 200 after one INSERT, also for what comes again; 503 where it could not be stored: Telegram
    repeats it, and `on_not_stored` may tell whoever waits, until `on_stored` says that it is over. What has no usable
    id is refused for good, with 200, since Telegram would repeat it for ever.
    """
    routes = APIRouter()
    from_the_start(inbox_updates, status=("stored",))

    @routes.post(TELEGRAM_PATH)
    async def take_update(request: Request) -> Response:
        told = request.headers.get(SECRET_HEADER, "")
        if not secret or not hmac.compare_digest(told.encode(), secret.encode()):
            logger.warning("webhook_without_secret")
            return Response(status_code=HTTPStatus.UNAUTHORIZED)
        raw = await _read(request)
        if raw is None:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        if (update := read_update(raw)) is None:
            logger.error("update_without_id", kinds=sorted(raw.keys() - {"update_id"}))
            return Response(status_code=HTTPStatus.OK)
        try:
            await store(bot_id, update)
        except (UnavailableError, OutcomeUnknownError) as error:
            count_error(error)
            logger.error("update_not_stored", code=error.code, update_id=update.update_id)
            await on_not_stored(raw)
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": _SECONDS_TO_REPEAT})
        inbox_updates.labels(status="stored").inc()
        on_stored()
        return Response(status_code=HTTPStatus.OK)

    return routes


async def _read(request: Request) -> dict[str, Any] | None:
    """The JSON object of the body; None for anything else, or for more than Telegram ever sends."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST_BODY:
            return None
    try:
        raw = json.loads(bytes(body))
    except (ValueError, RecursionError):
        return None
    return raw if isinstance(raw, dict) else None
