"""The HTTP app on port 8001: `python -m mentorium_bot.webhook_app`.

It takes Telegram's updates in webhook mode, and payments of each provider whose secrets are set; health, and the
metrics of all processes here.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI
from redis.asyncio import Redis
from starlette.routing import BaseRoute, Route

import mentorium_db
from mentorium_bot.config import WebhookAppSettings
from mentorium_bot.handlers.card_page import CardPages
from mentorium_bot.handlers.unsubscribe import UnsubscribePages
from mentorium_bot.handlers.webhooks import click_routes, payme_routes, telegram_routes
from mentorium_bot.services.payment.addresses import PAYME_ADDRESSES, CallerAddresses
from mentorium_bot.services.payment.click import ClickKeys
from mentorium_bot.services.payment.click_shop import ClickShop
from mentorium_bot.services.payment.payme import PaymeMerchant
from mentorium_bot.services.payment.payme_cards import PaymeCards
from mentorium_bot.views.card_page import CardSite
from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.card_page import OpenCardPage, SaveCard
from mentorium_core.billing.click import CompleteClickPayment, PrepareClickPayment
from mentorium_core.identity.hashing import derive_hmac_key
from mentorium_core.notifications.email_channel import Unsubscribe
from mentorium_core.notifications.email_links import EmailLinks
from mentorium_db.dsn import database_name
from mentorium_kit import clock
from mentorium_kit.nursery import Nursery
from mentorium_observability import flush_sentry, get_logger
from mentorium_observability.health import Health, LastOutcome
from mentorium_observability.metrics import count_error
from mentorium_runtime import probes
from mentorium_runtime.fiscal import fiscal_terms
from mentorium_runtime.health_app import HealthApp
from mentorium_runtime.health_watch import watch_health
from mentorium_runtime.heap_watch import give_back_memory
from mentorium_runtime.http_server import serving
from mentorium_runtime.process import run_as_process
from mentorium_runtime.settings import secret_value
from mentorium_runtime.signals import LONGEST_STOP_S, stop_on_signals

PROCESS: Final = "webhook-app"
GRACE_S: Final = 10
_REDIS_TIMEOUT_S: Final = 2.0
_LAST_WORDS_S: Final = 2.0
_CALM_S: Final = 5.0
"""An outage is over when something is stored that long after the last that was not."""

logger = get_logger(__name__)


def build(settings: WebhookAppSettings) -> FastAPI:
    """The app; nothing is connected to yet."""
    clock.configure(settings.clock_file)
    application = f"mentorium-webhook-{settings.webhook_port}"
    mentorium_db.configure(settings.database_dsn, application=application)
    redis = Redis.from_url(settings.redis_dsn, socket_timeout=_REDIS_TIMEOUT_S, socket_connect_timeout=_REDIS_TIMEOUT_S)
    if settings.platform_db_url is not None:
        mentorium_db.configure_platform(settings.platform_db_url.get_secret_value(), application=application)
    payme_seen = LastOutcome()
    parts = [probes.bot_database(), probes.platform_database(), probes.redis(redis)]
    if settings.card_page_url is not None:
        parts.append(probes.as_last_seen("payme", payme_seen))
    health = Health(parts)
    outage = OutageVoice(settings)

    async def close() -> None:
        await outage.close()
        await redis.aclose()

    app = FastAPI(
        title="Mentorium",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(health, close),
    )
    if settings.bot_mode == "webhook":
        bot_id = int(secret_value(settings.bot_telegram_token).partition(":")[0])
        app.include_router(
            telegram_routes(bot_id, secret_value(settings.bot_webhook_secret), outage.speak, outage.may_be_over)
        )
    app.router.routes.extend(_payment_routes(settings, payme_seen))
    app.router.routes.extend(_letter_routes(settings))
    app.state.health = health
    health_app = HealthApp(health)
    app.router.routes.extend(Route(path, health_app) for path in health_app.paths)
    return app


def _payment_routes(settings: WebhookAppSettings, payme_seen: LastOutcome) -> Iterator[BaseRoute]:
    """Of the providers whose secrets are set, offered (any more) or not: what was begun is finished."""
    book = PaymentBook(settings.grace)
    if settings.payme_keys:
        merchant = PaymeMerchant(
            settings.payme_keys,
            settings.payme_login,
            settings.payme_busy_code,
            fiscal_terms(settings),
            PaymentBook(settings.grace, offers_card=settings.card_page_url is not None),
        )
        allowed = None if settings.payme_allow_any_address else PAYME_ADDRESSES
        yield from payme_routes(merchant, CallerAddresses(settings.trusted_proxy_header, allowed))
    if settings.click_service_id and settings.click_secret_key:
        old_key = secret_value(settings.click_secret_key_old) or None
        keys = ClickKeys(settings.click_service_id, secret_value(settings.click_secret_key), old_key)
        complete = CompleteClickPayment(book, strict=settings.click_strict_trans_id)
        shop = ClickShop(keys, PrepareClickPayment(book, settings.click_commission_percent), complete)
        yield from click_routes(shop, CallerAddresses(settings.trusted_proxy_header))
    yield from _card_routes(settings, payme_seen)


def _card_routes(settings: WebhookAppSettings, payme_seen: LastOutcome) -> Sequence[BaseRoute]:
    """Of the page on which a card is given, where it is offered."""
    if settings.card_page_url is None or settings.payme_merchant_id is None:
        return []
    merchant_id, url = settings.payme_merchant_id, settings.payme_api_url
    cards = PaymeCards(url, merchant_id, secret_value(settings.payme_subscribe_key), payme_seen)
    site = CardSite(url, merchant_id, f"{settings.card_page_url}/save")
    addresses = CallerAddresses(settings.trusted_proxy_header)
    return CardPages(site, OpenCardPage(settings.grace), SaveCard(cards, settings.grace), addresses).routes()


def _letter_routes(settings: WebhookAppSettings) -> Sequence[BaseRoute]:
    """Of the link that ends letters, whether or not they are offered (any more). It is signed with the bot's token."""
    token = secret_value(settings.bot_telegram_token)
    if settings.letters_base_url is None:
        return []
    if not token:
        logger.warning("unsubscribe_not_offered", reason="BOT_TELEGRAM_TOKEN is not set for this app")
        return []
    return UnsubscribePages(Unsubscribe(EmailLinks(derive_hmac_key(token)))).routes()


