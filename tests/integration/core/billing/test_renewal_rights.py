"""Nobody is charged again for a child whom they may not see (any more)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

import mentorium_db
from mentorium_core.billing.model import PriceList
from mentorium_core.billing.orders import CreateOrder
from mentorium_core.billing.renewal_rights import ask_for_renewal_check, end_renewals_without_children
from mentorium_core.billing.stars import BookStarsCharge, StarsCharge
from mentorium_domain.enums import OrderKind, ProviderName, Tariff
from mentorium_kit import clock
from mentorium_kit.errors import UnavailableError
from tests.integration.core.household import Household, register

DILNOZA = 200_000_001
NEAR, FAR = timedelta(hours=5), timedelta(days=20)


async def renewing(household: Household, ends_in: timedelta) -> tuple[int, int]:
    """(guardian, student) of a parent whose subscription Telegram renews in so long."""
    guardian = await household.guardian("Dilnoza Karimova")
    student = await household.child("Aziza Karimova", guardian)
    parent = (await register(DILNOZA, guardian)).parent
    order = await CreateOrder(PriceList())(
        parent.parent_id,
        Tariff.MONTHLY,
        ProviderName.TELEGRAM_STARS,
        request_key="press",
        kind=OrderKind.STARS_SUBSCRIPTION,
    )
    ends_at = clock.now() + ends_in
    charge = StarsCharge("charge", DILNOZA, order.public_id, order.amount_minor, "XTR", ends_at, True)
    await BookStarsCharge()(charge)
    return guardian, student


async def state() -> tuple[str, int, int]:
    """How the renewal stands, how many jobs would end it, and how many messages say why."""
    async with mentorium_db.get_session() as session:
        found = await session.execute(
            text(
                "SELECT renewal, (SELECT count(*) FROM pgqueuer.pgqueuer WHERE entrypoint = 'end_renewal'),"
                " (SELECT count(*) FROM notifications WHERE dedup_key LIKE 'renewal:no-child:%')"
                " FROM stars_subscriptions"
            )
        )
        renewal, jobs, messages = found.one()
        return str(renewal), int(jobs), int(messages)


async def test_a_renewal_with_a_child_goes_on(household: Household) -> None:
    await renewing(household, NEAR)
    assert await end_renewals_without_children(clock.now()) == 0
    assert await state() == ("active", 0, 0)


async def test_a_renewal_without_one_is_ended_and_its_payer_hears_why(household: Household) -> None:
    guardian, student = await renewing(household, NEAR)
    await household.allow(guardian, student, can_view=False)
    assert await end_renewals_without_children(clock.now()) == 1
    assert await end_renewals_without_children(clock.now()) == 0
    assert await state() == ("cancelled", 1, 1)


async def test_it_is_asked_the_day_before_and_not_sooner(household: Household) -> None:
    guardian, student = await renewing(household, FAR)
    await household.allow(guardian, student, can_view=False)
    assert not await ask_for_renewal_check()
    assert await end_renewals_without_children(clock.now()) == 0
    near = clock.now() + FAR - NEAR
    assert await end_renewals_without_children(near) == 1


async def test_while_the_platform_is_away_nothing_is_ended(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    await renewing(household, NEAR)
    assert await ask_for_renewal_check()
    assert not await ask_for_renewal_check(), "one job at a time"
    monkeypatch.setattr(mentorium_db.session, "MOST_PLATFORM_USERS", 0)
    with pytest.raises(UnavailableError):
        await end_renewals_without_children(clock.now())
    assert (await state())[0] == "active"
