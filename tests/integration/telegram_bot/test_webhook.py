"""Webhook mode: the webhook app stores what comes and answers when it is stored; the bot takes it from there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

import mentorium_db
from mentorium_bot import webhook_app
from mentorium_bot.config import BotSettings, WebhookAppSettings
from mentorium_bot.handlers import webhooks
from mentorium_bot.webhook_app import build as build_app
from mentorium_core.i18n import t
from mentorium_kit.errors import UnavailableError
from mentorium_runtime.settings import SettingsError, load
from mentorium_sandbox.servers.process import free_port
from tests.fixtures.log_lines import reading_the_log
from tests.integration.telegram_bot.conftest import Outside, running
from tests.integration.telegram_bot.helpers import chat_of, plain, until
from tests.integration.telegram_bot.intake.test_polling import all_ended, assert_emptied, inbox

SECRET = "a-secret-of-the-tests"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


def update(user: int, update_id: int = 5, words: str = "/help") -> dict[str, Any]:
    person = {"id": user, "is_bot": False, "first_name": "P", "language_code": "en"}
    chat = {"id": user, "type": "private", "first_name": "P"}
    message = {"message_id": 1, "date": 1_800_000_000, "chat": chat, "from": person, "text": words}
    return {"update_id": update_id, "message": message}


def checkout(user: int) -> dict[str, Any]:
    person = {"id": user, "is_bot": False, "first_name": "P", "language_code": "ru"}
    query = {"id": "77", "from": person, "currency": "XTR", "total_amount": 500, "invoice_payload": "mnt"}
    return {"update_id": 6, "pre_checkout_query": query}


@pytest.fixture
def webhook(settings: BotSettings, monkeypatch: pytest.MonkeyPatch) -> BotSettings:
    monkeypatch.setenv("BOT_MODE", "webhook")
    monkeypatch.setenv("BOT_WEBHOOK_URL", f"http://127.0.0.1:{free_port()}/webhooks/telegram")
    monkeypatch.setenv("BOT_WEBHOOK_SECRET", SECRET)
    changed = {
        "bot_mode": "webhook",
        "bot_webhook_secret": SecretStr(SECRET),
        "bot_webhook_url": "http://127.0.0.1:9/x",
    }
    return settings.model_copy(update=changed)


@pytest_asyncio.fixture
async def app(webhook: BotSettings) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build_app(load(WebhookAppSettings, _env_file=None)))
    async with httpx.AsyncClient(transport=transport, base_url="http://webhook") as client:
        yield client
    await mentorium_db.dispose()


async def test_what_is_posted_is_stored_once_and_handled_by_a_bot(
    outside: Outside, webhook: BotSettings, app: httpx.AsyncClient
) -> None:
    user = await outside.user()
    async with running(webhook):
        for _ in range(2):
            answer = await app.post("/webhooks/telegram", json=update(user), headers=HEADERS)
            assert answer.status_code == 200

        async def is_answered() -> bool:
            return bool((await chat_of(outside, user)).messages)

        await until(is_answered)
        await until(all_ended)
    assert len((await chat_of(outside, user)).messages) == 1


async def test_two_bots_share_one_inbox_and_tell_telegram_once(
    outside: Outside, webhook: BotSettings, app: httpx.AsyncClient
) -> None:
    """durability 10: two processes at once handle each update once."""
    users = [await outside.user() for _ in range(4)]
    other = webhook.model_copy(update={"bot_health_port": 8012})
    async with running(webhook), running(other):
        for number in range(40):
            sent = update(users[number % 4], number, "/terms")
            assert (await app.post("/webhooks/telegram", json=sent, headers=HEADERS)).status_code == 200

        async def all_are_answered() -> bool:
            return [len((await chat_of(outside, user)).messages) for user in users] == [10] * 4

        await until(all_are_answered)
        await until(all_ended)
        assert len(await outside.sandbox.bot_calls("setWebhook")) == 1
    assert_emptied(await inbox())
    assert [len((await chat_of(outside, user)).messages) for user in users] == [10] * 4


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET[:-1]])
async def test_nobody_else_gets_anything_in(app: httpx.AsyncClient, secret: str) -> None:
    answer = await app.post("/webhooks/telegram", json=update(1), headers={"X-Telegram-Bot-Api-Secret-Token": secret})
    assert answer.status_code == 401
    assert await inbox() == []


@pytest.mark.parametrize("path", ["/webhooks/telegram/", "/health/", "/nothing/"])
async def test_nobody_is_sent_to_a_host_that_the_caller_names(app: httpx.AsyncClient, path: str) -> None:
    answer = await app.post(path, headers={**HEADERS, "Host": "evil.example"})
    assert (answer.status_code, answer.headers.get("Location")) == (404, None)


async def test_strangers_write_one_line_a_minute_into_the_log(webhook: BotSettings) -> None:
    """Whoever can call may call a thousand times a second: that is to fill no disk."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": "wrong"}
    with reading_the_log() as log:
        transport = httpx.ASGITransport(build_app(load(WebhookAppSettings, _env_file=None)))
        async with httpx.AsyncClient(transport=transport, base_url="http://webhook") as client:
            for _ in range(50):
                assert (await client.post("/webhooks/telegram", json=update(1), headers=headers)).status_code == 401
    await mentorium_db.dispose()
    assert [line["event"] for line in log.all()] == ["webhook_without_secret"]


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b"[" * 100_000, b"\xff\xfe", b"{" + b" " * 1_000_001])
async def test_what_is_no_update_is_refused(app: httpx.AsyncClient, body: bytes) -> None:
    answer = await app.post("/webhooks/telegram", content=body, headers=HEADERS)
    assert answer.status_code == 400
    assert await inbox() == []


