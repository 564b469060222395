"""/subscription with a card: offered where it may be, shown with its next charge, removed by one press."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import text

from mentorium_bot.config import BotSettings
from mentorium_bot.container import Container
from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.card_page import CONSENT_VERSION, MOST_LINKS, OpenCardPage, SaveCard
from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.i18n import t
from mentorium_core.identity.queries import find_parent
from mentorium_db import get_session
from mentorium_domain.enums import ProviderName, Tariff
from mentorium_kit import clock
from mentorium_sandbox.client import callback_buttons
from tests.fixtures.payme_cards import payme_card_server
from tests.integration.core.billing.till import Till
from tests.integration.telegram_bot.conftest import Outside, running
from tests.integration.telegram_bot.helpers import plain
from tests.integration.telegram_bot.test_subscription import TARIFFS, day, registered, renewing

CARD = "card-token-of-the-tests-1"
LINK = re.compile(r"https://bot\.example/card/([A-Za-z0-9_-]{43})")


@pytest_asyncio.fixture
async def with_card(settings: BotSettings) -> AsyncIterator[Container]:
    """The bot, with Payme and a page for cards."""
    more = {
        "payment_providers": "stars,payme",
        "payme_merchant_id": "merchant",
        "payme_secret_key": SecretStr("a key of the tests"),
        "public_url": "https://bot.example",
    }
    async with running(settings.model_copy(update=more)) as container:
        yield container


async def subscribed(outside: Outside, language: str = "en") -> int:
    user = await outside.user(language)
    await outside.parent(user, language).agree((await outside.child("Aziza")).link_code)
    await GrantSubscription()(user, Tariff.QUARTERLY, "a test", "tests", request_key=f"grant:{user}")
    return user


def link_of(message: dict[str, object]) -> str:
    """The token of the one button's link."""
    ((button,),) = message["reply_markup"]["inline_keyboard"]  # type: ignore[index]
    found = LINK.fullmatch(button["url"])
    assert found is not None, button
    return found.group(1)


async def give_card(token: str) -> None:
    """As the page does it."""
    page = await OpenCardPage()(token)
    assert page is not None
    async with payme_card_server() as payme:
        payme.cards = {CARD: 0}
        assert await SaveCard(payme.api)(page.save_token, CARD, CONSENT_VERSION) == "saved"


@pytest.mark.parametrize("language", ["uz", "ru", "en"])
async def test_a_card_is_offered_shown_changed_and_removed(
    outside: Outside, with_card: Container, language: str
) -> None:
    user = await subscribed(outside, language)
    ends = clock.now() + timedelta(days=90)
    charged_on = day(ends - timedelta(days=1), language)
    (shown,) = await outside.say(user, "/subscription")
    assert callback_buttons(shown) == [*TARIFFS, "renew:on"]
    (offered,) = (await outside.press(user, shown, "renew:on")).replies
    assert charged_on in offered["text_plain"]
    assert "249" in offered["text_plain"]
    await give_card(link_of(offered))
    (shown,) = await outside.say(user, "/subscription")
    assert charged_on in shown["text_plain"]
    assert "249" in shown["text_plain"]
    assert "··6478" in shown["text_plain"]
    assert t(language, "subscription-no-renewal") not in shown["text_plain"]
    assert callback_buttons(shown) == ["renew:off", "renew:on:quarterly"]
    (another,) = (await outside.press(user, shown, "renew:on:quarterly")).replies
    assert "··6478" in another["text_plain"]
    link_of(another)
    (removed,) = (await outside.press(user, shown, "renew:off")).replies
    assert removed["text_plain"] == t(language, "card-is-off-now", card="··6478", day=day(ends, language))
    assert callback_buttons(removed) == ["renew:on"]
    (shown,) = await outside.say(user, "/subscription")
    assert t(language, "subscription-no-renewal") in shown["text_plain"]
    assert await OpenCardPage()(link_of(another)) is None, "with the card go the links that were out"


async def test_nothing_is_promised_where_there_is_no_page(outside: Outside, bot: Container) -> None:
    user = await subscribed(outside)
    (shown,) = await outside.say(user, "/subscription")
    assert callback_buttons(shown) == TARIFFS
    for button in ("renew:on", "renew:on:monthly"):
        (answered,) = (await outside.press(user, shown, button)).replies
        assert answered["text_plain"] == t("en", "renewal-none")


