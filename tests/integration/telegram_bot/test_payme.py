"""PayMe's webhook and what it does to money: our own promises, beyond those of the protocol (tests/conformance)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

import mentorium_db
from mentorium_bot.config import WebhookAppSettings
from mentorium_bot.webhook_app import build as build_app
from mentorium_core.billing.payme import ExpirePaymeTransactions
from mentorium_core.billing.providers import MoneyState, ProviderPayment, RefundRefused
from mentorium_core.billing.reconcile import check_books
from mentorium_core.privacy.commands import erase_data
from mentorium_domain.enums import Currency, ProviderName
from mentorium_gateways.payments.payme import PaymeProvider
from mentorium_kit import clock
from mentorium_observability.metrics import payments
from mentorium_runtime.settings import SettingsError, load
from tests.conformance.payme_client import FreshOrder, Merchant, new_id, read_answer
from tests.fixtures.database_proxy import DatabaseProxy, database_proxy
from tests.fixtures.databases import SessionFactory
from tests.fixtures.log_lines import reading_the_log
from tests.fixtures.payme_shop import KEY, environment
from tests.integration.core.billing.till import Till, new_parent
from tests.integration.core.clock_in_hand import ClockInHand

TILL = Till()
RECEIPT = {"receipt_id": 7, "status_code": 0, "qr_code_url": "https://ofd.soliq.uz/check?t=EP1&r=7"}


class Shop:
    """One parent, and PayMe before our webhook app."""

    def __init__(self, merchant: Merchant, parent_id: int, telegram_id: int) -> None:
        self.merchant = merchant
        self.parent_id = parent_id
        self.telegram_id = telegram_id

    async def order(self, provider: ProviderName = ProviderName.PAYME) -> FreshOrder:
        made = await TILL.order(self.parent_id, clock.now(), provider=provider)
        return FreshOrder(made.public_id, made.amount_minor)

    async def begun(self) -> tuple[FreshOrder, str]:
        return await self.merchant.created(await self.order())

    async def paid(self) -> tuple[FreshOrder, str]:
        order, payme_id = await self.begun()
        assert (await self.merchant.perform(payme_id)).ok["state"] == 2
        return order, payme_id

    async def told(self) -> list[str]:
        """What the parent is sent, oldest first."""
        found = await rows("SELECT message FROM notifications ORDER BY id")
        return [row["message"] for row in found]


async def rows(statement: str) -> list[Mapping[str, Any]]:
    async with mentorium_db.get_session() as session:
        connection = await (await session.connection()).get_raw_connection()
        driver = connection.driver_connection
        assert driver is not None
        return [dict(row) for row in await driver.fetch(statement)]


def _payme_time() -> int:
    return int(clock.now().timestamp() * 1000)


def counted(status: str) -> float:
    return float(payments.labels(provider="payme", status=status)._value.get())


def settings_of(monkeypatch: pytest.MonkeyPatch, dsn: str, redis: str, **more: str) -> WebhookAppSettings:
    for name, value in environment(dsn, redis, 1, more).items():
        monkeypatch.setenv(name, value)
    return load(WebhookAppSettings, _env_file=None)


def client_of(settings: WebhookAppSettings) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(build_app(settings)), base_url="http://webhook")


def merchant_at(client: httpx.AsyncClient, key: str = KEY) -> Merchant:
    async def no_order() -> FreshOrder:
        raise AssertionError("orders are made by the test itself")

    return Merchant(client, "/webhooks/payme", key, no_order)


@pytest.fixture
def settings(
    monkeypatch: pytest.MonkeyPatch, session_factory: SessionFactory, bot_dsn: str, redis_url: str
) -> WebhookAppSettings:
    return settings_of(monkeypatch, bot_dsn, redis_url)


@pytest_asyncio.fixture
async def shop(settings: WebhookAppSettings) -> AsyncIterator[Shop]:
    async with client_of(settings) as client:
        yield Shop(merchant_at(client), *await new_parent(clock.now()))


@pytest.fixture
def moved(shop: Shop, tmp_path: Path) -> Iterator[ClockInHand]:
    """The product's clock, to be moved."""
    file = tmp_path / "clock"
    file.write_text("0")
    clock.configure(file)
    yield ClockInHand(file)
    clock.configure(None)


