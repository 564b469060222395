"""The choice of letters, and the way out while an address is asked for."""

from __future__ import annotations

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from mentorium_bot.keyboards.button import button
from mentorium_bot.keyboards.callback_data import (
    ChangeAddress,
    ChooseEmail,
    ChooseEmailForTheCase,
    ShowEmail,
    Switch,
)
from mentorium_core.i18n import t
from mentorium_core.notifications.email_channel import EmailChannelView
from mentorium_domain.enums import EmailWish, Language


def email_row(language: Language) -> list[InlineKeyboardButton]:
    """The row of /settings."""
    return [button(t(language, "email-settings-button"), ShowEmail(action="show"))]


def email_keyboard(language: Language, view: EmailChannelView) -> InlineKeyboardMarkup:
    wishes = [EmailWish.ALWAYS, EmailWish.WHEN_BLOCKED] if view.address is not None else []
    wishes += [EmailWish.OFF] if view.is_on else []
    rows = [[button(_text(language, wish, view), _choose(wish))] for wish in wishes]
    rows.append([button(t(language, "email-choose-address"), ChangeAddress(action="address"))])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def leave_keyboard(language: Language) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[button(t(language, "email-leave"), ChangeAddress(action="leave"))]])


def _choose(wish: EmailWish) -> ChooseEmail | ChooseEmailForTheCase:
    if wish is EmailWish.WHEN_BLOCKED:
        return ChooseEmailForTheCase(channel="email", switch=Switch.ON, wish=wish)
    return ChooseEmail(channel="email", switch=Switch.ON if wish is EmailWish.ALWAYS else Switch.OFF)


def _text(language: Language, wish: EmailWish, view: EmailChannelView) -> str:
    text = t(language, f"email-choose-{wish.replace('_', '-')}")
    return f"✓ {text}" if wish is view.wish and view.is_on else text