async def test_no_card_beside_telegrams_renewal_and_none_of_that_beside_a_card(
    outside: Outside, with_card: Container
) -> None:
    user = await registered(outside)
    await renewing(user)
    (shown,) = await outside.say(user, "/subscription")
    assert callback_buttons(shown) == ["renew:off"]
    (answered,) = (await outside.press(user, shown, "renew:on:monthly")).replies
    assert answered["text_plain"] == t("en", "renewal-is-on-already")
    (off,) = (await outside.press(user, shown, "renew:off")).replies
    assert callback_buttons(off) == ["renew:on"]
    (shown,) = await outside.say(user, "/subscription")
    assert callback_buttons(shown) == ["renew:on", *TARIFFS, "renew:on:monthly"], "Telegram's again, or a card"
    await give_card(link_of((await outside.press(user, shown, "renew:on:monthly")).replies[0]))
    (offer,) = await outside.say(user, "/subscribe")
    (asked,) = (await outside.press(user, offer, "tariff:monthly")).replies
    assert callback_buttons(asked) == ["pay:stars:monthly", "pay:payme:monthly"]


async def test_who_has_no_paid_days_is_offered_no_card(outside: Outside, with_card: Container) -> None:
    user = await registered(outside)
    (shown,) = await outside.say(user, "/subscription")
    assert callback_buttons(shown) == TARIFFS
    (answered,) = (await outside.press(user, shown, "renew:on")).replies
    assert answered["text_plain"] == t("en", "renewal-none")


async def test_more_links_than_anybody_needs_are_refused(outside: Outside, with_card: Container) -> None:
    user = await subscribed(outside)
    (shown,) = await outside.say(user, "/subscription")
    for _ in range(MOST_LINKS):
        link_of((await outside.press(user, shown, "renew:on")).replies[0])
    assert plain((await outside.press(user, shown, "renew:on")).replies) == t("en", "card-too-many-links")


async def test_after_a_purchase_at_payme_a_card_is_offered_once_it_may_be(
    outside: Outside, with_card: Container
) -> None:
    user = await registered(outside)
    parent = await find_parent(user)
    assert parent is not None
    till = Till(PaymentBook(offers_card=True))
    for provider, offered in ((ProviderName.CLICK, []), (ProviderName.PAYME, ["renew:on:annual"])):
        order = await till.order(parent.parent_id, clock.now(), Tariff.ANNUAL, provider)
        await till.settle(await till.begin(order, clock.now()), clock.now())
        assert await buttons_of_the_newest() == offered
    (shown,) = await outside.say(user, "/subscription")
    (answered,) = (await outside.press(user, shown, "renew:on:annual")).replies
    await give_card(link_of(answered))
    order = await till.order(parent.parent_id, clock.now(), Tariff.MONTHLY, ProviderName.PAYME)
    await till.settle(await till.begin(order, clock.now()), clock.now())
    assert await buttons_of_the_newest() == [], "the card renews already"


async def test_an_old_button_of_telegrams_renewal_offers_another_card_beside_a_card(
    outside: Outside, with_card: Container
) -> None:
    user = await registered(outside)
    await renewing(user)
    (shown,) = await outside.say(user, "/subscription")
    (off,) = (await outside.press(user, shown, "renew:off")).replies
    await give_card(link_of((await outside.press(user, shown, "renew:on:monthly")).replies[0]))
    (another,) = (await outside.press(user, off, "renew:on")).replies
    assert "··6478" in another["text_plain"]
    link_of(another)


async def test_who_removes_a_card_while_a_charge_is_under_way_is_not_told_that_there_was_none(
    outside: Outside, with_card: Container
) -> None:
    user = await subscribed(outside)
    (shown,) = await outside.say(user, "/subscription")
    await give_card(link_of((await outside.press(user, shown, "renew:on")).replies[0]))
    async with get_session() as session:
        await session.execute(
            text(
                "INSERT INTO renewal_attempts (parent_id, card_id, cycle_ends_at, status, receipt_id, tries, due_at,"
                " amount_minor, created_at, updated_at) SELECT c.parent_id, c.id, s.expires_at, 'unknown', 'r', 1,"
                " s.expires_at, 24900000, c.consented_at, c.consented_at FROM saved_cards c"
                " JOIN subscriptions s ON s.parent_id = c.parent_id"
            )
        )
    (shown,) = await outside.say(user, "/subscription")
    price = "249,000 UZS"
    assert t("en", "card-in-doubt", price=price, card="··6478") in shown["text_plain"]
    (removed,) = (await outside.press(user, shown, "renew:off")).replies
    assert removed["text_plain"] == t("en", "card-is-off-in-doubt", price=price, card="··6478")


async def buttons_of_the_newest() -> list[str]:
    async with get_session() as session:
        found = await session.scalar(
            text("SELECT buttons FROM notifications WHERE notification_type = 'PAYMENT' ORDER BY id DESC LIMIT 1")
        )
        return [button["data"] for row in found or [] for button in row]