async def test_a_payment_opens_access_once_and_tells_the_parent_once(shop: Shop) -> None:
    before = counted("success")
    _, payme_id = await shop.begun()
    answers = [await shop.merchant.perform(payme_id) for _ in range(3)]
    assert answers[0].ok["state"] == 2
    assert answers == [answers[0]] * 3
    (payment,) = await rows("SELECT * FROM payments")
    assert (payment["status"], payment["transaction_id"]) == ("SUCCESS", payme_id)
    assert [row["days"] for row in await rows("SELECT days FROM subscription_grants")] == [30]
    assert [row["event"] for row in await rows("SELECT event FROM ledger_entries")] == ["payment"]
    assert [row["status"] for row in await rows("SELECT status FROM orders")] == ["paid"]
    assert len(await shop.told()) == 1
    assert counted("success") == before + 1
    assert await check_books(clock.now()) == {}


async def test_a_refund_in_the_cabinet_takes_back_what_was_paid_for(shop: Shop) -> None:
    before = counted("refunded")
    _, payme_id = await shop.paid()
    for _ in range(2):
        assert (await shop.merchant.cancel(payme_id, 5)).ok["state"] == -2
    assert [row["status"] for row in await rows("SELECT status FROM payments")] == ["REFUNDED"]
    assert [row["status"] for row in await rows("SELECT status FROM subscriptions")] == ["CANCELLED"]
    assert len(await shop.told()) == 2
    assert counted("refunded") == before + 1
    assert await check_books(clock.now()) == {}


async def test_an_order_that_is_not_to_be_given_back_stays_paid(shop: Shop) -> None:
    _, payme_id = await shop.paid()
    await rows("UPDATE orders SET refundable = false RETURNING id")
    (await shop.merchant.cancel(payme_id, 5)).refused(-31007)
    assert (await shop.merchant.check(payme_id)).ok["state"] == 2


async def test_an_order_of_another_provider_is_refused(shop: Shop) -> None:
    order = await shop.order(ProviderName.CLICK)
    for answer in (await shop.merchant.check_perform(order), await shop.merchant.create(order, new_id())):
        answer.refused(-31054)


async def test_whoever_has_been_deleted_is_not_charged(shop: Shop) -> None:
    waiting, (_, begun) = await shop.order(), await shop.begun()
    await erase_data(shop.telegram_id)
    (await shop.merchant.create(waiting, new_id())).refused(-31053)
    (await shop.merchant.perform(begun)).refused(-31008)
    assert await rows("SELECT * FROM ledger_entries") == []
    assert (await shop.merchant.cancel(begun, 3)).ok["state"] == -1


async def test_a_refund_after_everything_was_deleted_is_booked(shop: Shop) -> None:
    _, payme_id = await shop.paid()
    await erase_data(shop.telegram_id)
    assert (await shop.merchant.cancel(payme_id, 5)).ok["state"] == -2
    assert [row["event"] for row in await rows("SELECT event FROM ledger_entries ORDER BY id")] == ["payment", "refund"]
    assert await check_books(clock.now()) == {}


async def test_an_order_is_begun_within_a_day_and_finished_after_it(shop: Shop, moved: ClockInHand) -> None:
    begun, late, payme_id = await shop.order(), await shop.order(), new_id()
    moved.to(timedelta(hours=23, minutes=59))
    assert (await shop.merchant.create(begun, payme_id, _payme_time())).ok["state"] == 1
    moved.to(timedelta(hours=25))
    (await shop.merchant.create(late, new_id(), _payme_time())).refused(-31053)
    (await shop.merchant.check_perform(late)).refused(-31053)
    assert (await shop.merchant.perform(payme_id)).ok["state"] == 2


async def test_the_sweeper_ends_what_payme_has_forgotten(shop: Shop, moved: ClockInHand) -> None:
    again, forgotten = await shop.begun()
    _, paid = await shop.paid()
    assert await ExpirePaymeTransactions()(clock.now()) == 0
    moved.to(timedelta(hours=12, seconds=1))
    order, fresh = await shop.order(), new_id()
    assert (await shop.merchant.create(order, fresh, _payme_time())).ok["state"] == 1
    assert [await ExpirePaymeTransactions()(clock.now()) for _ in range(2)] == [1, 0]
    states = {one: (await shop.merchant.check(one)).ok["state"] for one in (forgotten, paid, fresh)}
    assert states == {forgotten: -1, paid: 2, fresh: 1}
    assert (await shop.merchant.check(forgotten)).ok["reason"] == 4
    assert (await shop.merchant.check_perform(again)).ok["allow"] is True
    assert [row["status"] for row in await rows("SELECT status FROM payments ORDER BY id")] == [
        "FAILED",
        "SUCCESS",
        "PENDING",
    ]


