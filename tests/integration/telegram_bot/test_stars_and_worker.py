"""Stars from the pay sheet to the books, and back: bot and worker against the sandbox's Telegram."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from mentorium_bot.config import BotSettings
from mentorium_bot.container import Container
from mentorium_core.billing.providers import LinkCheckout, MoneyState, ProviderPayment, RefundRefused
from mentorium_core.billing.stars import BookStarsCharge, BookStarsRefund
from mentorium_core.billing.stars_reconciliation import ReconcileStars, request_reconciliation
from mentorium_core.billing.stars_renewal import end_stars_renewal, resume_stars_renewal
from mentorium_core.i18n import format_number, t
from mentorium_core.identity.queries import find_parent
from mentorium_db import get_session
from mentorium_domain.enums import Currency, Language, OrderKind
from mentorium_gateways.payments.stars import StarsProvider
from mentorium_kit import clock
from mentorium_sandbox.client import StarsPaid
from mentorium_sandbox.telegram.star_payments import renew_what_is_due
from tests.integration.telegram_bot.conftest import Outside, running, working
from tests.integration.telegram_bot.helpers import chat_of, plain, until
from tests.integration.telegram_bot.test_stars import deliver, ordered, parent_of, rows, told

HOUR = timedelta(hours=1)


async def subscribes(outside: Outside, bot: Container, user: int) -> StarsPaid:
    """Through the link of the checkout, as a parent does."""
    order = await ordered(user, OrderKind.STARS_SUBSCRIPTION)
    opened = await StarsProvider(bot.bot).checkout(order, Language.EN)
    assert isinstance(opened, LinkCheckout)
    return await outside.parent(user).pay(opened.url)


async def becomes(statement: str, *expected: tuple[object, ...]) -> None:
    async def is_so() -> bool:
        return await rows(statement) == list(expected)

    await until(is_so)


async def test_a_subscription_is_paid_renewed_ended_allowed_and_taken_up_again(
    outside: Outside, settings: BotSettings
) -> None:
    async with running(settings) as bot, working(settings):
        user = await parent_of(outside)
        paid = await subscribes(outside, bot, user)
        assert (paid.outcome, paid.balance) == ("paid", 100_000 - 990)
        stars = outside.world.bot().stars
        (subscription,) = stars.subscriptions.values()
        await becomes("SELECT auto_renew FROM subscriptions", (True,))
        subscription.until = clock.now().timestamp() - 1
        renew_what_is_due(outside.world)
        await becomes("SELECT count(*) FROM subscription_grants", (2,))
        parent = await find_parent(user)
        assert parent is not None
        parent_id = parent.parent_id

        async def is_at_telegram(state: str) -> None:
            async def is_so() -> bool:
                return subscription.state == state

            await until(is_so)

        await end_stars_renewal(parent_id)
        await is_at_telegram("canceled_by_bot")
        await resume_stars_renewal(parent_id)
        await is_at_telegram("canceled")
        await outside.parent(user).change_star_subscription(subscription.charge_id, "resume")
        await becomes("SELECT renewal, ended_by_us FROM stars_subscriptions", ("active", False))
        await becomes("SELECT auto_renew FROM subscriptions", (True,))


async def test_a_refund_at_telegram_ends_the_renewal_too_and_counts_as_done_twice(
    outside: Outside, bot: Container
) -> None:
    user = await parent_of(outside)
    paid = await subscribes(outside, bot, user)
    assert paid.charge_id is not None
    await becomes("SELECT status FROM payments", ("SUCCESS",))
    ((payment_id, first),) = await rows("SELECT id, external_ref FROM payments")
    provider = StarsProvider(bot.bot)
    known = ProviderPayment(payment_id, paid.charge_id, first, 990, Currency.XTR, user)
    assert await provider.status(known) is MoneyState.PAID
    assert await provider.refund(known) is None
    assert await provider.refund(known) is None
    assert await provider.status(known) is MoneyState.RETURNED
    (subscription,) = outside.world.bot().stars.subscriptions.values()
    assert subscription.state == "canceled_by_bot"
    await becomes("SELECT status FROM payments", ("REFUNDED",))
    assert await rows("SELECT status FROM subscriptions") == [("CANCELLED",)]
    nobodys = ProviderPayment(1, "no such charge", None, 990, Currency.XTR, user)
    assert isinstance(await provider.refund(nobodys), RefundRefused)
    assert await provider.status(nobodys) is MoneyState.NOT_PAID
    assert isinstance(await provider.refund(ProviderPayment(1, "c", None, 1, Currency.XTR)), RefundRefused)


async def test_what_opens_nothing_is_given_back_by_the_worker(outside: Outside, settings: BotSettings) -> None:
    async with running(settings), working(settings):
        user = await parent_of(outside)
        order = await ordered(user)
        stars = outside.world.bot().stars
        payment = stars.add_payment(user, "p", 990, clock.now())
        await deliver(outside, told(user, "successful_payment", order, payment.charge_id, invoice_payload="p"))
        await becomes("SELECT status FROM payments", ("REFUNDED",))
        assert payment.refunded_at is not None
        assert stars.nanostars() == 0

        async def is_told() -> bool:
            return t("en", "stars-returned", stars=990) in plain((await chat_of(outside, user)).messages)

        await until(is_told)
        assert await rows("SELECT event FROM ledger_entries ORDER BY id") == [("payment",), ("refund",)]


async def test_the_daily_look_finds_what_no_update_has_told(outside: Outside, settings: BotSettings) -> None:
    async with running(settings), working(settings):
        user = await parent_of(outside)
        lost, lost_too = await ordered(user), await ordered(user)
        stars = outside.world.bot().stars
        for number in range(230):  # more than two pages of others, before and between
            stars.add_payment(user, "other", 1, clock.now() - timedelta(days=20) + number * timedelta(minutes=1))
        charge = stars.add_payment(user, lost.public_id, 990, clock.now() - HOUR).charge_id
        back = stars.add_payment(user, lost_too.public_id, 990, clock.now() - 2 * HOUR)
        back.refunded_at = (clock.now() - HOUR).timestamp()
        young = stars.add_payment(user, "on its way", 1, clock.now()).charge_id
        assert await request_reconciliation()
        await becomes("SELECT count(*) FROM event_logs WHERE event_name = 'stars_reconciled'", (1,))
        found = await rows("SELECT transaction_id, status FROM payments ORDER BY id")
        assert found == [(charge, "SUCCESS"), (back.charge_id, "REFUNDED")]
        assert young not in {one for one, _ in found}
        assert await rows("SELECT count(*) FROM subscription_grants") == [(1,)]
        assert await rows(
            "SELECT severity, metadata - 'trace_id' FROM event_logs WHERE event_name = 'stars_disagree'"
        ) == [("CRITICAL", {"booked": 1, "taken_back": 1, "returns": 0})]
        assert not await request_reconciliation(), "once a day"


async def test_stars_that_go_from_the_balance_without_a_line_are_told_of_once(
    outside: Outside, settings: BotSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stars = outside.world.bot().stars
    held = type(stars).nanostars
    told = "SELECT metadata ->> 'missing' FROM event_logs WHERE event_name = 'stars_balance_disagrees' ORDER BY id"
    noted = "SELECT metadata ->> 'listed' FROM event_logs WHERE event_name = 'stars_reconciled' ORDER BY id"
    async with running(settings) as bot:
        user = await parent_of(outside)
        await ordered(user)
        telegram = StarsProvider(bot.bot)
        reconcile = ReconcileStars(telegram, BookStarsCharge(), BookStarsRefund())
        for number in range(120):
            stars.add_payment(user, "other", 10, clock.now() - timedelta(days=20) + number * timedelta(minutes=1))
        assert (await reconcile()).agrees
        stars.add_payment(user, "young", 500, clock.now()).refunded_at = clock.now().timestamp()
        assert (await reconcile()).agrees
        monkeypatch.setattr(type(stars), "nanostars", lambda self: held(self) - 990 * 10**9)
        assert (await reconcile()).missing == 990
        assert (await reconcile()).missing == 0
    assert await rows(told) == [("990",)]
    assert await rows(noted) == [("120",), ("122",), ("122",), ("122",)]


async def test_without_orders_in_stars_nothing_is_reconciled(outside: Outside, bot: Container) -> None:
    assert not await request_reconciliation()


async def asked_for_help(outside: Outside, user: int, words: str) -> list[Any]:
    (which,) = await outside.say(user, "/paysupport")
    await outside.press(user, which, next(iter(callbacks(which))))
    return await outside.say(user, words)


def callbacks(message: Any) -> list[str]:
    return [button["callback_data"] for row in message["reply_markup"]["inline_keyboard"] for button in row]


async def test_a_request_for_help_reaches_the_staff_with_its_order_and_reason(
    outside: Outside, settings: BotSettings
) -> None:
    staff = await outside.user()
    with_staff = settings.model_copy(update={"staff_chat_id": staff})
    async with running(with_staff), working(with_staff):
        await outside.start(staff)
        user = await parent_of(outside)
        order = await ordered(user)
        (which,) = await outside.say(user, "/paysupport")
        assert callbacks(which) == [f"support:{order.public_id}", "support:other"]
        (asked,) = (await outside.press(user, which, f"support:{order.public_id}")).replies
        assert order.public_id in plain([asked])
        (thanks,) = await outside.say(user, "I paid, and nothing is open.")
        assert "No. 1" in plain([thanks])

        async def is_told() -> bool:
            return "I paid, and nothing is open." in plain((await chat_of(outside, staff)).messages)

        await until(is_told)
        told_staff = plain((await chat_of(outside, staff)).messages)
        assert order.public_id in told_staff
        assert str(user) in told_staff
        await becomes("SELECT told_at IS NOT NULL FROM support_requests", (True,))
        (answer,) = await outside.say(user, "/help")
        assert t("en", "help-text") == plain([answer]), "one message was awaited, and no more"


@pytest.mark.parametrize("language", ["uz", "ru", "en"])
async def test_who_writes_too_much_is_told_that_it_was_cut(
    outside: Outside, settings: BotSettings, language: str
) -> None:
    async with running(settings.model_copy(update={"staff_chat_id": 77})):
        user = await parent_of(outside, language)
        (which,) = await outside.say(user, "/paysupport")
        await outside.press(user, which, "support:other")
        (thanks,) = await outside.say(user, "x" * 2_001)
        cut = t(language, "paysupport-cut", most=format_number(language, 2_000))
        assert plain([thanks]) == f"{t(language, 'paysupport-sent', number='1')}\n\n{cut}"


async def test_orders_are_told_apart_by_what_became_of_them(outside: Outside, settings: BotSettings) -> None:
    async with running(settings.model_copy(update={"staff_chat_id": 77})):
        user = await parent_of(outside)
        paid, second, third = [(await ordered(user)).public_id for _ in range(3)]
        async with get_session() as session:
            await session.execute(
                text("UPDATE orders SET status = 'paid', paid_at = created_at WHERE public_id = :id"), {"id": paid}
            )
        (which,) = await outside.say(user, "/paysupport")
        assert callbacks(which) == [f"support:{order}" for order in (third, second, paid, "other")]
        labels = [button["text"] for row in which["reply_markup"]["inline_keyboard"] for button in row]
        assert [label.endswith(" · 990 ⭐ · Telegram Stars") for label in labels] == [False, False, True, False]
        assert [label.endswith(" · not paid") for label in labels] == [True, True, False, False]


async def test_a_request_may_be_left_and_is_not_awaited_for_ever(outside: Outside, settings: BotSettings) -> None:
    async with running(settings.model_copy(update={"staff_chat_id": 77})):
        user = await parent_of(outside)
        (which,) = await outside.say(user, "/paysupport")
        (asked,) = (await outside.press(user, which, "support:other")).replies
        left = await outside.press(user, asked, "support:leave")
        assert plain(left.replies) == t("en", "paysupport-left")
        await outside.say(user, "How was last week?")
        assert await rows("SELECT count(*) FROM support_requests") == [(0,)]


async def test_without_a_staffs_chat_one_is_told_whom_to_write_to(outside: Outside, bot: Container) -> None:
    user = await parent_of(outside)
    assert plain(await outside.say(user, "/paysupport")) == t(
        "en", "paysupport-text", id=str(user), contact="dev@mentorium.io"
    )


async def test_enough_requests_in_a_day_are_enough(outside: Outside, settings: BotSettings) -> None:
    async with running(settings.model_copy(update={"staff_chat_id": 77})):
        user = await parent_of(outside)
        async with get_session() as session:
            await session.execute(
                text(
                    "INSERT INTO support_requests (parent_id, reason, request_key, created_at)"
                    " SELECT parents.id, 'r', 'k' || n, now() FROM parents, generate_series(1, 10) n"
                )
            )
        assert plain(await asked_for_help(outside, user, "again")) == t("en", "paysupport-enough")
        after = plain(await outside.say(user, "How was last week?"))
        assert t("en", "paysupport-enough") not in after, "the next message is a question to the mentor again"
