"""What a payment changes, and what a refund changes back, on a real database."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text

import mentorium_db
from mentorium_core.billing.commands import ExtendSubscription, GrantSubscription
from mentorium_core.billing.click_jobs import NOT_SUCCESSFUL
from mentorium_core.billing.failures import Failure, failure_of
from mentorium_core.billing.lapse import ExpireSubscriptions
from mentorium_core.billing.orders import new_public_id
from mentorium_core.billing.reconcile import check_books
from mentorium_core.i18n import format_date_long, t
from mentorium_core.privacy.commands import erase_data
from mentorium_domain.enums import Language, ProviderName, Tariff
from mentorium_kit import clock
from mentorium_kit.errors import RefusedError
from tests.integration.core.billing.till import Till, new_parent

pytestmark = pytest.mark.usefixtures("session_factory")
DAY = timedelta(days=1)
TILL = Till()


async def rows(statement: str, **values: object) -> list[tuple[object, ...]]:
    async with mentorium_db.get_session() as session:
        return [tuple(row) for row in await session.execute(text(statement), values)]


async def end_of(parent_id: int) -> object:
    found = await rows(
        "SELECT expires_at FROM subscriptions WHERE parent_id = :parent AND status = 'ACTIVE'", parent=parent_id
    )
    return found[0][0] if found else None


async def test_a_payment_opens_access_and_stands_in_the_books() -> None:
    now = clock.now()
    parent_id, telegram_id = await new_parent(now)
    transaction_id = await TILL.buy(parent_id, now, Tariff.QUARTERLY)
    assert await end_of(parent_id) == now + 90 * DAY
    assert await rows("SELECT tariff, amount::int, currency, auto_renew FROM subscriptions") == [
        ("quarterly", 249_000, "UZS", False)
    ]
    assert await rows("SELECT status, transaction_id, amount::int, subscription_id IS NULL FROM payments") == [
        ("SUCCESS", transaction_id, 249_000, False)
    ]
    assert await rows("SELECT debit, credit, amount_minor FROM ledger_entries") == [("clearing", "revenue", 24_900_000)]
    assert await rows("SELECT notification_type, parent_telegram_id FROM notifications") == [("PAYMENT", telegram_id)]
    assert await rows("SELECT event_name FROM event_logs WHERE event_type = 'PAYMENT'") == [("payment_success",)]
    assert await check_books(now) == {}


async def test_the_same_payment_gives_once_however_often_and_at_once_it_is_told() -> None:
    now = clock.now()
    parent_id, _ = await new_parent(now)
    transaction_id = await TILL.begin(await TILL.order(parent_id, now), now)
    told = await asyncio.gather(*(TILL.settle(transaction_id, now) for _ in range(5)))
    assert sorted(told) == [False, False, False, False, True]
    assert await end_of(parent_id) == now + 30 * DAY
    assert await rows("SELECT count(*) FROM notifications") == [(1,)]


async def test_two_orders_of_one_parent_are_two_grants() -> None:
    now = clock.now()
    parent_id, _ = await new_parent(now)
    first = await TILL.begin(await TILL.order(parent_id, now), now)
    second = await TILL.begin(await TILL.order(parent_id, now, provider=ProviderName.CLICK), now)
    await asyncio.gather(TILL.settle(first, now), TILL.settle(second, now))
    assert await end_of(parent_id) == now + 60 * DAY


async def test_a_refund_of_the_first_of_three_takes_back_what_it_gave() -> None:
    now = clock.now()
    parent_id, _ = await new_parent(now)
    first = await TILL.buy(parent_id, now, Tariff.ANNUAL)
    for _ in range(2):
        await TILL.buy(parent_id, now)
    assert await end_of(parent_id) == now + 425 * DAY
    assert await TILL.give_back(first, now + DAY)
    assert await end_of(parent_id) == now + 60 * DAY
    assert await rows("SELECT tariff FROM subscriptions") == [("monthly",)]
    assert not await TILL.give_back(first, now + DAY)
    assert await rows("SELECT event, count(*) FROM ledger_entries GROUP BY 1 ORDER BY 1") == [
        ("payment", 3),
        ("refund", 1),
    ]
    assert await check_books(now) == {}


async def test_a_refund_of_all_there_is_ends_access_at_once() -> None:
    now = clock.now()
    parent_id, _ = await new_parent(now)
    only = await TILL.buy(parent_id, now)
    assert await TILL.give_back(only, now + DAY)
    assert await rows("SELECT status, end_reason FROM subscriptions") == [("CANCELLED", "refund")]
    assert await rows("SELECT status FROM orders") == [("refunded",)]
    await TILL.buy(parent_id, now + 2 * DAY)
    assert await end_of(parent_id) == now + 32 * DAY
    assert await check_books(now + 2 * DAY) == {}


async def test_what_was_not_paid_may_be_paid_anew() -> None:
    now = clock.now()
    parent_id, _ = await new_parent(now)
    order = await TILL.order(parent_id, now)
    assert await TILL.fail(await TILL.begin(order, now))
    assert await rows("SELECT status FROM orders") == [("pending",)]
    assert await TILL.settle(await TILL.begin(order, now), now)
    assert await rows("SELECT status FROM payments ORDER BY id") == [("FAILED",), ("SUCCESS",)]
    assert await check_books(now) == {}


async def test_a_press_told_twice_is_one_order() -> None:
    now = clock.now()
    parent_id, _ = await new_parent(now)
    key = uuid4().hex
    pressed = [
        TILL.create_order(parent_id, Tariff.MONTHLY, ProviderName.PAYME, request_key=key, now=now) for _ in range(4)
    ]
    assert len({order.public_id for order in await asyncio.gather(*pressed)}) == 1


def test_an_order_is_known_by_an_opaque_id_of_fixed_length() -> None:
    made = {new_public_id() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(one) for one in made} == {16}
    assert not any(one.isdigit() for one in made)


async def test_grace_is_part_of_active_and_then_it_expires() -> None:
    now = clock.now()
    parent_id, _ = await new_parent(now)
    await TILL.buy(parent_id, now)
    expire = ExpireSubscriptions()
    assert await expire(now + 33 * DAY - timedelta(seconds=1)) == 0
    assert await expire(now + 33 * DAY) == 1
    assert await expire(now + 33 * DAY) == 0
    assert await rows("SELECT status FROM subscriptions") == [("EXPIRED",)]
    await TILL.buy(parent_id, now + 40 * DAY)
    assert await end_of(parent_id) == now + 70 * DAY


async def test_paying_in_grace_charges_no_day_of_it() -> None:
    now = clock.now()
    parent_id, _ = await new_parent(now)
    await TILL.buy(parent_id, now)
    await TILL.buy(parent_id, now + 32 * DAY)
    assert await end_of(parent_id) == now + 62 * DAY
    assert await rows("SELECT count(*) FROM subscriptions") == [(1,)]


async def test_a_subscription_made_by_hand_loses_nothing() -> None:
    now = clock.now()
    parent_id, _ = await new_parent(now)
    async with mentorium_db.get_session() as session:
        await session.execute(
            text(
                "INSERT INTO subscriptions (parent_id, tariff, amount, amount_minor, start_date, expires_at)"
                " VALUES (:parent, 'annual', 899000, 89900000, :start, :end)"
            ),
            {"parent": parent_id, "start": now - DAY, "end": now + 17 * DAY},
        )
    await TILL.buy(parent_id, now)
    assert await end_of(parent_id) == now + 47 * DAY
    assert await check_books(now) == {}


async def test_the_ledger_is_append_only() -> None:
    now = clock.now()
    parent_id, _ = await new_parent(now)
    await TILL.buy(parent_id, now)
    for statement in ("UPDATE ledger_entries SET amount_minor = 1", "DELETE FROM ledger_entries"):
        with pytest.raises(Exception, match="append-only"):
            async with mentorium_db.get_session() as session:
                await session.execute(text(statement))
    await rows("SELECT 1")
    async with mentorium_db.get_session() as session:  # it goes with its payment
        await session.execute(text("UPDATE subscription_grants SET payment_id = NULL"))
        await session.execute(text("DELETE FROM payments"))
    assert await rows("SELECT count(*) FROM ledger_entries") == [(0,)]


async def test_erasing_closes_what_is_open_and_keeps_the_books(bot_dsn: str) -> None:
    now = clock.now()
    parent_id, telegram_id = await new_parent(now)
    paid = await TILL.buy(parent_id, now)
    open_order = await TILL.order(parent_id, now)
    begun = await TILL.begin(await TILL.order(parent_id, now), now)
    await erase_data(telegram_id)
    assert not await TILL.settle(begun, now)
    assert await rows("SELECT status FROM orders ORDER BY id") == [("paid",), ("cancelled",), ("cancelled",)]
    assert await rows("SELECT status, parent_id FROM payments ORDER BY id") == [("SUCCESS", None), ("FAILED", None)]
    assert await rows("SELECT count(*) FROM ledger_entries") == [(1,)]
    assert open_order.public_id != paid
    assert await TILL.give_back(paid, now)
    assert await rows("SELECT status FROM payments ORDER BY id") == [("REFUNDED",), ("FAILED",)]
    assert await check_books(now) == {}
    connection = await asyncpg.connect(bot_dsn)
    try:
        for table in ("orders", "payments", "ledger_entries", "event_logs", "provider_calls", "refunds"):
            found = await connection.fetchval(
                f"SELECT count(*) FROM {table} t WHERE t::text LIKE $1", f"%{telegram_id}%"
            )
            assert found == 0, table
    finally:
        await connection.close()


async def test_days_are_not_given_beside_a_refund() -> None:
    now = clock.now()
    parent_id, telegram_id = await new_parent(now)
    await TILL.buy(parent_id, now)
    extend = ExtendSubscription()
    granted = await extend(telegram_id, 10, "slow reports", "support", now, request_key="one")
    assert (granted.expires_at, granted.extended) == (now + 40 * DAY, True)
    assert (await extend(telegram_id, 10, "slow reports", "support", now, request_key="one")).expires_at == (
        now + 40 * DAY
    )
    for days in (0, 367):
        with pytest.raises(RefusedError):
            await extend(telegram_id, days, "slow reports", "support", now, request_key=uuid4().hex)
    async with mentorium_db.get_session() as session:
        await session.execute(
            text(
                "INSERT INTO refunds (payment_id, reason, requested_by, requested_at)"
                " SELECT id, 'asked', 'support', :now FROM payments"
            ),
            {"now": now},
        )
    with pytest.raises(RefusedError, match="refund_under_way"):
        await extend(telegram_id, 10, "slow reports", "support", now, request_key="two")


async def test_the_operators_grant_is_a_grant_of_the_same_core() -> None:
    now = clock.now()
    parent_id, telegram_id = await new_parent(now)
    await GrantSubscription()(telegram_id, Tariff.MONTHLY, "a gift", "support", now, request_key="gift")
    paid = await TILL.buy(parent_id, now)
    assert await end_of(parent_id) == now + 60 * DAY
    await TILL.give_back(paid, now)
    assert await end_of(parent_id) == now + 30 * DAY
    assert await rows("SELECT tariff, amount::int FROM subscriptions") == [("monthly", 0)]
    assert await check_books(now) == {}


async def told_of(telegram_id: int) -> list[tuple[str, object]]:
    async with mentorium_db.get_session() as session:
        statement = text("SELECT message, buttons FROM notifications WHERE parent_telegram_id = :user ORDER BY id")
        return [(row[0], row[1]) for row in await session.execute(statement, {"user": telegram_id})]


async def test_what_was_bought_until_when_and_a_second_payment_within_a_day_offers_to_return_one() -> None:
    now = clock.now()
    parent_id, telegram_id = await new_parent(now)
    await TILL.buy(parent_id, now)
    await TILL.buy(parent_id, now + timedelta(hours=2), Tariff.QUARTERLY)
    await TILL.buy(parent_id, now + timedelta(days=20))
    said = [message for message, _ in await told_of(telegram_id)]
    ends = [format_date_long("uz", clock.local_day(now + timedelta(days=days))) for days in (30, 120, 150)]
    assert said == [
        t("uz", "payment-received", what="1 oy", until=ends[0]),
        t("uz", "payment-received-again", what="3 oy", until=ends[1]),
        t("uz", "payment-received", what="1 oy", until=ends[2]),
    ]
    assert "/paysupport" in said[1]


async def test_a_payment_that_failed_has_a_way_on() -> None:
    now = clock.now()
    parent_id, telegram_id = await new_parent(now)
    await TILL.fail(await TILL.begin(await TILL.order(parent_id, now), now))
    ((message, buttons),) = await told_of(telegram_id)
    assert message == t("uz", "payment-not-made")
    assert buttons == [[{"text": t("uz", "payment-way-on-button"), "data": "tariff:monthly"}]]


@pytest.mark.parametrize(
    ("because", "key"),
    [
        ("payme_4", "payment-not-made-in-time"),
        ("payme_2", "payment-not-made-declined"),
        ("payme_10", "payment-not-made-stopped"),
        ("payme_None", "payment-not-made"),
        ("click -5017", "payment-not-made-declined"),
        (f"click {NOT_SUCCESSFUL}", "payment-not-made"),
        ("declined", "payment-not-made"),
    ],
)
def test_each_failure_has_its_own_sentence(because: str, key: str) -> None:
    assert failure_of(because) == key
    assert len({t(language, failure) for language in Language for failure in Failure}) == 3 * len(Failure)