async def test_the_receipt_reaches_the_parent_once(shop: Shop) -> None:
    _, payme_id = await shop.paid()
    params = {"id": payme_id, "type": "PERFORM", "fiscal_data": RECEIPT}
    for _ in range(2):
        assert (await shop.merchant.call("SetFiscalData", params)).ok == {"success": True}
    assert (await shop.merchant.call("SetFiscalData", {**params, "type": "CANCEL", "fiscal_data": {"r": 8}})).ok
    assert [row["receipt_url"] for row in await rows("SELECT receipt_url FROM payments")] == [RECEIPT["qr_code_url"]]
    told = [text for text in await shop.told() if str(RECEIPT["qr_code_url"]) in text]
    assert len(told) == 1
    (kept,) = await rows("SELECT fiscal_perform, fiscal_cancel FROM payme_transactions")
    assert kept["fiscal_perform"] == RECEIPT
    assert kept["fiscal_cancel"] == {"r": 8}


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://", "https://a b", "http://[", 7, "https://x/" + "y" * 500]
)
async def test_no_link_but_a_page_is_shown_to_a_parent(shop: Shop, url: object) -> None:
    _, payme_id = await shop.paid()
    params = {"id": payme_id, "type": "PERFORM", "fiscal_data": {"qr_code_url": url}}
    assert (await shop.merchant.call("SetFiscalData", params)).ok == {"success": True}
    assert len(await shop.told()) == 1
    assert [row["receipt_url"] for row in await rows("SELECT receipt_url FROM payments")] == [None]


async def test_checking_tells_what_the_fiscal_receipt_says(shop: Shop) -> None:
    order = await shop.order()
    said = (await shop.merchant.check_perform(order)).ok
    (item,) = said["detail"]["items"]
    assert said["detail"]["receipt_type"] == 0
    assert (item["price"], item["count"], item["vat_percent"]) == (order.amount, 1, 12)
    assert (item["code"], item["package_code"]) == ("10305008003000000", "1209885")
    assert "30" in item["title"]


async def test_what_was_said_is_kept_without_the_key_or_a_card(shop: Shop) -> None:
    order, payme_id = await shop.paid()
    card = "8600 4954 7331 6478"
    params = {"id": payme_id, "reason": 5, "card": {"number": card, "expire": "0399"}, "note": card, "token": "abc.def"}
    await shop.merchant.call("CancelTransaction", params)
    kept = await rows("SELECT * FROM provider_calls ORDER BY id")
    assert [row["method"] for row in kept] == ["CreateTransaction", "PerformTransaction", "CancelTransaction"]
    assert {row["order_public_id"] for row in kept} == {order.order_id}
    assert {row["provider"] for row in kept} == {"PAYME"}
    text = "".join(row["request"] + row["answer"] for row in kept)
    assert payme_id in text
    for secret in (KEY, card, "0399", "abc.def"):
        assert secret not in text


async def test_what_strangers_say_is_not_kept(shop: Shop) -> None:
    """Nor does each of them write a line into the log."""
    with reading_the_log() as log:
        for _ in range(20):
            (await shop.merchant.call("CheckTransaction", {"id": "x"}, authorization="Basic x")).refused(-32504)
    assert await rows("SELECT * FROM provider_calls") == []
    assert len(log.of("payme_stranger")) == 1


async def test_a_lost_answer_to_a_commit_is_asked_about(
    monkeypatch: pytest.MonkeyPatch, session_factory: SessionFactory, bot_dsn: str, redis_url: str
) -> None:
    """The commit stands and nobody was told so: the payment is given once, and PayMe hears what stands."""
    parent = await new_parent(clock.now())
    order = await TILL.order(parent[0], clock.now())
    await mentorium_db.dispose()
    async with (
        database_proxy(bot_dsn) as proxy,
        client_of(settings_of(monkeypatch, proxy.dsn, redis_url)) as client,
    ):
        merchant = merchant_at(client)
        _, payme_id = await merchant.created(FreshOrder(order.public_id, order.amount_minor))
        proxy.lose_answer_to = b"COMMIT"
        lost, _ = await asyncio.gather(merchant.perform(payme_id), _mended(proxy))
        again = await merchant.perform(payme_id)
        assert lost == again
        assert again.ok["state"] == 2
        assert len(await rows("SELECT * FROM subscription_grants")) == 1
        assert await check_books(clock.now()) == {}


async def _mended(proxy: DatabaseProxy) -> None:
    """Its first answer is lost, and no other."""
    await proxy.lost.wait()
    proxy.lose_answer_to = None


