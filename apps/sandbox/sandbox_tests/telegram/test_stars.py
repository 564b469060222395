"""Stars: a bot of aiogram sells, is asked before each payment and told after it, renews, refunds, and counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiogram import Bot, Dispatcher, F
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BotSubscriptionUpdated, LabeledPrice, Message, PreCheckoutQuery, TransactionPartnerUser

from mentorium_sandbox.telegram import delivered, renew_what_is_due
from sandbox_tests.telegram.conftest import TOKEN, Running, StandIn
from sandbox_tests.telegram.strict import unknown_fields

PRICE = [LabeledPrice(label="Month", amount=990)]
MONTH = timedelta(days=30)


@dataclass(slots=True)
class Seller:
    """A bot that sells; `refusal`: what it says to a pre-checkout query instead of yes; `silent`: nothing at all."""

    bot: Bot
    refusal: str | None = None
    silent: bool = False
    asked: list[PreCheckoutQuery] = field(default_factory=list)
    told: list[Message] = field(default_factory=list)
    refunds: list[Message] = field(default_factory=list)
    states: list[BotSubscriptionUpdated] = field(default_factory=list)

    def dispatcher(self) -> Dispatcher:
        dispatcher = Dispatcher()
        dispatcher.pre_checkout_query.register(self._before)
        dispatcher.message.register(self._after, F.successful_payment)
        dispatcher.message.register(self._refunded, F.refunded_payment)
        dispatcher.subscription.register(self._changed)
        return dispatcher

    async def _before(self, query: PreCheckoutQuery) -> None:
        assert unknown_fields(query) == []
        self.asked.append(query)
        if not self.silent:
            await query.answer(ok=self.refusal is None, error_message=self.refusal)

    async def _after(self, message: Message) -> None:
        assert unknown_fields(message) == []
        self.told.append(message)
        await message.answer("Thank you")

    async def _refunded(self, message: Message) -> None:
        assert unknown_fields(message) == []
        self.refunds.append(message)

    async def _changed(self, change: BotSubscriptionUpdated) -> None:
        assert unknown_fields(change) == []
        self.states.append(change)


@pytest_asyncio.fixture
async def seller(bot: Bot, running: Running, stand_in: StandIn) -> AsyncIterator[Seller]:
    stand_in.world.pre_checkout_seconds = 0.5
    seller = Seller(bot)
    async with running(seller.dispatcher()):
        yield seller


async def monthly(bot: Bot, payload: str = "order-1") -> str:
    return await bot.create_invoice_link("Monthly", "d", payload, "XTR", PRICE, subscription_period=2_592_000)


async def move(stand_in: StandIn, by: timedelta) -> None:
    stand_in.clock.offset += by
    await delivered(renew_what_is_due(stand_in.world))
    await asyncio.sleep(0.2)


async def test_a_one_off_is_asked_for_paid_and_told(stand_in: StandIn, bot: Bot, seller: Seller) -> None:
    user = await stand_in.new_user()
    invoice = await bot.send_invoice(user, "Monthly", "One month", "order-1", "XTR", PRICE)
    paid = await stand_in.post(f"/users/{user}/pay", message_id=invoice.message_id, outcome="ok")
    assert paid["outcome"] == "paid"
    assert paid["pre_checkout"] == {"ok": True}
    assert paid["balance"] == 100_000 - 990
    assert [reply["text"] for reply in paid["replies"]] == ["Thank you"]
    (query,), (message,) = seller.asked, seller.told
    assert (query.total_amount, query.currency, query.invoice_payload) == (990, "XTR", "order-1")
    assert query.from_user.id == user
    payment = message.successful_payment
    assert payment is not None
    assert payment.model_dump(exclude_none=True) == paid["payment"]
    assert payment.telegram_payment_charge_id == paid["charge_id"]
    assert payment.is_recurring is None
    assert payment.subscription_expiration_date is None
    status, told = await stand_in.control(
        "POST", f"/users/{user}/pay", {"message_id": invoice.message_id, "outcome": "ok"}
    )
    assert (status, told["error"]) == (409, "this invoice is paid already")
    assert len(seller.asked) == 1


async def test_a_sheet_that_is_closed_asks_nobody(stand_in: StandIn, bot: Bot, seller: Seller) -> None:
    user = await stand_in.new_user()
    invoice = await bot.send_invoice(user, "Monthly", "One month", "order-1", "XTR", PRICE)
    told = await stand_in.post(f"/users/{user}/pay", message_id=invoice.message_id, outcome="cancel")
    assert (told["outcome"], told["pre_checkout"], told["payment"]) == ("cancelled", None, None)
    assert seller.asked == []


async def test_a_bot_that_says_no_or_nothing_gets_no_stars(stand_in: StandIn, bot: Bot, seller: Seller) -> None:
    user = await stand_in.new_user()
    link = await bot.create_invoice_link("Monthly", "One month", "order-1", "XTR", PRICE)
    seller.refusal = "This order is paid"
    told = await stand_in.post(f"/users/{user}/pay", link=link, outcome="ok")
    assert told["outcome"] == "declined"
    assert told["pre_checkout"] == {"ok": False, "error_message": "This order is paid"}
    assert told["error"] == "BOT_PRECHECKOUT_FAILED"
    seller.silent = True
    told = await stand_in.post(f"/users/{user}/pay", link=link, outcome="ok")
    assert (told["outcome"], told["error"]) == ("timed_out", "BOT_PRECHECKOUT_TIMEOUT")
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await seller.asked[-1].answer(ok=True).as_(bot)
    assert told["balance"] == 100_000
    assert seller.told == []


async def test_who_has_too_few_stars_cannot_pay(stand_in: StandIn, bot: Bot, seller: Seller) -> None:
    user = await stand_in.new_user()
    await stand_in.post(f"/users/{user}/stars", balance=989)
    link = await monthly(bot)
    status, told = await stand_in.control("POST", f"/users/{user}/pay", {"link": link, "outcome": "ok"})
    assert status == 409
    assert told["error"].startswith("BALANCE_TOO_LOW")
    assert seller.asked == []


async def test_a_subscription_renews_each_month_with_the_same_payload(
    stand_in: StandIn, bot: Bot, seller: Seller
) -> None:
    user = await stand_in.new_user()
    link = await monthly(bot)
    first = await stand_in.post(f"/users/{user}/pay", link=link, outcome="ok")
    assert first["payment"]["is_recurring"] is first["payment"]["is_first_recurring"] is True
    until = first["payment"]["subscription_expiration_date"]
    assert (await stand_in.control("POST", f"/users/{user}/pay", {"link": link, "outcome": "ok"}))[0] == 409
    await move(stand_in, MONTH - timedelta(hours=1))
    assert len(seller.told) == 1
    await move(stand_in, timedelta(hours=2))
    await move(stand_in, MONTH)
    payments = [message.successful_payment for message in seller.told]
    assert len({payment.telegram_payment_charge_id for payment in payments if payment}) == 3
    for number, payment in enumerate(payments):
        assert payment is not None
        assert payment.invoice_payload == "order-1"
        assert payment.is_recurring
        assert payment.is_first_recurring is (True if number == 0 else None)
        assert payment.subscription_expiration_date == until + number * 2_592_000
    assert len(seller.asked) == 1
    assert (await stand_in.get(f"/users/{user}/stars"))["balance"] == 100_000 - 3 * 990


async def test_the_user_ends_a_subscription_and_takes_it_up_again(stand_in: StandIn, bot: Bot, seller: Seller) -> None:
    user = await stand_in.new_user()
    charge = (await stand_in.post(f"/users/{user}/pay", link=await monthly(bot), outcome="ok"))["charge_id"]
    for action, state in (("cancel", "canceled"), ("resume", "active"), ("cancel", "canceled")):
        told = await stand_in.post(f"/users/{user}/star_subscription", charge_id=charge, action=action, wait_s=1)
        assert told["state"] == state
        again = {"charge_id": charge, "action": action}
        assert (await stand_in.control("POST", f"/users/{user}/star_subscription", again))[0] == 409
    await asyncio.sleep(0.2)
    assert [change.state for change in seller.states] == ["canceled", "active", "canceled"]
    assert {change.invoice_payload for change in seller.states} == {"order-1"}
    assert {change.user.id for change in seller.states} == {user}
    await move(stand_in, MONTH + timedelta(hours=1))
    assert len(seller.told) == 1
    assert (await stand_in.get(f"/users/{user}/stars"))["subscriptions"][0]["state"] == "over"


async def test_a_charge_that_fails_is_told_and_may_be_made_good(stand_in: StandIn, bot: Bot, seller: Seller) -> None:
    user, poor = await stand_in.new_user(), await stand_in.new_user(phone=None)
    charge = (await stand_in.post(f"/users/{user}/pay", link=await monthly(bot), outcome="ok"))["charge_id"]
    other = (await stand_in.post(f"/users/{poor}/pay", link=await monthly(bot, "order-2"), outcome="ok"))["charge_id"]
    await stand_in.post(f"/users/{user}/star_subscription", charge_id=charge, action="fail_next")
    await stand_in.post(f"/users/{poor}/stars", balance=5)
    await move(stand_in, MONTH + timedelta(hours=1))
    assert sorted((change.invoice_payload, change.state) for change in seller.states) == [
        ("order-1", "failed"),
        ("order-2", "failed"),
    ]
    assert len(seller.told) == 2
    await stand_in.post(f"/users/{user}/star_subscription", charge_id=charge, action="resume", wait_s=1)
    payment = seller.told[-1].successful_payment
    assert payment is not None
    assert payment.invoice_payload == "order-1"
    now = stand_in.world.now().timestamp()
    assert payment.subscription_expiration_date == pytest.approx(now + 2_592_000, abs=10)
    poor_again = {"charge_id": other, "action": "resume"}
    assert (await stand_in.control("POST", f"/users/{poor}/star_subscription", poor_again))[0] == 409


async def test_the_bot_ends_a_subscription_and_allows_it_again(stand_in: StandIn, bot: Bot, seller: Seller) -> None:
    user = await stand_in.new_user()
    charge = (await stand_in.post(f"/users/{user}/pay", link=await monthly(bot), outcome="ok"))["charge_id"]
    assert await bot.edit_user_star_subscription(user, charge, is_canceled=True)
    resume = {"charge_id": charge, "action": "resume"}
    assert (await stand_in.control("POST", f"/users/{user}/star_subscription", resume))[0] == 409
    assert await bot.edit_user_star_subscription(user, charge, is_canceled=False)
    assert (await stand_in.post(f"/users/{user}/star_subscription", **resume))["state"] == "active"
    assert await bot.edit_user_star_subscription(user, charge, is_canceled=True)
    await move(stand_in, MONTH + timedelta(hours=1))
    assert len(seller.told) == 1
    with pytest.raises(TelegramBadRequest, match="SUBSCRIPTION_NOT_ACTIVE"):
        await bot.edit_user_star_subscription(user, charge, is_canceled=True)
    assert [change.state for change in seller.states] == ["active"], "what the bot does it is not told of"


async def test_a_refund_comes_back_once_and_ends_no_subscription(stand_in: StandIn, bot: Bot, seller: Seller) -> None:
    user = await stand_in.new_user()
    charge = (await stand_in.post(f"/users/{user}/pay", link=await monthly(bot), outcome="ok"))["charge_id"]
    assert await bot.refund_star_payment(user, charge)
    with pytest.raises(TelegramBadRequest, match="CHARGE_ALREADY_REFUNDED"):
        await bot.refund_star_payment(user, charge)
    with pytest.raises(TelegramBadRequest, match="CHARGE_NOT_FOUND"):
        await bot.refund_star_payment(await stand_in.new_user(phone=None), charge)
    await asyncio.sleep(0.2)
    refund = seller.refunds[0].refunded_payment
    assert refund is not None
    assert (refund.total_amount, refund.invoice_payload) == (990, "order-1")
    assert refund.telegram_payment_charge_id == charge
    assert (await stand_in.get(f"/users/{user}/stars"))["balance"] == 100_000
    await move(stand_in, MONTH + timedelta(hours=1))
    assert len(seller.told) == 2


async def test_the_bot_reads_its_account(stand_in: StandIn, bot: Bot, seller: Seller) -> None:
    user = await stand_in.new_user()
    link = await bot.create_invoice_link("Monthly", "One month", "order-1", "XTR", PRICE)
    charges = [(await stand_in.post(f"/users/{user}/pay", link=link, outcome="ok"))["charge_id"] for _ in range(3)]
    await bot.refund_star_payment(user, charges[1])
    assert (await bot.get_my_star_balance()).amount == 2 * 990
    transactions = (await bot.get_star_transactions()).transactions
    assert [transaction.id for transaction in transactions] == [*charges, charges[1]]
    assert [transaction.amount for transaction in transactions] == [990] * 4
    source, receiver = transactions[0].source, transactions[-1].receiver
    assert isinstance(source, TransactionPartnerUser)
    assert isinstance(receiver, TransactionPartnerUser)
    assert (source.transaction_type, source.invoice_payload) == ("invoice_payment", "order-1")
    assert receiver.user.id == user
    page = (await bot.get_star_transactions(offset=1, limit=2)).transactions
    assert [transaction.id for transaction in page] == charges[1:]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"outcome": "ok"}, 400, "message_id"),
        ({"outcome": "ok", "message_id": 1, "link": "x"}, 400, "either"),
        ({"outcome": "perhaps", "message_id": 1}, 400, "outcome"),
        ({"outcome": "ok", "message_id": 77}, 409, "no message 77"),
        ({"outcome": "ok", "link": "https://t.me/$nowhere"}, 409, "leads to no invoice"),
        ({"outcome": "ok", "link": "https://example.com"}, 409, "leads to no invoice"),
    ],
)
async def test_what_cannot_be_paid_is_refused(stand_in: StandIn, body: dict[str, Any], status: int, words: str) -> None:
    user = await stand_in.new_user()
    answered, told = await stand_in.control("POST", f"/users/{user}/pay", body)
    assert answered == status
    assert words in told["error"]
    assert TOKEN not in str(told)
