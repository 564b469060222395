"""A call to a webhook is timed and has one line; its id goes on with what it brought, into whichever process."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from prometheus_client import REGISTRY

import mentorium_db
from mentorium_domain.enums import WebhookStatus
from mentorium_kit import clock
from tests.conformance.payme_client import Merchant, new_id
from tests.fixtures.databases import SessionFactory
from tests.fixtures.log_lines import reading_the_log
from tests.integration.core.billing.till import new_parent
from tests.integration.telegram_bot.test_payme import Shop, client_of, merchant_at, rows, settings_of


def counted(provider: str) -> dict[WebhookStatus, float]:
    """How many calls were timed, by their status."""
    name = "webhook_duration_seconds_count"
    return {
        status: REGISTRY.get_sample_value(name, {"provider": provider, "status": status}) or 0.0
        for status in WebhookStatus
    }


async def status_of(merchant: Merchant, method: str, key: str | None = None) -> WebhookStatus:
    """What the metrics call one more call of PayMe's."""
    before = counted("payme")
    await merchant.call(method, {"id": new_id()}, authorization=key)
    (status,) = [status for status, count in counted("payme").items() if count > before[status]]
    return status


async def test_calls_are_told_apart_by_what_became_of_them(
    monkeypatch: pytest.MonkeyPatch, session_factory: SessionFactory, bot_dsn: str, redis_url: str
) -> None:
    async with client_of(settings_of(monkeypatch, bot_dsn, redis_url)) as client:
        merchant = merchant_at(client)
        assert await status_of(merchant, "CheckTransaction") is WebhookStatus.ANSWERED, "a refusal is an answer"
        assert await status_of(merchant, "CheckTransaction", "Basic bm86bm8=") is WebhookStatus.REFUSED
    await mentorium_db.dispose()
    away = bot_dsn.replace(urlsplit(bot_dsn).netloc, "nobody@127.0.0.1:9")
    async with client_of(settings_of(monkeypatch, away, redis_url)) as client:
        assert await status_of(merchant_at(client), "CheckTransaction") is WebhookStatus.FAILED
    await mentorium_db.dispose()


async def test_a_payment_is_followed_from_its_call_to_the_message_it_leaves(
    monkeypatch: pytest.MonkeyPatch, session_factory: SessionFactory, bot_dsn: str, redis_url: str
) -> None:
    async with client_of(settings_of(monkeypatch, bot_dsn, redis_url)) as client:
        shop = Shop(merchant_at(client), *await new_parent(clock.now()))
        with reading_the_log("webhook-app") as log:
            await shop.paid()
        (message,) = await rows("SELECT trace_id FROM notifications")
    lines = log.of("webhook_answered")
    assert {line["trace_id"] for line in lines} > {message["trace_id"]}, "each call has an id of its own"
    (call,) = [line for line in lines if line["trace_id"] == message["trace_id"]]
    assert (call["provider"], call["status"], call["became"]) == ("payme", "answered", "SUCCESS")
    assert (call["process"], call["handler"]) == ("webhook-app", "payme_webhook")
    assert call["duration_ms"] >= 0