async def test_a_database_that_is_away_is_an_error_payme_comes_again_after(
    monkeypatch: pytest.MonkeyPatch, session_factory: SessionFactory, bot_dsn: str, redis_url: str
) -> None:
    await mentorium_db.dispose()
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    async with client_of(settings_of(monkeypatch, nowhere, redis_url)) as client:
        (await merchant_at(client).check(new_id())).refused(-32400)


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("185.234.113.7", True),
        ("203.0.113.9, 185.234.113.15", True),
        ("::ffff:185.234.113.1", True),
        ("185.234.113.7, 203.0.113.9", False),
        ("185.234.113.16", False),
        ("185.234.113.0", False),
        ("", False),
        ("rubbish", False),
        (None, False),
    ],
)
async def test_only_paymes_addresses_where_that_is_switched_on(
    monkeypatch: pytest.MonkeyPatch,
    session_factory: SessionFactory,
    bot_dsn: str,
    redis_url: str,
    told: str | None,
    known: bool,
) -> None:
    """As the proxy before us tells them: what stands before its own word may be the caller's."""
    switch = {"PAYME_ALLOW_ANY_ADDRESS": "false", "TRUSTED_PROXY_HEADER": "X-Forwarded-For"}
    async with client_of(settings_of(monkeypatch, bot_dsn, redis_url, **switch)) as client:
        client.headers.update({"X-Forwarded-For": told} if told is not None else {})
        answer = await merchant_at(client).check(new_id())
        answer.refused(-31003 if known else -32504)


async def test_the_sandboxs_key_opens_only_in_test_mode(
    monkeypatch: pytest.MonkeyPatch, session_factory: SessionFactory, bot_dsn: str, redis_url: str
) -> None:
    for mode, code in (("false", -32504), ("true", -31003)):
        more = {"PAYME_TEST_KEY": "the sandbox's", "PAYME_TEST_MODE": mode}
        async with client_of(settings_of(monkeypatch, bot_dsn, redis_url, **more)) as client:
            (await merchant_at(client, "the sandbox's").check(new_id())).refused(code)
            (await merchant_at(client).check(new_id())).refused(-31003)


async def test_the_code_for_a_second_payment_is_a_setting(
    monkeypatch: pytest.MonkeyPatch, session_factory: SessionFactory, bot_dsn: str, redis_url: str
) -> None:
    parent_id, telegram_id = await new_parent(clock.now())
    async with client_of(settings_of(monkeypatch, bot_dsn, redis_url, PAYME_BUSY_CODE="-31099")) as client:
        shop = Shop(merchant_at(client), parent_id, telegram_id)
        order, _ = await shop.begun()
        (await shop.merchant.create(order, new_id())).refused(-31099)


async def test_without_the_secrets_there_is_no_webhook(
    monkeypatch: pytest.MonkeyPatch, bot_dsn: str, redis_url: str
) -> None:
    settings = settings_of(monkeypatch, bot_dsn, redis_url).model_copy(update={"payme_secret_key": None})
    async with client_of(settings) as client:
        assert (await client.post("/webhooks/payme")).status_code == 404
    await mentorium_db.dispose()


@pytest.mark.parametrize("name", ["FISCAL_IKPU", "FISCAL_PACKAGE_CODE", "FISCAL_VAT_PERCENT"])
def test_in_production_it_does_not_start_without_what_a_receipt_needs(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with pytest.raises(SettingsError, match=name):
        settings_of(monkeypatch, "postgresql://u:p@h/d", "redis://h", **{name: ""})
    for more in ({"PAYME_TEST_MODE": "true"}, {"PAYMENT_PROVIDERS": "stars"}, {"PAYME_SECRET_KEY": ""}):
        settings_of(monkeypatch, "postgresql://u:p@h/d", "redis://h", **{name: "", **more})


def test_addresses_need_a_proxy_that_tells_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="TRUSTED_PROXY_HEADER"):
        settings_of(monkeypatch, "postgresql://u:p@h/d", "redis://h", PAYME_ALLOW_ANY_ADDRESS="false")


@pytest.mark.parametrize("body", [b'{"id": 1' + b" " * 70_000, b"{" * 200_000])
async def test_a_body_larger_than_any_call_is_answered(shop: Shop, body: bytes) -> None:
    read_answer(await shop.merchant.post(raw=body), None).refused(-32600)


async def test_what_no_database_keeps_is_refused(shop: Shop) -> None:
    for text in (r"\u0000", r"\ud800"):
        raw = f'{{"method":"CheckTransaction","params":{{"id":"a{text}"}},"id":3}}'.encode()
        read_answer(await shop.merchant.post(raw=raw), 3).refused(-32600)


async def test_payme_is_not_asked_to_give_back() -> None:
    """It is the other way about: the merchant's cabinet calls our CancelTransaction."""
    provider = PaymeProvider("m", "https://checkout.paycom.uz")
    payment = ProviderPayment(1, "t", None, 9_900_000, Currency.UZS)
    assert isinstance(await provider.refund(payment), RefundRefused)
    assert await provider.status(payment) is MoneyState.UNKNOWN
