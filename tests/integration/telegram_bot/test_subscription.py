"""/subscription: what stands, what is charged next, what was paid; and the renewal is off after one press."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

import mentorium_db
from mentorium_bot.container import Container
from mentorium_core.billing.model import OrderView
from mentorium_core.billing.orders import CreateOrder
from mentorium_core.billing.stars import BookStarsCharge, BookStarsRefund, StarsCharge, StarsRefund
from mentorium_core.i18n import format_date_long, t
from mentorium_core.identity.queries import find_parent
from mentorium_db.jobs import SCHEMA
from mentorium_domain.enums import OrderKind, ProviderName, Tariff
from mentorium_kit import clock
from mentorium_sandbox.client import callback_buttons
from tests.integration.telegram_bot.conftest import Outside
from tests.integration.telegram_bot.helpers import plain

TARIFFS = ["tariff:monthly", "tariff:quarterly", "tariff:annual"]


async def registered(outside: Outside) -> int:
    user = await outside.user()
    await outside.register(user, (await outside.child("Aziza")).link_code)
    return user


async def order(user: int, tariff: Tariff, kind: OrderKind = OrderKind.ONE_OFF) -> OrderView:
    parent = await find_parent(user)
    assert parent is not None
    stars = ProviderName.TELEGRAM_STARS
    return await CreateOrder()(parent.parent_id, tariff, stars, request_key=f"{user}:{tariff}:{kind}", kind=kind)


async def paid(user: int, tariff: Tariff = Tariff.QUARTERLY) -> str:
    """A one-off payment in Stars: its charge."""
    made = await order(user, tariff)
    charge = f"charge-{made.public_id}"
    await BookStarsCharge()(StarsCharge(charge, user, made.public_id, made.amount_minor, "XTR"))
    return charge


async def renewing(user: int) -> datetime:
    """Telegram renews the monthly tariff: the end of the paid period."""
    made = await order(user, Tariff.MONTHLY, OrderKind.STARS_SUBSCRIPTION)
    ends = clock.now() + timedelta(days=30)
    charge = StarsCharge(f"charge-{made.public_id}", user, made.public_id, 990, "XTR", ends, begins_subscription=True)
    await BookStarsCharge()(charge)
    return ends


def day(moment: datetime, language: str = "en") -> str:
    return format_date_long(language, clock.local_day(moment))


async def jobs() -> list[Any]:
    async with mentorium_db.get_session() as session:
        return list(await session.scalars(text(f"SELECT entrypoint FROM {SCHEMA}.pgqueuer ORDER BY id")))


async def rows(statement: str) -> list[Any]:
    async with mentorium_db.get_session() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


async def test_who_has_nothing_is_shown_the_tariffs(outside: Outside, bot: Container) -> None:
    user = await registered(outside)
    (said,) = await outside.say(user, "/subscription")
    assert t("en", "subscription-none") in said["text_plain"]
    assert t("en", "subscription-no-renewal") not in said["text_plain"]
    assert callback_buttons(said) == TARIFFS
    assert plain(await outside.say(await outside.user(), "/subscription")) == t("en", "language-question")


async def test_plan_end_and_history_with_the_receipt(outside: Outside, bot: Container) -> None:
    user = await registered(outside)
    await paid(user, Tariff.MONTHLY)
    returned = await order(user, Tariff.QUARTERLY)
    await BookStarsCharge()(StarsCharge("to-be-returned", user, returned.public_id, 2490, "XTR"))
    await BookStarsRefund()(StarsRefund("to-be-returned", user, returned.public_id, 2490, "XTR"))
    async with mentorium_db.get_session() as session:
        await session.execute(text("UPDATE payments SET receipt_url = 'https://ofd.uz/1' WHERE amount_minor = 990"))
    (said,) = await outside.say(user, "/subscription")
    lines = said["text_plain"].splitlines()
    until = day(clock.now() + timedelta(days=30))
    assert lines[0] == t("en", "subscription-stands", tariff="1 month", until=until)
    assert lines[1] == t("en", "subscription-no-renewal")
    today = day(clock.now())
    assert f"• {today}: 3 months, 2,490 ⭐, Telegram Stars – returned" in lines
    assert f"• {today}: 1 month, 990 ⭐, Telegram Stars" in lines
    assert "  Receipt: https://ofd.uz/1" in lines
    assert callback_buttons(said) == TARIFFS


async def test_the_renewal_is_switched_off_by_one_press_and_on_again(outside: Outside, bot: Container) -> None:
    user = await registered(outside)
    ends = await renewing(user)
    (said,) = await outside.say(user, "/subscription")
    assert t("en", "subscription-next-charge", day=day(ends), price="990 ⭐") in said["text_plain"]
    assert callback_buttons(said) == ["renew:off"]
    (off,) = (await outside.press(user, said, "renew:off")).replies
    assert off["text_plain"] == t("en", "renewal-is-off-now", day=day(ends))
    assert callback_buttons(off) == ["renew:on"]
    assert await jobs() == ["end_renewal"]
    (again,) = await outside.say(user, "/subscription")
    assert again["text_plain"].splitlines()[1] == t("en", "subscription-renewal-off")
    assert callback_buttons(again) == ["renew:on", *TARIFFS], "who is not charged again may buy"
    (on,) = (await outside.press(user, off, "renew:on")).replies
    assert on["text_plain"] == t("en", "renewal-is-on-now", day=day(ends))
    assert await jobs() == ["end_renewal", "resume_renewal"]


async def test_a_renewal_that_was_given_back_is_not_offered_again(outside: Outside, bot: Container) -> None:
    """Telegram may refuse to resume it: the tariffs are offered, and an old switch leads to them."""
    user = await registered(outside)
    await renewing(user)
    (before,) = await outside.say(user, "/subscription")
    (off,) = (await outside.press(user, before, "renew:off")).replies
    ((payload, charge_id),) = await rows("SELECT o.public_id, p.transaction_id FROM orders o JOIN payments p ON true")
    await BookStarsRefund()(StarsRefund(charge_id, user, payload, 990, "XTR"))
    (said,) = await outside.say(user, "/subscription")
    assert callback_buttons(said) == TARIFFS
    (answered,) = (await outside.press(user, off, "renew:on")).replies
    assert answered["text_plain"] == t("en", "renewal-none")
    assert await jobs() == ["end_renewal"], "Telegram is asked for nothing more"
    (asked,) = (await outside.press(user, said, "tariff:monthly")).replies
    assert "pay:stars:renew" in callback_buttons(asked), "a new renewal may begin"


async def test_a_second_renewal_is_not_offered_nor_given(outside: Outside, bot: Container) -> None:
    user = await registered(outside)
    (offered,) = await outside.say(user, "/subscribe")
    (asked,) = (await outside.press(user, offered, "tariff:monthly")).replies
    await renewing(user)
    (said,) = (await outside.press(user, asked, "pay:stars:renew")).replies
    assert said["text_plain"] == t("en", "renewal-is-on-already")
    (asked,) = (await outside.press(user, offered, "tariff:monthly")).replies
    assert callback_buttons(asked) == ["pay:stars:monthly"]


async def test_an_old_switch_where_there_is_no_renewal(outside: Outside, bot: Container) -> None:
    user = await registered(outside)
    (said,) = await outside.say(user, "/subscription")
    for button in ("renew:off", "renew:on"):
        (answered,) = (await outside.press(user, said, button)).replies
        assert answered["text_plain"] == t("en", "renewal-none")


@pytest.mark.parametrize("language", ["uz", "ru"])
async def test_it_speaks_the_parents_language(outside: Outside, bot: Container, language: str) -> None:
    user = await outside.user(language)
    await outside.parent(user, language).agree((await outside.child("Aziza")).link_code)
    await paid(user)
    said = plain(await outside.say(user, "/subscription"))
    assert t(language, "subscription-history") in said
    assert t(language, "tariff-title-quarterly") in said
