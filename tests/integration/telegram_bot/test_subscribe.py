"""/subscribe: a tariff, a way to pay, and one order a press with its checkout."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import text

import mentorium_db
from mentorium_bot.config import BotSettings
from mentorium_bot.container import Container
from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.billing.model import GRACE
from mentorium_core.i18n import format_date_long, t
from mentorium_domain.enums import Tariff
from mentorium_kit import clock
from mentorium_sandbox.client import callback_buttons
from tests.integration.telegram_bot.conftest import Outside, running
from tests.integration.telegram_bot.helpers import plain

SOMS = "99,000 UZS"


@pytest.fixture
def with_all_providers(settings: BotSettings) -> BotSettings:
    return settings.model_copy(
        update={
            "payment_providers": "stars,payme,click",
            "payme_merchant_id": "merchant-of-the-tests",
            "payme_secret_key": SecretStr("secret"),
            "click_service_id": 1,
            "click_merchant_id": 2,
            "click_merchant_user_id": 3,
            "click_secret_key": SecretStr("secret"),
        }
    )


async def registered(outside: Outside, name: str = "Aziza") -> int:
    user = await outside.user()
    await outside.register(user, (await outside.child(name)).link_code)
    return user


async def orders() -> list[Any]:
    async with mentorium_db.get_session() as session:
        statement = "SELECT public_id, provider, kind, tariff, amount_minor, currency, status FROM orders ORDER BY id"
        return [tuple(row) for row in await session.execute(text(statement))]


async def chosen(outside: Outside, user: int, tariff: str = "monthly") -> Any:
    """The message that asks how to pay."""
    (offered,) = await outside.say(user, "/subscribe")
    (asked,) = (await outside.press(user, offered, f"tariff:{tariff}")).replies
    return asked


def urls(message: Any) -> list[str]:
    return [button["url"] for row in message["reply_markup"]["inline_keyboard"] for button in row if "url" in button]


async def test_all_ways_to_pay_are_offered_with_their_price(outside: Outside, with_all_providers: BotSettings) -> None:
    async with running(with_all_providers):
        user = await registered(outside)
        asked = await chosen(outside, user)
        assert callback_buttons(asked) == [
            "pay:stars:monthly",
            "pay:stars:renew",
            "pay:payme:monthly",
            "pay:click:monthly",
        ]
        labels = [button["text"] for row in asked["reply_markup"]["inline_keyboard"] for button in row]
        assert "990 ⭐" in labels[0]
        assert "990 ⭐" in labels[1]
        assert "30 days" in labels[1]
        assert SOMS in labels[2]
        assert SOMS in labels[3]
        yearly = await chosen(outside, user, "annual")
        assert callback_buttons(yearly) == ["pay:stars:annual", "pay:payme:annual", "pay:click:annual"]
        assert await orders() == [], "nothing is ordered before a way to pay is pressed"


async def test_a_press_of_stars_brings_an_invoice_for_one_order(outside: Outside, bot: Container) -> None:
    user = await registered(outside)
    asked = await chosen(outside, user, "quarterly")
    assert callback_buttons(asked) == ["pay:stars:quarterly"], "stars alone, unless the settings name more"
    (invoice,) = (await outside.press(user, asked, "pay:stars:quarterly")).replies
    assert invoice["invoice"]["currency"] == "XTR"
    assert invoice["invoice"]["total_amount"] == 2490
    await outside.press(user, asked, "pay:stars:quarterly")
    first, second = await orders()
    assert first[1:] == ("TELEGRAM_STARS", "one_off", "quarterly", 2490, "XTR", "pending")
    assert second[0] != first[0], "one order a press"


async def test_the_handle_alone_means_the_tariff_of_its_message(outside: Outside, bot: Container) -> None:
    user = await registered(outside)
    asked = await chosen(outside, user, "annual")
    (invoice,) = (await outside.press(user, asked, "pay:stars")).replies
    assert invoice["invoice"]["total_amount"] == 8990
    offered = (await outside.say(user, "/subscribe"))[0]
    (answered,) = (await outside.press(user, offered, "pay:stars")).replies
    assert callback_buttons(answered) == ["tariff:monthly", "tariff:quarterly", "tariff:annual"]
    assert len(await orders()) == 1


async def test_a_redelivered_press_gives_the_same_order(outside: Outside, bot: Container) -> None:
    user = await registered(outside)
    asked = await chosen(outside, user)
    query = {
        "update_id": 900_000_001,
        "callback_query": {
            "id": "77",
            "from": {"id": user, "is_bot": False, "first_name": "P"},
            "chat_instance": "1",
            "message": {key: value for key, value in asked.items() if key != "text_plain"},
            "data": "pay:stars:monthly",
        },
    }
    await outside.sandbox.call("POST", "updates", query)
    again = {**query, "update_id": 900_000_002}
    await outside.sandbox.call("POST", "updates", again)
    await outside.say(user, "/help")
    assert len(await orders()) == 1


async def test_payme_and_click_bring_a_link_to_the_checkout(outside: Outside, with_all_providers: BotSettings) -> None:
    async with running(with_all_providers):
        user = await registered(outside)
        asked = await chosen(outside, user)
        (payme,) = (await outside.press(user, asked, "pay:payme:monthly")).replies
        (click,) = (await outside.press(user, asked, "pay:click:monthly")).replies
        first, second = await orders()
    assert first[1:] == ("PAYME", "one_off", "monthly", 9_900_000, "UZS", "pending")
    (payme_url,) = urls(payme)
    told = base64.b64decode(payme_url.rsplit("/", 1)[1]).decode()
    assert f"ac.order_id={first[0]};a=9900000" in told
    assert "c=https://t.me/MentoriumTestBot" in told
    (click_url,) = urls(click)
    assert f"transaction_param={second[0]}" in click_url
    assert "amount=99000.00" in click_url
    for message, order in ((payme, first), (click, second)):
        assert order[0] in message["text_plain"]
        assert SOMS in message["text_plain"]
        assert "24 hours" in message["text_plain"]


async def test_the_button_of_a_provider_that_is_not_offered_any_more(outside: Outside, settings: BotSettings) -> None:
    async with running(settings):
        user = await registered(outside)
        asked = await chosen(outside, user)
        (said,) = (await outside.press(user, asked, "pay:payme:monthly")).replies
    assert said["text_plain"] == t("en", "pay-not-offered", provider="Payme")
    assert callback_buttons(said) == ["pay:stars:monthly", "pay:stars:renew"]
    async with running(settings.model_copy(update={"payment_providers": ""})):
        (said,) = (await outside.press(user, asked, "pay:stars:monthly")).replies
        assert said["text_plain"] == t("en", "pay-not-offered-nor-others", provider="Telegram Stars")
        assert "/paysupport" in plain([await chosen(outside, user)])
        assert await orders() == []


async def test_the_renewal_of_the_monthly_tariff_opens_by_a_link(outside: Outside, bot: Container) -> None:
    user = await registered(outside)
    asked = await chosen(outside, user)
    (said,) = (await outside.press(user, asked, "pay:stars:renew")).replies
    ((public_id, *order),) = await orders()
    assert order == ["TELEGRAM_STARS", "stars_subscription", "monthly", 990, "XTR", "pending"]
    assert public_id in said["text_plain"]
    assert len(urls(said)) == 1


async def test_who_is_covered_by_somebody_else_is_told_until_when_before_paying(
    outside: Outside, bot: Container
) -> None:
    child = await outside.child("Aziza")
    payer, other = await outside.user(), await outside.user()
    await outside.register(payer, child.link_code)
    link = await outside.sandbox.call("POST", "platform/links", {"guardian_id": child.guardian_id})
    await outside.register(other, link["payload"])
    granted = await GrantSubscription()(payer, Tariff.MONTHLY, "test", "test", request_key=uuid4().hex)
    until = format_date_long("en", clock.local_day(granted.expires_at))
    note = t("en", "pay-covered-already", until=until)
    assert note in plain([await chosen(outside, other)])
    assert note not in plain([await chosen(outside, payer)]), "it is their own"
    second = await outside.child("Bahrom")
    await outside.start(other, second.link_code)
    assert "covers all" not in plain([await chosen(outside, other)]), "one child is covered by nobody"


async def test_who_may_view_no_child_is_told_so_before_paying(outside: Outside, bot: Container) -> None:
    """Days that run while nothing can be shown are days a parent wants back."""
    user = await registered(outside)
    assert t("en", "pay-no-child") not in plain([await chosen(outside, user)])
    shown, *_ = await outside.say(user, "/children")
    unlink = next(data for data in callback_buttons(shown) if data.startswith("unlink:"))
    await outside.press(user, shown, unlink)
    asked = await chosen(outside, user)
    assert t("en", "pay-no-child") in plain([asked])
    assert callback_buttons(asked), "and may pay all the same"


async def test_paying_does_not_wait_for_the_platform(outside: Outside, settings: BotSettings) -> None:
    async with running(settings):
        user = await registered(outside)
    away = settings.model_copy(update={"platform_db_url": SecretStr("postgresql://nobody@127.0.0.1:1/none")})
    async with running(away):
        asked = await chosen(outside, user)
        (invoice,) = (await outside.press(user, asked, "pay:stars:monthly")).replies
    assert invoice["invoice"]["total_amount"] == 990


async def test_in_grace_the_offer_says_that_paid_days_are_over(outside: Outside, bot: Container) -> None:
    user = await registered(outside)
    given = clock.now() - timedelta(days=31)
    granted = await GrantSubscription()(user, Tariff.MONTHLY, "test", "test", given, request_key=uuid4().hex)
    until = format_date_long("en", clock.local_day(granted.expires_at))
    open_until = format_date_long("en", clock.local_day(granted.expires_at + GRACE))
    expected = t("en", "subscribe-in-grace", until=until, open_until=open_until)
    assert plain(await outside.say(user, "/subscribe")) == expected
