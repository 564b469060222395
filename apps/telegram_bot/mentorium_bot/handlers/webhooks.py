"""The webhooks' routes. Telegram's stores what came and answers when it is stored: nothing is handled here. A payment
provider's is answered by what its translation says (`services/payment`), with HTTP 200 whatever comes.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mentorium_bot.services.payment.addresses import CallerAddresses
from mentorium_bot.services.payment.click_shop import ClickRequest, ClickShop
from mentorium_bot.services.payment.payme import PaymeMerchant, answer_payme
from mentorium_bot.services.payment.payme_rpc import INVALID_REQUEST, NOT_POST, SYSTEM_ERROR, envelope, fault
from mentorium_bot.webhook_call import WebhookCall, show_webhook, webhook_call
from mentorium_core.billing.click_rules import ClickAction
from mentorium_core.billing.provider_calls import Answered
from mentorium_core.billing.providers import TERMS
from mentorium_core.inbox.commands import store
from mentorium_core.inbox.rules import read_update, trace_of_update
from mentorium_domain.enums import PaymentStatus, ProviderName, WebhookStatus
from mentorium_domain.inbox import IncomingUpdate
from mentorium_kit import clock
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_kit.trace import tracing
from mentorium_observability import get_logger
from mentorium_observability.at_most_every import LogThrottle
from mentorium_observability.metrics import PAYMENT_STATUSES, count_error, from_the_start, inbox_updates, payments
from mentorium_observability.sentry_config import add_parameters

TELEGRAM_PATH: Final = "/webhooks/telegram"
PAYME_PATH: Final = "/webhooks/payme"
CLICK_PATHS: Final = {
    "/webhooks/click/prepare": ClickAction.PREPARE,
    "/webhooks/click/complete": ClickAction.COMPLETE,
}
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - its name, not the secret
_LARGEST_BODY: Final = 1_000_000
_LARGEST_CALL: Final = 64_000
_ANSWERED_WITHIN_S: Final = 15
"""Of a provider's call, its body included: who waits longer has hung up, and comes again."""
_SECONDS_TO_REPEAT: Final = "5"
_TELEGRAM: Final = "telegram"
_PAYME: Final = TERMS[ProviderName.PAYME].label
_CLICK: Final = TERMS[ProviderName.CLICK].label

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
    routes, strangers = APIRouter(), LogThrottle()
    from_the_start(inbox_updates, status=("stored", "repeated"))
    show_webhook(_TELEGRAM)

    @routes.post(TELEGRAM_PATH)
    async def take_update(request: Request) -> Response:
        with webhook_call(_TELEGRAM) as call:
            told = request.headers.get(SECRET_HEADER, "")
            if not secret or not hmac.compare_digest(told.encode(), secret.encode()):
                call.status = WebhookStatus.REFUSED
                if calls := strangers.count():
                    logger.warning("webhook_without_secret", calls=calls)
                return Response(status_code=HTTPStatus.UNAUTHORIZED)
            raw = await _read(request)
            if raw is None:
                call.status = WebhookStatus.REFUSED
                return Response(status_code=HTTPStatus.BAD_REQUEST)
            if (update := read_update(raw)) is None:
                call.status = WebhookStatus.REFUSED
                logger.error("update_without_id", kinds=sorted(raw.keys() - {"update_id"}))
                return Response(status_code=HTTPStatus.OK)
            if not await _store(bot_id, update, call):
                await on_not_stored(raw)
                return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": _SECONDS_TO_REPEAT})
            on_stored()
            return Response(status_code=HTTPStatus.OK)

    return routes


async def _store(bot_id: int, update: IncomingUpdate, call: WebhookCall) -> bool:
    """False where it could not be stored. Its trace id is the one that it is handled under, in whichever process."""
    came_at = clock.now()
    call.trace_id = trace_of_update(bot_id, update.update_id, came_at)
    call.fields = {"update_id": update.update_id, "update_kind": update.kind}
    with tracing(call.trace_id):
        try:
            is_new = await store(bot_id, update, came_at)
        except (UnavailableError, OutcomeUnknownError) as error:
            count_error(error)
            logger.error("update_not_stored", code=error.code, update_id=update.update_id)
            return False
    inbox_updates.labels(status="stored" if is_new else "repeated").inc()
    call.status = WebhookStatus.ANSWERED
    return True


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


