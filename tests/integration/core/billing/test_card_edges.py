"""Renewal by a saved card where the world is odd: what was promised is kept, and nobody is charged by surprise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest_asyncio

from mentorium_core.billing.card_renewal import keep_card
from mentorium_core.billing.card_renewal_rules import Event
from mentorium_core.billing.cards import CardFound
from mentorium_domain.enums import Tariff
from tests.fixtures.payme_cards import MASKED, NO_MONEY, PaymeCardServer, payme_card_server
from tests.integration.core.billing.card_payer import CARD, DAY, Payer, merchant, new_payer, rows
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.household import Household

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest_asyncio.fixture
async def payme() -> AsyncIterator[PaymeCardServer]:
    async with payme_card_server(merchant) as server:
        yield server


@pytest_asyncio.fixture
async def payer(household: Household, moved: ClockInHand, payme: PaymeCardServer) -> AsyncIterator[Payer]:
    payer = await new_payer(household, moved, payme)
    yield payer
    assert payme.debits() == await payer.paid()


async def test_another_tariff_for_a_cycle_is_announced_anew(payer: Payer) -> None:
    await payer.live(27 * DAY)
    payer.payme.cards["other"] = 0
    await keep_card(payer.parent_id, CardFound(MASKED, "other", recurrent=True, verified=True), Tariff.ANNUAL, "1")
    await payer.live(27 * DAY + HOUR)
    texts = await rows("SELECT message FROM notifications WHERE dedup_key LIKE 'card-renewal:soon:%' ORDER BY id")
    assert len(texts) == 2
    assert "899" in texts[-1][0]


async def test_nobody_is_charged_weeks_after_the_day_they_were_told(payer: Payer) -> None:
    """The worker was down over the end of access and long after it."""
    await payer.live(27 * DAY)
    assert await payer.live(50 * DAY) == [Event.NOT_DONE]
    assert payer.payme.made("receipts.create") == 0
    assert await payer.attempts() == [("stopped", 0, "exhausted")]
    assert (await payer.told())[-1] == "card-renewal:last"
    assert not await payer.card_stands()


async def test_a_worker_that_was_down_over_the_end_still_renews_within_the_days_of_retries(payer: Payer) -> None:
    await payer.live(27 * DAY)
    assert await payer.live(34 * DAY) == [Event.PAID]


async def test_a_late_first_try_is_not_followed_by_the_next_within_minutes(payer: Payer) -> None:
    payer.payme.cards[CARD.token] = NO_MONEY
    await payer.live(27 * DAY)
    assert await payer.live(31 * DAY - 5 * MINUTE) == [Event.DECLINED]
    assert await payer.live(31 * DAY + 5 * MINUTE) == []
    assert await payer.live(31 * DAY + 12 * HOUR) == [Event.DECLINED]
