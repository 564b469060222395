"""Jobs about Stars while Telegram is away: tried until their own end, and not held with a Telegram id in them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from pgqueuer.domain.errors import RetryRequested
from sqlalchemy import text

from mentorium_core.billing.stars_renewal import ApplyRenewal
from mentorium_core.billing.stars_return import ReturnStars
from mentorium_db import get_session
from mentorium_db.repositories import PaymentRepository
from mentorium_domain.enums import Currency, ProviderName
from mentorium_gateways.payments.stars import StarsProvider
from mentorium_gateways.telegram import make_bare_bot
from mentorium_kit import clock
from mentorium_reporting.jobs.renewal import RenewalJob
from mentorium_reporting.jobs.return_stars import ReturnStarsJob
from tests.fixtures.databases import SessionFactory
from tests.integration.gateways.telegram_stand_in import TOKEN, Answer, TelegramStandIn, refusal, telegram_stand_in

pytestmark = pytest.mark.usefixtures("session_factory")
NOBODY = "http://127.0.0.1:1"
DONE = Answer(200, '{"ok": true, "result": true}')


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[TelegramStandIn]:
    async with telegram_stand_in() as stand_in:
        yield stand_in


@pytest_asyncio.fixture
async def payment(session_factory: SessionFactory) -> int:
    """One that could open nothing."""
    async with get_session() as session:
        added = await PaymentRepository(session).add(
            None,
            transaction_id="c1",
            amount_minor=990,
            currency=Currency.XTR,
            provider=ProviderName.TELEGRAM_STARS,
            now=clock.now(),
            external_ref="c1",
        )
        return added.id


def told(days: int = 7) -> dict[str, object]:
    return {"charge_id": "c1", "telegram_id": 7, "until": (clock.now() + timedelta(days=days)).isoformat()}


async def events() -> list[tuple[str, str]]:
    async with get_session() as session:
        found = await session.execute(text("SELECT event_name, severity FROM event_logs ORDER BY id"))
        return [(row[0], row[1]) for row in found]


@pytest.mark.parametrize("away", [NOBODY, None])
async def test_a_telegram_that_is_away_is_waited_for(telegram: TelegramStandIn, payment: int, away: str | None) -> None:
    telegram.will_answer(*[Answer(text=None)] * 4)
    bot = make_bare_bot(TOKEN, away or telegram.url)
    stars = StarsProvider(bot)
    for job in (RenewalJob(ApplyRenewal(stars)), ReturnStarsJob(ReturnStars(stars))):
        with pytest.raises(RetryRequested):
            await job(told())
    assert await events() == []
    for job in (RenewalJob(ApplyRenewal(stars)), ReturnStarsJob(ReturnStars(stars))):
        await job(told(days=-1))
    assert await events() == [("stars_renewal_not_told", "CRITICAL"), ("stars_not_returned", "CRITICAL")]
    await bot.session.close()


async def test_what_was_returned_before_counts_as_returned(telegram: TelegramStandIn, payment: int) -> None:
    telegram.will_answer(
        refusal(400, "Bad Request: CHARGE_ALREADY_REFUNDED"), refusal(400, "Bad Request: SUBSCRIPTION_NOT_ACTIVE")
    )
    bot = make_bare_bot(TOKEN, telegram.url)
    await ReturnStarsJob(ReturnStars(StarsProvider(bot)))(told())
    assert [method for method, *_ in telegram.asked] == ["refundStarPayment", "editUserStarSubscription"]
    assert await events() == [("payment_refunded", "INFO")]
    await bot.session.close()


async def test_what_telegram_will_not_return_is_for_the_team(telegram: TelegramStandIn, payment: int) -> None:
    telegram.will_answer(refusal(400, "Bad Request: CHARGE_NOT_FOUND"))
    bot = make_bare_bot(TOKEN, telegram.url)
    await ReturnStarsJob(ReturnStars(StarsProvider(bot)))(told())
    assert await events() == [("stars_not_returned", "CRITICAL")]
    await bot.session.close()


async def test_whose_data_are_erased_is_renewed_no_more(telegram: TelegramStandIn, payment: int) -> None:
    telegram.will_answer(DONE)
    bot = make_bare_bot(TOKEN, telegram.url)
    await RenewalJob(ApplyRenewal(StarsProvider(bot)))(told())
    assert [method for method, *_ in telegram.asked] == ["editUserStarSubscription"]
    assert await events() == []
    await bot.session.close()
