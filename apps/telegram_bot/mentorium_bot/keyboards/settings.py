"""The switches of /settings, and the last question before one's data are deleted."""

from __future__ import annotations

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from mentorium_bot.keyboards.registration import language_name
from mentorium_core.i18n import t
from mentorium_domain.enums import Language


def settings_keyboard(chosen: Language) -> InlineKeyboardMarkup:
    languages = [
        InlineKeyboardButton(
            text=f"✓ {language_name(language)}" if language is chosen else language_name(language),
            callback_data=f"lang:{language}",
        )
        for language in Language
    ]
    return InlineKeyboardMarkup(inline_keyboard=[languages])


def erase_keyboard(language: Language) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=t(language, "erase-yes"), callback_data="erase:yes", style="danger")],
            [InlineKeyboardButton(text=t(language, "erase-no"), callback_data="erase:no")],
        ]
    )
