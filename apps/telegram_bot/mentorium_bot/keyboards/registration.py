"""Language, consent, and who the parent is."""

from __future__ import annotations

from typing import Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from mentorium_core.i18n import t
from mentorium_domain.enums import Language

_LANGUAGE_NAMES: Final = {
    Language.UZ: "language-name-uz",
    Language.RU: "language-name-ru",
    Language.EN: "language-name-en",
}


def language_name(language: Language) -> str:
    """What a language calls itself."""
    return t(language, _LANGUAGE_NAMES[language])


def language_keyboard(first: Language) -> InlineKeyboardMarkup:
    """One language a row, the likeliest on top."""
    ordered = sorted(Language, key=lambda language: language is not first)
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=language_name(language), callback_data=f"lang:{language}")]
            for language in ordered
        ]
    )


def consent_keyboard(language: Language) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=t(language, "consent-yes"), callback_data="consent:yes", style="success")],
            [InlineKeyboardButton(text=t(language, "consent-no"), callback_data="consent:no")],
        ]
    )


def contact_keyboard(language: Language) -> ReplyKeyboardMarkup:
    return ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text=t(language, "registration-share-contact"), request_contact=True)]],
        resize_keyboard=True,
        one_time_keyboard=True,
    )
