"""Who is not subscribed is told what is free, and may taste before paying as the settings say."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from mentorium_bot.config import BotSettings
from mentorium_bot.container import Container
from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.i18n import t
from mentorium_domain.enums import Tariff
from mentorium_kit import clock
from tests.integration.telegram_bot.conftest import Outside, running
from tests.integration.telegram_bot.helpers import dialog_rows, plain, settled, until


async def test_the_greeting_says_what_is_free_and_what_a_subscription_opens(outside: Outside, bot: Container) -> None:
    user, child = await outside.user(), await outside.child("Aziza")
    greeted = plain(await outside.parent(user).agree(child.link_code))
    assert greeted.endswith(t("en", "greeting-free"))
    assert t("en", "greeting-open") not in greeted, "nobody is invited to ask and then refused"
    assert t("en", "greeting-free") in plain(await outside.start(user))
    await GrantSubscription()(user, Tariff.MONTHLY, "test", "test", request_key=uuid4().hex)
    assert plain(await outside.start(user)) == f"{t('en', 'welcome-back')}\n\n{t('en', 'greeting-open')}"


async def test_so_many_answers_before_any_payment(outside: Outside, settings: BotSettings) -> None:
    async with running(settings.model_copy(update={"taste_answers": 1})):
        user, child = await outside.user(), await outside.child("Aziza")
        greeted = plain(await outside.parent(user).agree(child.link_code))
        assert greeted.endswith(t("en", "greeting-taste", answers=1, reports=0))
        await outside.say(user, "How did the week go?")
        await until(lambda: settled(user))
        assert [status for status, _ in await dialog_rows(user)] == ["answered"]
        assert t("en", "dialog-limited") in plain(await outside.say(user, "And the month?"))
        assert len(await dialog_rows(user)) == 1
        assert t("en", "greeting-free") in plain(await outside.start(user))


async def test_so_many_full_reports_before_any_payment(outside: Outside, settings: BotSettings) -> None:
    async with running(settings.model_copy(update={"taste_reports": 1})):
        user, child = await outside.user(), await outside.child("Aziza")
        await outside.register(user, child.link_code)
        await child.did("activity_day", day=last_week(), active_seconds=3600)
        (asked,) = await outside.say(user, "/report")
        (full,) = (await outside.press(user, asked, "report:week")).replies
        assert "photo" in full, "a full report has a picture"
        (again,) = (await outside.press(user, asked, "report:week")).replies
        assert again["caption"] == full["caption"], "it may be read again"
        (short,) = (await outside.press(user, asked, "report:month")).replies
        assert "photo" not in short


def last_week() -> str:
    today = clock.today()
    return str(today - timedelta(days=today.weekday() + 3))