class OutageVoice:
    """Says to whoever writes while nothing can be stored that the message is here. Made when it is first needed:
    the library that it speaks with is large, and outages are rare.
    """

    def __init__(self, settings: WebhookAppSettings) -> None:
        self._settings = settings
        self._nursery = Nursery(on_error=_report)
        self._notices: Any = None
        self._bot: Any = None
        self._said_at = 0.0
        self._making = asyncio.Lock()

    async def speak(self, raw: Mapping[str, Any]) -> None:
        async with self._making:
            if self._notices is None:
                self._bot, self._notices = await asyncio.to_thread(self._make)
        self._said_at = asyncio.get_running_loop().time()
        self._notices.outage(raw)

    def may_be_over(self) -> None:
        """Something was stored: whoever writes in the next outage is told again."""
        if self._notices is not None and asyncio.get_running_loop().time() - self._said_at > _CALM_S:
            self._notices.outage_is_over()

    async def close(self) -> None:
        await self._nursery.drain(_LAST_WORDS_S)
        if self._bot is not None:
            await self._bot.session.close()

    def _make(self) -> tuple[Any, Any]:
        notices = importlib.import_module("mentorium_bot.intake.notices")
        telegram = importlib.import_module("mentorium_gateways.telegram")
        bot = telegram.make_bare_bot(
            secret_value(self._settings.bot_telegram_token), self._settings.bot_telegram_api_url
        )
        return bot, notices.Notices(bot, self._nursery)


def _report(task_name: str, error: BaseException) -> None:
    count_error(error)
    logger.error("detached_work_failed", task_name=task_name, exc_info=error)


def _lifespan(
    health: Health, close: Callable[[], Awaitable[None]]
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        nursery = Nursery(on_error=_report)
        watching = nursery.start(watch_health(health, PROCESS), name="health", fresh_context=True)
        giving_back = nursery.start(give_back_memory(), name="heap", fresh_context=True)
        yield
        health.close()
        watching.cancel()
        giving_back.cancel()
        await nursery.drain(_LAST_WORDS_S)
        await close()
        await mentorium_db.dispose()
        await flush_sentry()

    return lifespan


async def run(settings: WebhookAppSettings) -> None:
    """Serve until SIGTERM or SIGINT; requests in hand are finished."""
    stopping, app = stop_on_signals(LONGEST_STOP_S), build(settings)
    async with serving(app, settings.webhook_host, settings.webhook_port, grace_s=GRACE_S, lifespan=True):
        logger.info("webhook_app_started", mode=settings.bot_mode, database=database_name(settings.database_dsn))
        await stopping.wait()
        app.state.health.close()


def main() -> None:
    """Exit status 2 for a setting that is wrong, 1 where the port is taken."""
    run_as_process("mentorium_bot.webhook_app", WebhookAppSettings, run, process=PROCESS)


if __name__ == "__main__":
    main()
