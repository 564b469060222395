"""Renewal by a saved card where the world is odd: what was promised is kept, and nobody is charged by surprise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest_asyncio

from mentorium_core.billing.card_plan import KeepCardRenewals
from mentorium_core.billing.card_removal import CancelReceipt
from mentorium_core.billing.card_renewal import end_card_renewal, get_card_renewal, keep_card, leave_removal
from mentorium_core.billing.card_renewal_rules import Event
from mentorium_core.billing.cards import CardFound
from mentorium_core.billing.reconcile import check_books
from mentorium_db import get_session
from mentorium_domain.enums import Tariff
from mentorium_kit import clock
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


async def test_who_removes_a_card_under_charge_hears_that_nothing_was_charged(payer: Payer) -> None:
    """The chat has said: as soon as its end is known, I will write to you."""

    async def remove() -> None:
        shown = await get_card_renewal(payer.parent_id)
        assert shown is not None
        assert shown.in_doubt
        await end_card_renewal(payer.parent_id)

    await payer.live(27 * DAY)
    payer.payme.before["receipts.pay"] = remove
    await payer.live(29 * DAY)
    await payer.live(29 * DAY + HOUR)
    assert (await payer.told())[-1] == "card-renewal:not-charged"


async def test_who_removes_a_card_under_charge_hears_that_it_is_given_back(payer: Payer) -> None:
    async def remove() -> None:
        await end_card_renewal(payer.parent_id)

    payer.payme.merchant = None
    payer.payme.before["receipts.pay"] = remove
    await payer.live(27 * DAY)
    assert await payer.live(29 * DAY) == [Event.WITHDRAWN]
    assert (await payer.told())[-1] == "card-renewal:given-back"


async def test_what_was_not_sent_yet_is_not_called_in_doubt(payer: Payer) -> None:
    async def look() -> None:
        shown = await get_card_renewal(payer.parent_id)
        assert shown is not None
        seen.append((shown.in_doubt, shown.next_charge_at is not None))

    seen: list[tuple[bool, bool]] = []
    await payer.live(27 * DAY)
    payer.payme.before["receipts.create"] = look
    await payer.live(29 * DAY)
    assert seen == [(False, True)]


async def test_a_receipt_that_payme_will_not_cancel_does_not_hold_a_renewal_for_ever(payer: Payer) -> None:
    await payer.live(27 * DAY)
    payer.payme.faults["receipts.pay"] = ["down"]
    payer.payme.faults["receipts.cancel"] = ["refused"] * 60
    assert await payer.live(29 * DAY) == [Event.LOST]
    for hours in range(1, 23):
        assert set(await payer.live(29 * DAY + hours * HOUR)) <= {Event.PENDING}
    assert payer.payme.made("receipts.create") == 1, "a day long it is looked into"
    payer.at(30 * DAY + 6 * HOUR)
    await payer.keep()
    await rows("DELETE FROM pgqueuer.pgqueuer WHERE entrypoint = 'cancel_receipt' RETURNING id")
    payer.payme.faults["receipts.cancel"] = ["refused"]
    assert Event.NOT_DONE in await payer.work()
    assert Event.PAID in await payer.live(30 * DAY + 8 * HOUR)
    assert [one.state for one in payer.payme.receipts.values()] == [21, 4], "PayMe is told again by a job"


async def test_a_receipt_that_is_never_cancelled_calls_a_person(payer: Payer) -> None:
    assert not await CancelReceipt(payer.payme.api)("unknown", clock.now() - MINUTE)
    found = await rows("SELECT severity::text FROM event_logs WHERE event_name = 'receipt_not_cancelled'")
    assert [severity.lower() for (severity,) in found] == ["critical"]


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


async def test_a_card_that_is_kept_again_is_not_forgotten_by_an_older_job(payer: Payer) -> None:
    await end_card_renewal(payer.parent_id)
    await keep_card(payer.parent_id, CARD, Tariff.MONTHLY, "1")
    await payer.work()
    assert list(payer.payme.cards) == [CARD.token]
    await end_card_renewal(payer.parent_id)
    async with get_session() as session:
        await leave_removal(session, CARD.token, clock.now())
    await payer.work()
    assert payer.payme.cards == {}
    assert await check_books(clock.now()) == {}


async def test_a_receipt_of_another_sum_is_not_paid(payer: Payer) -> None:
    await payer.live(27 * DAY)
    payer.payme.dearer_by = 100
    assert await payer.live(29 * DAY) == [Event.NOT_DONE]
    assert payer.payme.made("receipts.pay") == 0


async def test_a_notice_after_the_end_does_not_say_that_it_is_paid(payer: Payer) -> None:
    """The card was given, or the worker came back, in the days of grace."""
    await payer.live(31 * DAY)
    ((text,),) = await rows("SELECT message FROM notifications WHERE dedup_key LIKE 'card-renewal:soon:%'")
    assert "toʻlangan kunlar" in text
    assert "tugagan" in text
    assert await payer.live(32 * DAY + HOUR) == [Event.PAID]


async def test_no_charge_is_announced_where_it_would_be_too_late(payer: Payer) -> None:
    """The worker was down for weeks; the first thing it does is not to lapse what is over."""
    assert await payer.live(45 * DAY) == []
    assert await payer.attempts() == []
    assert await payer.live(46 * DAY + HOUR) == []


async def test_long_days_of_grace_leave_time_for_a_card_that_is_given_late(payer: Payer) -> None:
    payer.at(38 * DAY)
    await KeepCardRenewals(grace=14 * DAY)(clock.now())
    assert await payer.live(39 * DAY + HOUR) == [Event.PAID]


async def test_who_gives_another_card_and_still_has_no_child_hears_of_it_again(
    payer: Payer, household: Household
) -> None:
    await payer.live(27 * DAY)
    await household.allow(payer.guardian_id, payer.student_id, can_view=False)
    await payer.live(29 * DAY)
    payer.payme.cards["other"] = 0
    await keep_card(payer.parent_id, CardFound(MASKED, "other", recurrent=True, verified=True), Tariff.MONTHLY, "1")
    await payer.live(29 * DAY + HOUR)
    await payer.live(30 * DAY + 2 * HOUR)
    assert not await payer.card_stands()
    assert (await payer.told()).count("card-renewal:no-child") == 2
    assert payer.payme.made("receipts.create") == 0


async def test_a_charge_of_the_card_before_is_not_shown_as_one_of_the_new_card(payer: Payer) -> None:
    seen: list[tuple[str, bool, bool]] = []

    async def change_card() -> None:
        payer.payme.before.clear()
        payer.payme.cards["other"] = 0
        other = CardFound("******9999", "other", recurrent=True, verified=True)
        await keep_card(payer.parent_id, other, Tariff.MONTHLY, "1")
        shown = await get_card_renewal(payer.parent_id)
        assert shown is not None
        seen.append((shown.masked_number, shown.in_doubt, shown.next_charge_at is not None))

    await payer.live(27 * DAY)
    payer.payme.before["receipts.pay"] = change_card
    await payer.live(29 * DAY)
    assert seen == [("******9999", False, True)]
    await payer.live(29 * DAY + HOUR)
    assert payer.payme.debits() == 0
    ((text,),) = await rows("SELECT message FROM notifications WHERE dedup_key LIKE 'card-renewal:not-charged:%'")
    assert "6478" in text, "of the card before"
    await payer.live(29 * DAY + 2 * HOUR)
    assert await payer.live(30 * DAY + 4 * HOUR) == [Event.PAID]


async def test_a_price_that_rises_after_the_notice_is_not_charged_before_it_was_told(payer: Payer) -> None:
    await payer.live(27 * DAY)
    await rows("UPDATE renewal_attempts SET amount_minor = 9000000 RETURNING id")  # told by the release before
    assert await payer.live(29 * DAY) == [Event.PAID]
    assert [one.amount for one in payer.payme.receipts.values()] == [9_000_000]