async def test_what_cannot_be_stored_is_not_confirmed_and_whoever_waits_hears_so(
    outside: Outside, webhook: BotSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkout is turned down: Telegram waits ten seconds for it."""
    user = await outside.user()
    await mentorium_db.dispose()
    monkeypatch.setenv("BOT_DB_URL", f"postgresql://nobody@127.0.0.1:{free_port()}/nothing")
    transport = httpx.ASGITransport(build_app(load(WebhookAppSettings, _env_file=None)))
    async with httpx.AsyncClient(transport=transport, base_url="http://webhook") as client:
        for _ in range(2):
            for posted in (update(user), checkout(user)):
                answer = await client.post("/webhooks/telegram", json=posted, headers=HEADERS)
                assert answer.status_code == 503

        async def has_heard() -> bool:
            turned_down = outside.world.journal.read(method="answerPreCheckoutQuery")
            return bool((await chat_of(outside, user)).messages and turned_down)

        await until(has_heard)
        await asyncio.sleep(0)
    await mentorium_db.dispose()
    assert plain((await chat_of(outside, user)).messages) == t("en", "inbox-kept")
    (answer_to,) = outside.world.journal.read(method="answerPreCheckoutQuery")
    assert answer_to["params"]["pre_checkout_query_id"] == "77"
    assert str(answer_to["params"]["ok"]).lower() == "false"
    assert answer_to["params"]["error_message"] == t("ru", "inbox-checkout-not-now")


async def test_each_outage_is_told_once(
    outside: Outside, webhook: BotSettings, app: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where ten write at once, and where one outage follows another closely."""
    user = await outside.user()
    monkeypatch.setattr(webhook_app, "_CALM_S", 0.0)
    away = True

    async def store_unless_away(*_: object) -> None:
        if away:
            raise UnavailableError("bot_db_unavailable")

    monkeypatch.setattr(webhooks, "store", store_unless_away)
    for outages in (1, 2):
        away = True
        posts = [app.post("/webhooks/telegram", json=update(user, number), headers=HEADERS) for number in range(10)]
        assert {answer.status_code for answer in await asyncio.gather(*posts)} == {503}

        async def have_heard(outages: int = outages) -> bool:
            return len((await chat_of(outside, user)).messages) >= outages

        await until(have_heard)
        await asyncio.sleep(0.2)
        assert len((await chat_of(outside, user)).messages) == outages
        away = False
        assert (await app.post("/webhooks/telegram", json=update(user, 99), headers=HEADERS)).status_code == 200


def test_without_a_secret_there_is_no_webhook(webhook: BotSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_WEBHOOK_SECRET", "short")
    with pytest.raises(SettingsError, match="BOT_WEBHOOK_SECRET"):
        load(WebhookAppSettings, _env_file=None)


async def test_an_update_bears_one_id_in_the_webhook_app_and_in_the_bot(
    outside: Outside, webhook: BotSettings, app: httpx.AsyncClient
) -> None:
    """operators F9: a repeat is told apart, and is handled by nobody."""
    user = await outside.user()
    with reading_the_log() as log:
        async with running(webhook):
            for _ in range(2):
                await app.post("/webhooks/telegram", json=update(user), headers=HEADERS)
            await until(all_ended)
        (handled,) = log.of("update_handled")
        stored, repeated = log.of("webhook_answered")
    assert stored["trace_id"] == handled["trace_id"] != repeated["trace_id"]
    assert (stored["provider"], stored["status"], stored["update_kind"]) == ("telegram", "answered", "message")
    assert "message_sent" in {line["event"] for line in log.all() if line.get("trace_id") == stored["trace_id"]}
