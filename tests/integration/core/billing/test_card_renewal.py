"""Renewal by a saved card: told of in time, charged at most once a cycle, never after its payer has said no."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from mentorium_core.billing.card_charge import ChargeCard
from mentorium_core.billing.card_renewal import end_card_renewal, get_card_renewal, keep_card
from mentorium_core.billing.card_renewal_rules import Event
from mentorium_core.billing.cards import CardFound
from mentorium_core.billing.lapse import ExpireSubscriptions
from mentorium_core.billing.providers import ProviderRegistry
from mentorium_core.billing.reconcile import check_books
from mentorium_core.billing.refunds import RefundAtProvider, request_refund
from mentorium_core.billing.texts import amount_text
from mentorium_core.i18n import format_date_long, t
from mentorium_core.notifications.commands import mark_chat_blocked
from mentorium_core.privacy.commands import erase_data
from mentorium_domain.enums import Currency, RefundStatus, Tariff
from mentorium_gateways.payments.payme import PaymeProvider
from mentorium_kit import clock
from mentorium_kit.errors import RefusedError
from tests.fixtures.payme_cards import BLOCKED, MASKED, NO_MONEY, PaymeCardServer, payme_card_server
from tests.integration.core.billing.card_payer import CARD, DAY, DILNOZA, Payer, merchant, new_payer, rows
from tests.integration.core.billing.till import Till
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.household import Household

HOUR = timedelta(hours=1)
FIRST_TRY = 29 * DAY


@pytest_asyncio.fixture
async def payme() -> AsyncIterator[PaymeCardServer]:
    async with payme_card_server(merchant) as server:
        yield server


@pytest_asyncio.fixture
async def payer(household: Household, moved: ClockInHand, payme: PaymeCardServer) -> AsyncIterator[Payer]:
    """Whatever happens, the books agree in the end, and no money is with us that opened nothing."""
    payer = await new_payer(household, moved, payme)
    yield payer
    assert payme.debits() == await payer.paid()
    assert await check_books(clock.now()) == {}


async def test_it_is_told_three_days_before_and_charged_one_day_before(payer: Payer) -> None:
    assert await payer.live(26 * DAY + 23 * HOUR) == []
    assert await payer.attempts() == []
    assert await payer.live(27 * DAY) == []
    assert await payer.attempts() == [("planned", 0, None)]
    assert await payer.told() == ["payment:received", "card-renewal:soon"]
    ((text, buttons),) = await rows(
        "SELECT message, buttons FROM notifications WHERE dedup_key LIKE 'card-renewal:soon:%'"
    )
    assert "99" in text
    assert "6478" in text
    assert [button["data"] for row in buttons for button in row] == ["renew:off"]
    assert await payer.live(FIRST_TRY - HOUR) == []
    assert await payer.live(FIRST_TRY) == [Event.PAID]
    assert await payer.attempts() == [("paid", 1, None)]
    assert await payer.end() == payer.ends_at + 30 * DAY
    assert (await payer.told())[-1] == "payment:received"
    assert await payer.live(FIRST_TRY + HOUR) == []


async def test_every_cycle_is_renewed_once(payer: Payer) -> None:
    for cycle in range(3):
        for day in (27, 28, 29, 30, 31):
            await payer.live(cycle * 30 * DAY + day * DAY)
    assert await payer.attempts() == [("paid", 1, None)] * 3
    assert payer.payme.debits() == 3
    assert await payer.end() == payer.ends_at + 90 * DAY
    assert (await payer.told()).count("card-renewal:soon") == 3
    messages = await rows("SELECT message FROM notifications WHERE dedup_key LIKE 'payment:received:%' ORDER BY id")
    until = format_date_long("uz", clock.local_day(await payer.end()))
    said = t("uz", "payment-renewed", what="1 oy", amount=amount_text("uz", 9_900_000, Currency.UZS), until=until)
    assert messages[-1] == (said,), "another sentence than of a purchase, with sum and end"


async def test_a_card_without_money_is_tried_one_three_and_five_days_after_the_end(payer: Payer) -> None:
    payer.payme.cards[CARD.token] = NO_MONEY
    await payer.live(27 * DAY)
    assert await payer.live(29 * DAY) == [Event.DECLINED]
    assert await payer.live(30 * DAY + 23 * HOUR) == []
    assert await payer.live(31 * DAY) == [Event.DECLINED]
    assert await payer.live(33 * DAY) == [Event.DECLINED]
    assert await payer.live(35 * DAY) == [Event.DECLINED]
    assert await payer.attempts() == [("stopped", 4, "exhausted")]
    said = [key for key in await payer.told() if key.startswith("card-renewal")]
    assert said == ["card-renewal:soon", *["card-renewal:retry"] * 3, "card-renewal:last"]
    assert not await payer.card_stands()
    assert payer.payme.cards == {}
    assert await payer.live(40 * DAY) == []
    texts = await rows("SELECT message FROM notifications WHERE dedup_key LIKE 'payment:failed:%'")
    assert texts == [], "they hear of it in one message"


async def test_a_success_after_grace_starts_on_the_day_of_payment(payer: Payer) -> None:
    payer.payme.cards[CARD.token] = NO_MONEY
    for day in (27, 29, 31, 33):
        await payer.live(day * DAY)
    await ExpireSubscriptions()(clock.now() + HOUR)
    payer.payme.cards[CARD.token] = 0
    assert await payer.live(35 * DAY) == [Event.PAID]
    assert await payer.end() > payer.began + 64 * DAY
    assert await rows("SELECT auto_renew FROM subscriptions WHERE status = 'ACTIVE'") == [(True,)]
    await payer.live(62 * DAY + HOUR)
    assert [status for status, *_ in await payer.attempts()] == ["paid", "planned"]


async def test_a_card_that_dies_when_access_is_over_offers_another_way_and_no_card(payer: Payer) -> None:
    payer.payme.cards[CARD.token] = NO_MONEY
    for day in (27, 29, 31, 33):
        await payer.live(day * DAY)
    payer.payme.cards[CARD.token] = BLOCKED
    assert await payer.live(35 * DAY) == [Event.CARD_DEAD]
    ((buttons,),) = await rows("SELECT buttons FROM notifications WHERE dedup_key LIKE 'card-renewal:dead:%'")
    assert [button["data"] for row in buttons for button in row] == ["tariff:monthly"]


async def test_a_dead_card_ends_renewal_at_once_with_a_way_on(payer: Payer) -> None:
    payer.payme.cards[CARD.token] = BLOCKED
    await payer.live(27 * DAY)
    assert await payer.live(29 * DAY) == [Event.CARD_DEAD]
    assert await payer.attempts() == [("stopped", 1, str(BLOCKED))]
    assert not await payer.card_stands()
    ((buttons,),) = await rows("SELECT buttons FROM notifications WHERE dedup_key LIKE 'card-renewal:dead:%'")
    assert [button["data"] for row in buttons for button in row] == ["renew:on:monthly", "tariff:monthly"]
    assert await payer.live(31 * DAY) == []


@pytest.mark.parametrize("fault", ["lost", "silent"])
async def test_a_lost_answer_is_asked_about_and_nothing_is_charged_again(payer: Payer, fault: str) -> None:
    payer.payme.merchant = None  # else our own books have the answer before
    await payer.live(27 * DAY)
    payer.payme.faults["receipts.pay"] = [fault]
    payer.payme.faults["receipts.check"] = ["down"] * 2
    assert await payer.live(29 * DAY) == [Event.LOST]
    assert await payer.live(29 * DAY + timedelta(seconds=30)) == []
    for minutes in (2, 5):
        assert await payer.live(29 * DAY + timedelta(minutes=minutes)) == [Event.PENDING]
    assert await payer.attempts() == [("unknown", 1, None)]
    assert await payer.live(29 * DAY + HOUR) == [Event.PAID]
    assert payer.payme.made("receipts.pay") == 1
    assert await payer.paid() == 1


@pytest.mark.parametrize("fault", ["lost", "silent"])
async def test_a_lost_answer_to_what_payme_has_told_us_itself_is_no_riddle(payer: Payer, fault: str) -> None:
    await payer.live(27 * DAY)
    payer.payme.faults["receipts.pay"] = [fault]
    assert await payer.live(29 * DAY) == [Event.PAID]
    assert payer.payme.made("receipts.check") == 0


async def test_what_stays_unknown_for_a_day_calls_a_person_and_charges_nothing_more(payer: Payer) -> None:
    await payer.live(27 * DAY)
    payer.payme.faults["receipts.pay"] = ["down"]
    await payer.live(29 * DAY)
    payer.payme.receipts[next(iter(payer.payme.receipts))].state = 20
    for hours in range(0, 30, 3):
        await payer.live(29 * DAY + hours * HOUR + timedelta(minutes=5))
    assert await payer.attempts() == [("unknown", 1, None)]
    assert payer.payme.made("receipts.create") == 1
    assert await rows("SELECT severity FROM event_logs WHERE event_name = 'card_renewal_in_doubt' LIMIT 1") != []
    assert "card_renewal_in_doubt" in await check_books(clock.now())
    payer.payme.receipts[next(iter(payer.payme.receipts))].state = 50
    await payer.live(31 * DAY)


async def test_a_charge_that_never_arrived_is_made_anew(payer: Payer) -> None:
    await payer.live(27 * DAY)
    payer.payme.faults["receipts.pay"] = ["down"]
    assert await payer.live(29 * DAY) == [Event.LOST]
    assert await payer.live(29 * DAY + timedelta(minutes=2)) == [Event.NOT_DONE]
    assert [one.state for one in payer.payme.receipts.values()] == [21], "nobody can pay it any more"
    assert await payer.live(29 * DAY + 2 * HOUR) == [Event.PAID]
    assert await payer.paid() == 1


async def test_payme_away_is_no_fault_of_the_card(payer: Payer) -> None:
    await payer.live(27 * DAY)
    payer.payme.faults["receipts.create"] = ["down"] * 3
    for hours in range(3):
        assert await payer.live(29 * DAY + hours * (HOUR + timedelta(minutes=1))) == [Event.NOT_DONE]
    assert await payer.live(29 * DAY + 4 * HOUR) == [Event.PAID]
    assert [key for key in await payer.told() if key.startswith("card-renewal")] == ["card-renewal:soon"]


async def test_a_removed_card_is_never_charged(payer: Payer) -> None:
    await payer.live(27 * DAY)
    assert await end_card_renewal(payer.parent_id)
    assert not await end_card_renewal(payer.parent_id)
    assert await payer.live(29 * DAY) == []
    assert payer.payme.made("receipts.create") == 0
    assert payer.payme.cards == {}, "PayMe has forgotten it"
    assert await rows("SELECT card_token, removed_because FROM saved_cards") == [("", "removed")]
    assert await rows("SELECT auto_renew FROM subscriptions") == [(False,)]


@pytest.mark.parametrize("when", ["receipts.create", "receipts.pay"])
async def test_a_card_removed_while_it_is_being_charged_is_not_charged(payer: Payer, when: str) -> None:
    async def remove() -> None:
        await end_card_renewal(payer.parent_id)

    await payer.live(27 * DAY)
    payer.payme.before[when] = remove
    await payer.live(29 * DAY)
    await payer.live(29 * DAY + HOUR)
    assert (payer.payme.debits(), await payer.paid()) == (0, 0)
    assert [status for status, *_ in await payer.attempts()] == ["stopped"]
    assert await payer.live(31 * DAY) == []


async def test_who_buys_meanwhile_is_not_charged_for_that_cycle(payer: Payer) -> None:
    await payer.live(27 * DAY)
    await Till().buy(payer.parent_id, clock.now())
    assert await payer.live(29 * DAY) == [None]
    assert await payer.attempts() == [("stopped", 0, "moved")]
    await payer.live(57 * DAY)
    assert await payer.live(59 * DAY) == [Event.PAID]


async def test_who_buys_while_the_charge_is_on_its_way_is_not_charged(payer: Payer) -> None:
    async def buy() -> None:
        payer.payme.before.clear()
        await Till().buy(payer.parent_id, clock.now())

    await payer.live(27 * DAY)
    payer.payme.before["receipts.pay"] = buy
    await payer.live(29 * DAY)
    assert payer.payme.debits() == 0


async def test_without_a_child_who_may_be_viewed_it_is_switched_off(payer: Payer, household: Household) -> None:
    await payer.live(27 * DAY)
    await household.allow(payer.guardian_id, payer.student_id, can_view=False)
    assert await payer.live(29 * DAY) == [None]
    assert await payer.attempts() == [("stopped", 0, "no_child")]
    assert (await payer.told())[-1] == "card-renewal:no-child"
    assert payer.payme.made("receipts.create") == 0
    assert not await payer.card_stands()


async def test_who_cannot_be_told_is_not_charged(payer: Payer) -> None:
    await payer.live(27 * DAY)
    await mark_chat_blocked(DILNOZA)
    assert await payer.live(29 * DAY) == [None]
    assert await payer.attempts() == [("stopped", 0, "blocked")]


async def test_erased_data_end_it(payer: Payer) -> None:
    await payer.live(27 * DAY)
    await erase_data(DILNOZA)
    ((payload,),) = await rows(
        "SELECT convert_from(payload, 'UTF8')::jsonb FROM pgqueuer.pgqueuer WHERE entrypoint = 'remove_card'"
    )
    assert sorted(payload) == ["token", "until"]
    assert await payer.live(29 * DAY) == []
    assert payer.payme.cards == {}
    assert payer.payme.made("receipts.create") == 0


async def test_a_charge_on_its_way_when_all_is_erased_is_refused(payer: Payer) -> None:
    async def erase() -> None:
        await erase_data(DILNOZA)

    await payer.live(27 * DAY)
    payer.payme.before["receipts.pay"] = erase
    await payer.live(29 * DAY)
    assert payer.payme.debits() == 0


async def test_a_renewal_is_given_back_by_its_receipt_and_ends_it(payer: Payer) -> None:
    await payer.live(27 * DAY)
    await payer.live(29 * DAY)
    ((transaction_id,),) = await rows(
        "SELECT p.transaction_id FROM payments p JOIN orders o ON o.id = p.order_id WHERE o.kind = 'card_renewal'"
    )
    asked = await request_refund(transaction_id, "asked for", "test")
    providers = ProviderRegistry([PaymeProvider("id", "http://pay", cards=payer.payme.api)])
    assert await RefundAtProvider(providers)(asked.refund_id) is RefundStatus.DONE
    assert await payer.end() == payer.ends_at
    await payer.work()
    assert not await payer.card_stands()
    assert await payer.live(31 * DAY) == []
    assert payer.payme.debits() == 0


async def test_what_is_given_back_before_its_end_was_written_down_is_not_charged_again(payer: Payer) -> None:
    """The worker was killed after the debit, and the merchant pressed refund before another one looked."""
    await payer.live(27 * DAY)
    await payer.live(29 * DAY)
    ((receipt_id,),) = await rows("UPDATE renewal_attempts SET status = 'unknown' RETURNING receipt_id")
    await payer.payme.do("receipts.cancel", {"id": receipt_id})
    await rows("DELETE FROM pgqueuer.pgqueuer RETURNING id")  # nor was the card removed yet
    assert await payer.live(29 * DAY + HOUR) == [Event.PAID]
    assert await payer.live(31 * DAY) == []
    assert (payer.payme.debits(), await payer.paid()) == (0, 0)


async def test_a_refund_whose_answer_was_lost_is_asked_about(payer: Payer) -> None:
    await payer.live(27 * DAY)
    await payer.live(29 * DAY)
    ((receipt_id,),) = await rows("SELECT receipt_id FROM renewal_attempts")
    payer.payme.faults["receipts.cancel"] = ["lost"]
    asked = await request_refund(receipt_id, "asked for", "test")
    refund = RefundAtProvider(ProviderRegistry([PaymeProvider("id", "http://pay", cards=payer.payme.api)]))
    with pytest.raises(Exception, match="payme_answer_lost"):
        await refund(asked.refund_id)
    assert await refund(asked.refund_id) is RefundStatus.DONE
    assert payer.payme.debits() == 0


async def test_a_cashbox_without_billing_is_booked_by_its_receipt(payer: Payer) -> None:
    payer.payme.merchant = None
    await payer.live(27 * DAY)
    assert await payer.live(29 * DAY) == [Event.PAID]
    assert (await payer.paid(), await payer.end()) == (1, payer.ends_at + 30 * DAY)


async def test_money_that_a_cashbox_without_billing_takes_too_late_goes_back(payer: Payer) -> None:
    async def remove() -> None:
        await end_card_renewal(payer.parent_id)

    payer.payme.merchant = None
    payer.payme.before["receipts.pay"] = remove
    await payer.live(27 * DAY)
    assert await payer.live(29 * DAY) == [Event.WITHDRAWN]
    assert (payer.payme.debits(), await payer.paid()) == (0, 0)
    assert await payer.attempts() == [("stopped", 1, "given_back")]


async def test_another_card_takes_over_a_cycle(payer: Payer) -> None:
    await payer.live(27 * DAY)
    payer.payme.cards["other"] = 0
    await keep_card(payer.parent_id, CardFound(MASKED, "other", recurrent=True, verified=True), Tariff.QUARTERLY, "1")
    await payer.live(27 * DAY + HOUR)
    assert list(payer.payme.cards) == ["other"]
    assert await payer.live(29 * DAY) == [Event.PAID]
    assert await payer.end() == payer.ends_at + 90 * DAY


async def test_what_is_shown_of_it(payer: Payer) -> None:
    shown = await get_card_renewal(payer.parent_id)
    assert shown is not None
    assert (shown.masked_number, shown.amount_minor, shown.next_charge_at) == (
        MASKED,
        9_900_000,
        payer.began + 29 * DAY,
    )
    await end_card_renewal(payer.parent_id)
    assert await get_card_renewal(payer.parent_id) is None


async def test_a_card_that_was_not_verified_is_not_kept(payer: Payer) -> None:
    with pytest.raises(RefusedError):
        await keep_card(payer.parent_id, CardFound(MASKED, "x", recurrent=True, verified=False), Tariff.MONTHLY, "1")


async def test_a_job_that_is_run_twice_charges_once(payer: Payer) -> None:
    payer.payme.cards[CARD.token] = NO_MONEY
    await payer.live(27 * DAY)
    await payer.live(29 * DAY)
    ((attempt_id,),) = await rows("SELECT id FROM renewal_attempts")
    assert await ChargeCard(payer.payme.api)(attempt_id, 0) is None
    assert payer.payme.made("receipts.pay") == 1
