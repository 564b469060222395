"""/settings: what a parent chooses, in three languages, and the same from under a message."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from mentorium_bot.container import Container
from mentorium_core.i18n import t
from mentorium_core.identity.queries import find_parent
from mentorium_core.notifications.preferences import read_preferences
from mentorium_domain.enums import Language, ReportFrequency, ReportTone
from mentorium_domain.preferences import DEFAULTS, Preferences
from mentorium_sandbox.client import callback_buttons
from mentorium_sandbox.telegram.raw_updates import put_raw_update
from tests.integration.telegram_bot.conftest import Outside
from tests.integration.telegram_bot.helpers import plain


async def chosen(user: int) -> Preferences:
    parent = await find_parent(user)
    assert parent is not None
    return await read_preferences(parent.parent_id)


async def a_parent(outside: Outside, language: str = "en") -> int:
    user = await outside.user(language)
    await outside.register(user, (await outside.child("Aziz")).link_code)
    return user


async def newest(outside: Outside, user: int) -> Any:
    return (await outside.parent(user).chat()).messages[-1]


async def press(outside: Outside, user: int, button: str) -> Any:
    """The settings as they stand after that press: it says nothing new."""
    said = len((await outside.parent(user).chat()).messages)
    await outside.press(user, await newest(outside, user), button)
    assert len((await outside.parent(user).chat()).messages) == said
    return await newest(outside, user)


@pytest.mark.parametrize("language", Language)
async def test_every_choice_is_reached_by_buttons(outside: Outside, bot: Container, language: Language) -> None:
    user = await a_parent(outside)
    await outside.press(user, (await outside.say(user, "/language"))[-1], f"lang:{language}")
    await outside.say(user, "/settings")
    shown = await press(outside, user, "notify:reports")
    assert t(language, "settings-report-monthly", hour="10:00") in plain([shown])
    shown = await press(outside, user, "time:18")
    assert t(language, "settings-report-monthly", hour="18:00") in plain([shown])
    await press(outside, user, "weekday:5")
    shown = await press(outside, user, "freq:weekly")
    assert t(language, "settings-report-monthly", hour="18:00") not in plain([shown])
    shown = await press(outside, user, "notify:all")
    assert "weekday:5" not in callback_buttons(shown)
    for name in ("achievement", "reminder", "subscription", "payment"):
        shown = await press(outside, user, f"notify:{name}:off:all")
        assert f"notify:{name}:on:all" in callback_buttons(shown)
    assert await chosen(user) == Preferences(
        ReportFrequency.WEEKLY,
        5,
        18,
        achievement=False,
        reminder=False,
        subscription_sound=False,
        payment_sound=False,
    )


async def test_no_reports_ask_for_no_day_and_the_way_back_asks_for_both(outside: Outside, bot: Container) -> None:
    user = await a_parent(outside)
    await outside.say(user, "/settings")
    await press(outside, user, "notify:reports")
    shown = await press(outside, user, "freq:off")
    assert not [data for data in callback_buttons(shown) if data.startswith(("weekday:", "time:"))]
    shown = await press(outside, user, "freq:both")
    assert {"weekday:1", "time:08", "time:20", "time:00"} <= set(callback_buttons(shown))
    await press(outside, user, "time:9")
    await press(outside, user, "time:09")
    await press(outside, user, "time:00")
    assert await chosen(user) == DEFAULTS


async def test_how_reports_speak_is_chosen_and_shown(outside: Outside, bot: Container) -> None:
    user = await a_parent(outside)
    await outside.say(user, "/settings")
    shown = await press(outside, user, "tone:neutral")
    assert t("en", "settings-tone-neutral") in plain([shown])
    shown = await press(outside, user, "reportlang:ru")
    assert "Русский" in plain([shown])
    replies = (await outside.press(user, shown, "ai:off")).replies
    assert t("en", "ai-switched-off") in plain(replies)
    assert await chosen(user) == Preferences(report_tone=ReportTone.NEUTRAL, report_language=Language.RU, ai=False)
    assert "ai:on" in callback_buttons((await outside.say(user, "/settings"))[-1])
    await outside.press(user, await newest(outside, user), "ai:on")
    assert (await chosen(user)).ai


async def test_a_type_is_switched_off_from_under_its_message_and_on_again(outside: Outside, bot: Container) -> None:
    user = await a_parent(outside)
    message = await newest(outside, user)
    replies = (await outside.press(user, message, "notify:reminder:off")).replies
    assert not (await chosen(user)).reminder
    assert t("en", "settings-said-reminder-off") in plain(replies)
    assert "notify:reminder:on" in callback_buttons(replies[-1])
    await outside.press(user, replies[-1], "notify:reminder:on")
    assert await chosen(user) == DEFAULTS


async def test_the_settings_of_reports_open_beside_the_report(outside: Outside, bot: Container) -> None:
    user = await a_parent(outside)
    message = await newest(outside, user)
    replies = (await outside.press(user, message, "notify:reports:new")).replies
    assert "freq:off" in callback_buttons(replies[-1])


async def test_settings_that_the_release_before_has_shown_still_choose(outside: Outside, bot: Container) -> None:
    user = await a_parent(outside)
    await outside.say(user, "/settings")
    await press(outside, user, "often:weekly")
    await press(outside, user, "hour:9")
    assert await chosen(user) == Preferences(ReportFrequency.WEEKLY, report_hour=9)


async def test_each_type_is_toggled_by_its_name_alone(outside: Outside, bot: Container) -> None:
    user = await a_parent(outside)
    await outside.say(user, "/settings")
    for name in ("report", "achievement", "reminder", "subscription", "payment"):
        await press(outside, user, f"notify:{name}")
    assert await chosen(user) == Preferences(
        ReportFrequency.OFF, achievement=False, reminder=False, subscription_sound=False, payment_sound=False
    )
    for name in ("report", "achievement", "reminder", "subscription", "payment"):
        await press(outside, user, f"notify:{name}")
    assert await chosen(user) == DEFAULTS


def press_again(outside: Outside, user: int, shown: Any, button: str) -> None:
    """That press as it came, to be handled once more: the bot was killed before it had ended the update."""
    sender = {"id": user, "is_bot": False, "first_name": "Parent"}
    query = {"id": "7", "from": sender, "message": shown, "chat_instance": "7", "data": button}
    put_raw_update(outside.world, outside.world.bots()[0], {"callback_query": query})


async def test_a_press_that_is_handled_twice_switches_once(outside: Outside, bot: Container) -> None:
    user = await a_parent(outside)
    await outside.say(user, "/settings")
    off = Preferences(
        ReportFrequency.OFF,
        achievement=False,
        reminder=False,
        subscription_sound=False,
        payment_sound=False,
        report_tone=ReportTone.BRIEF,
    )
    for wanted in (off, DEFAULTS):
        for name in ("report", "achievement", "reminder", "subscription", "payment"):
            shown = deepcopy(await newest(outside, user))
            await press(outside, user, f"notify:{name}")
            press_again(outside, user, shown, f"notify:{name}")
        await press(outside, user, f"tone:{wanted.report_tone}")  # behind them all
        assert await chosen(user) == wanted


async def test_who_is_not_registered_chooses_nothing(outside: Outside, bot: Container) -> None:
    user = await outside.user()
    (shown,) = (await outside.start(user))[-1:]
    await outside.press(user, shown, "freq:off")
    assert await find_parent(user) is None
