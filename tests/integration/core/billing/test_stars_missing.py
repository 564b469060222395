"""A renewal that does not come, and of which Telegram tells nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import pytest_asyncio

from mentorium_core.billing.ends import KeepSubscriptions
from mentorium_core.billing.stars import BookStarsCharge
from mentorium_core.billing.stars_missing import FailMissingRenewals
from mentorium_core.i18n import format_date_long, t
from mentorium_core.identity.model import ParentView
from mentorium_kit import clock
from tests.integration.core.billing.stars_orders import DAY, DILNOZA, PERIOD, charge, renewing_order, rows
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.household import Household, register

book_charge, fail_missing, keep = BookStarsCharge(), FailMissingRenewals(), KeepSubscriptions()
STATE = "SELECT z.renewal, s.auto_renew FROM stars_subscriptions z JOIN subscriptions s USING (parent_id)"
TOLD = "SELECT message, dedup_key, buttons FROM notifications WHERE notification_type = 'SUBSCRIPTION'"


@pytest_asyncio.fixture
async def parent(household: Household) -> ParentView:
    return (await register(DILNOZA, await household.guardian("Dilnoza Karimova"))).parent


async def test_who_was_not_renewed_reads_it_in_grace_once(parent: ParentView, moved: ClockInHand) -> None:
    order = await renewing_order(parent.parent_id)
    paid = charge(order, "c1")
    await book_charge(paid)
    assert paid.period_ends_at is not None
    moved.to(PERIOD + DAY - timedelta(minutes=1))
    assert await fail_missing(clock.now()) == 0, "a renewal may be a day late"
    assert await rows(STATE) == [("active", True)]
    moved.to(PERIOD + DAY + timedelta(minutes=1))
    assert [await fail_missing(clock.now()) for _ in range(2)] == [1, 0]
    assert await rows(STATE) == [("failed", False)]
    await keep(clock.now())
    ((message, key, buttons),) = await rows(TOLD)
    ((expires_at,),) = await rows("SELECT expires_at FROM subscriptions")
    assert key.startswith("subscription:ended:"), "the end is not told of beside it"
    assert message == t(
        "uz",
        "stars-renewal-missing",
        day=format_date_long("uz", clock.local_day(paid.period_ends_at)),
        open_until=format_date_long("uz", clock.local_day(expires_at + 3 * DAY)),
    )
    assert [row[0]["data"] for row in buttons] == ["tariff:monthly", "tariff:quarterly", "tariff:annual"]


@pytest.mark.parametrize("is_news", [True, False])
async def test_what_comes_late_all_the_same_renews(parent: ParentView, moved: ClockInHand, is_news: bool) -> None:
    order = await renewing_order(parent.parent_id)
    await book_charge(charge(order, "c1"))
    moved.to(PERIOD + DAY + timedelta(hours=1))
    assert await fail_missing(clock.now()) == 1
    await book_charge(charge(order, "c2", period=2), is_news=is_news)
    assert await rows(STATE) == [("active", True)]
    assert await fail_missing(clock.now()) == 0


@pytest.mark.parametrize("language", ["uz", "ru", "en"])
def test_it_says_what_to_do(language: str) -> None:
    said = t(language, "stars-renewal-missing", day="1", open_until="2")
    assert "/paysupport" in said