def payme_routes(merchant: PaymeMerchant, addresses: CallerAddresses) -> list[Route]:
    """`POST /webhooks/payme`: HTTP 200 to every method and body, since PayMe reads no other status."""
    show_webhook(_PAYME)
    from_the_start(payments, provider=(_PAYME,), status=PAYMENT_STATUSES)
    return _with_and_without_slash(PAYME_PATH, _PaymeEndpoint(merchant, addresses))


def _with_and_without_slash(path: str, endpoint: ASGIApp) -> list[Route]:
    """As it may have been typed into a provider's cabinet: a redirection is an error to each of them."""
    return [Route(path, endpoint), Route(f"{path}/", endpoint)]


class _PaymeEndpoint:
    """An ASGI application, so that no framework answers for it: 405 to GET, or 422."""

    def __init__(self, merchant: PaymeMerchant, addresses: CallerAddresses) -> None:
        self._merchant = merchant
        self._addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(ClientDisconnect), webhook_call(_PAYME) as call:
            try:
                async with asyncio.timeout(_ANSWERED_WITHIN_S):
                    answered = await self._answer(Request(scope, receive))
            except TimeoutError as error:
                count_error(error, of_payment=True)
                logger.error("payme_not_answered", code="deadline_exceeded")
                answered = Answered(envelope(None, fault(SYSTEM_ERROR)), status=WebhookStatus.FAILED)
            count_payment(ProviderName.PAYME, answered.became)
            call.fields = {"became": answered.became}
            headers = {"Content-Type": "application/json; charset=UTF-8", "Cache-Control": "no-store"}
            await Response(answered.text.encode(), headers=headers)(scope, receive, send)
            call.status = answered.status

    async def _answer(self, request: Request) -> Answered:
        if request.method != "POST":
            return Answered(envelope(None, fault(NOT_POST)), status=WebhookStatus.REFUSED)
        body = await _whole_call(request)
        if body is None:
            return Answered(envelope(None, fault(INVALID_REQUEST)), status=WebhookStatus.REFUSED)
        remote = self._addresses.of(request)
        authorization = request.headers.get("Authorization", "")
        known = self._addresses.are_known(remote)
        return await answer_payme(self._merchant, body, authorization, remote=remote, known_address=known)


def click_routes(shop: ClickShop, addresses: CallerAddresses) -> list[Route]:
    """Click's Prepare and Complete: HTTP 200 and JSON to every method and body, since Click reads nothing else."""
    show_webhook(_CLICK)
    from_the_start(payments, provider=(_CLICK,), status=PAYMENT_STATUSES)
    return [
        route
        for path, action in CLICK_PATHS.items()
        for route in _with_and_without_slash(path, _ClickEndpoint(shop, action, addresses))
    ]


class _ClickEndpoint:
    """An ASGI application, so that no framework answers for it: 405 to PUT, or 422."""

    def __init__(self, shop: ClickShop, action: ClickAction, addresses: CallerAddresses) -> None:
        self._shop = shop
        self._action = action
        self._addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(ClientDisconnect), webhook_call(_CLICK) as call:
            answered = await self._answer(Request(scope, receive))
            count_payment(ProviderName.CLICK, answered.became)
            call.fields = {"action": self._action.name.lower(), "became": answered.became}
            headers = {"Content-Type": "application/json; charset=UTF-8", "Cache-Control": "no-store"}
            await Response(answered.text.encode(), headers=headers)(scope, receive, send)
            call.status = answered.status

    async def _answer(self, request: Request) -> Answered:
        came = ClickRequest(self._action, request.method, request.scope["query_string"], None, None)
        add_parameters(provider=_CLICK, action=self._action.name.lower())
        try:
            async with asyncio.timeout(_ANSWERED_WITHIN_S):
                body = await _whole_call(request)
                remote = self._addresses.of(request)
                return await self._shop(replace(came, body=body, remote=remote))
        except ClientDisconnect:
            raise
        except Exception as error:  # an edge: whatever it is, Click is told to come again
            count_error(error, of_payment=True)
            logger.exception("click_not_answered", action=self._action.name.lower())
            return self._shop.come_again(self._action)


def count_payment(provider: ProviderName, became: PaymentStatus | None) -> None:
    """What a payment has become by a call whose commit stands; None: nothing new."""
    if became is not None:
        payments.labels(provider=TERMS[provider].label, status=became.value.lower()).inc()


async def _whole_call(request: Request) -> bytes | None:
    """The body, or None for one that is larger than any call; that is read to its end, so that the answer is heard."""
    body, too_large = bytearray(), False
    async for piece in request.stream():
        too_large = too_large or len(body) + len(piece) > _LARGEST_CALL
        if not too_large:
            body += piece
    return None if too_large else bytes(body)
