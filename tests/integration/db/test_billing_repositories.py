"""Subscriptions, grants and payments on the real database."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mentorium_db import driver_connection, get_session
from mentorium_db.models import Subscription
from mentorium_db.repositories import (
    AccessHotPathRepository,
    PaymentRepository,
    SubscriptionRepository,
)
from mentorium_db.repositories.access_hot_path import LinkedFamily
from mentorium_db.tables import SubscriptionGrant
from mentorium_domain.access import LinkedPayer
from mentorium_domain.enums import (
    Currency,
    PaymentStatus,
    ProviderName,
    StarsRenewal,
    SubscriptionStatus,
    Tariff,
)
from tests.integration.db.given import OLGA, add_parent, link
from tests.integration.db.rows import LATER, NOW, RIGHT, insert

pytestmark = pytest.mark.usefixtures("session_factory")


async def subscribe(parent_id: int, amount_minor: int = 9_900_000, currency: Currency = Currency.UZS) -> Subscription:
    async with get_session() as session:
        return await SubscriptionRepository(session).add(
            parent_id,
            tariff=Tariff.MONTHLY,
            amount_minor=amount_minor,
            currency=currency,
            start=NOW,
            expires_at=LATER,
        )


class TestSubscriptions:
    @pytest.mark.parametrize(
        ("currency", "minor", "amount"), [(Currency.UZS, 9_900_050, "99000.50"), (Currency.XTR, 500, "500.00")]
    )
    async def test_the_amount_is_written_from_minor_units(self, currency: Currency, minor: int, amount: str) -> None:
        subscription_id = (await subscribe(await add_parent(), minor, currency)).id
        async with get_session() as session:
            stored = await session.get_one(Subscription, subscription_id)
        assert (stored.amount, stored.amount_minor, stored.currency) == (Decimal(amount), minor, currency)
        assert (stored.status, stored.start_date, stored.expires_at) == (SubscriptionStatus.ACTIVE, NOW, LATER)

    async def test_the_active_one_is_found_until_it_expires(self) -> None:
        dilnoza, olga = await add_parent(), await add_parent(OLGA)
        active = await subscribe(dilnoza)
        async with get_session() as session:
            subscriptions = SubscriptionRepository(session)
            found = await subscriptions.active_for_parents([dilnoza, olga])
            assert [subscription.id for subscription in found] == [active.id]
            assert await subscriptions.active_for_parent(olga) is None
            await subscriptions.expire(active.id)
            assert await subscriptions.active_for_parent(dilnoza) is None

    async def test_payers_of_a_child_are_all_who_are_linked_to_it_and_have_paid(self) -> None:
        dilnoza, olga = await add_parent(), await add_parent(OLGA)
        for parent_id, student_id in ((dilnoza, 71), (dilnoza, 70), (olga, 71)):
            await link(parent_id, student_id)
        await subscribe(dilnoza)
        async with get_session() as session:
            subscriptions = SubscriptionRepository(session)
            assert await subscriptions.payers_of([71]) == [LinkedPayer(((7, 71), (7, 70)), LATER)]
            assert await subscriptions.payers_of([72]) == []
            assert await subscriptions.payers_of(range(50_000)) == [LinkedPayer(((7, 71), (7, 70)), LATER)]

    async def test_a_payer_without_children_covers_nobody(self) -> None:
        parent_id = await add_parent()
        await subscribe(parent_id)
        async with get_session() as session:
            assert await SubscriptionRepository(session).payers_of([71]) == []

    async def test_there_is_one_active_a_parent(self) -> None:
        parent_id = await add_parent()
        await subscribe(parent_id)
        with pytest.raises(IntegrityError):
            await subscribe(parent_id)

    async def test_it_is_extended_while_it_is_active_only(self) -> None:
        subscription = await subscribe(await add_parent())
        later = LATER + timedelta(days=30)
        async with get_session() as session:
            subscriptions = SubscriptionRepository(session)
            for moment in (later, later + timedelta(days=30)):
                await subscriptions.show(
                    subscription.id,
                    expires_at=moment,
                    tariff=Tariff.ANNUAL,
                    amount_minor=89_900_000,
                    currency=Currency.UZS,
                )
                await subscriptions.expire(subscription.id)
        async with get_session() as session:
            stored = await session.get_one(Subscription, subscription.id)
        assert (stored.expires_at, stored.status) == (later, SubscriptionStatus.EXPIRED)

    async def test_a_grant_says_who_gave_what_and_why(self) -> None:
        parent_id = await add_parent()
        subscription = await subscribe(parent_id, amount_minor=0)
        async with get_session() as session:
            await SubscriptionRepository(session).add_grant(
                subscription.id,
                parent_id,
                tariff=Tariff.MONTHLY,
                days=30,
                reason="a pilot school",
                granted_by="support",
                now=NOW,
                request_key="one",
            )
        async with get_session() as session:
            grant = (await session.scalars(select(SubscriptionGrant))).one()
        assert (grant.parent_id, grant.days, grant.reason, grant.granted_by, grant.granted_at) == (
            parent_id,
            30,
            "a pilot school",
            "support",
            NOW,
        )


class TestPayments:
    async def test_one_is_found_by_its_transaction_and_by_its_payer(self) -> None:
        parent_id = await add_parent()
        await self.pay(parent_id, "t1")
        await self.pay(parent_id, "t2")
        async with get_session() as session:
            payments = PaymentRepository(session)
            payment = await payments.get_by_transaction_id("t2")
            assert payment is not None
            assert [stored.transaction_id for stored in await payments.list_for_parent(parent_id)] == ["t1", "t2"]
        assert (payment.amount, payment.amount_minor, payment.status, payment.created_at) == (
            Decimal(500),
            500,
            PaymentStatus.PENDING,
            NOW,
        )

    async def test_a_transaction_is_stored_once(self) -> None:
        parent_id = await add_parent()
        await self.pay(parent_id, "t1")
        with pytest.raises(IntegrityError):
            await self.pay(parent_id, "t1")

    async def pay(self, parent_id: int, transaction_id: str) -> None:
        async with get_session() as session:
            await PaymentRepository(session).add(
                parent_id,
                transaction_id=transaction_id,
                amount_minor=500,
                currency=Currency.XTR,
                provider=ProviderName.TELEGRAM_STARS,
                now=NOW,
            )


class TestAccessHotPath:
    async def family(self, parent_id: int) -> LinkedFamily:
        async with driver_connection() as driver:
            return await AccessHotPathRepository(driver).family(parent_id)

    async def paying(self, parent_id: int, now: datetime = NOW) -> LinkedFamily:
        async with driver_connection() as driver:
            return await AccessHotPathRepository(driver).paying_family(parent_id, now)

    async def test_of_whom_nothing_is_known_nothing_is_known(self) -> None:
        nothing = LinkedFamily((), (), None, renews=False)
        for parent_id in (await add_parent(), 12_345):
            assert await self.family(parent_id) == await self.paying(parent_id) == nothing

    async def test_links_in_their_order_and_the_end_even_where_it_has_passed(self) -> None:
        dilnoza, olga = await add_parent(), await add_parent(OLGA)
        for student_id, guardian_id in ((71, 7), (70, 8), (72, 7)):
            await link(dilnoza, student_id, guardian_id=guardian_id)
        await link(olga, 90, guardian_id=9)
        subscription_id = (await subscribe(dilnoza)).id
        links = ((7, 71), (8, 70), (7, 72))
        own = LinkedFamily(links, (LinkedPayer(links, LATER),), LATER, renews=False)
        assert await self.family(dilnoza) == await self.paying(dilnoza) == own
        assert await self.paying(dilnoza, LATER + timedelta(days=90)) == own
        async with get_session() as session:
            await SubscriptionRepository(session).expire(subscription_id)
        assert await self.paying(dilnoza) == LinkedFamily(links, (), None, renews=False)
        assert await self.paying(olga) == LinkedFamily(((9, 90),), (), None, renews=False)

    async def test_payers_are_all_who_are_linked_to_one_of_the_children_and_have_paid(self) -> None:
        """As `payers_of` tells them, in the order of their parents."""
        dilnoza, olga = await add_parent(), await add_parent(OLGA)
        await link(dilnoza, 71)
        await link(olga, 90)
        for parent_id in (olga, dilnoza):
            await subscribe(parent_id)
        assert (await self.family(dilnoza)).payers == (LinkedPayer(((7, 71),), LATER),)
        await link(olga, 71)
        payers = (LinkedPayer(((7, 71),), LATER), LinkedPayer(((7, 90), (7, 71)), LATER))
        assert (await self.family(dilnoza)).payers == (await self.family(olga)).payers == payers
        async with get_session() as session:
            assert tuple(await SubscriptionRepository(session).payers_of([71])) == payers

    @pytest.mark.parametrize(
        ("table", "row", "renews"),
        [
            ("saved_cards", {}, True),
            ("saved_cards", {"removed_at": NOW, "removed_because": "removed"}, False),
            ("stars_subscriptions", {"period_ends_at": LATER}, True),
            ("stars_subscriptions", {"period_ends_at": NOW}, False),
            ("stars_subscriptions", {"period_ends_at": LATER, "renewal": StarsRenewal.FAILED}, False),
        ],
    )
    async def test_whether_they_are_charged_again(self, table: str, row: dict[str, object], *, renews: bool) -> None:
        parent_id, other_id = await add_parent(), await add_parent(OLGA)
        async with driver_connection(writes=True) as driver:
            await insert(driver, "orders", {**RIGHT["orders"], "id": 1, "parent_id": parent_id})
            await insert(driver, table, {**RIGHT[table], "parent_id": parent_id, **row})
        assert (await self.paying(parent_id)).renews is renews
        assert not (await self.paying(other_id)).renews
