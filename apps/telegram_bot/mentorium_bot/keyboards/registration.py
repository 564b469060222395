"""Language, consent, and who the parent is."""

from __future__ import annotations

from aiogram.types import InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from mentorium_bot.keyboards.button import button
from mentorium_bot.keyboards.callback_data import Answer, AnswerConsent, ChooseLanguage
from mentorium_core.i18n import t
from mentorium_domain.enums import Language
from mentorium_domain.language import LANGUAGES


def language_keyboard(first: Language) -> InlineKeyboardMarkup:
    """One language a row, the likeliest on top."""
    ordered = sorted(Language, key=lambda language: language is not first)
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [button(LANGUAGES[language].native_name, ChooseLanguage(language=language))] for language in ordered
        ]
    )


def consent_keyboard(language: Language) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                button(
                    t(language, "consent-yes"),
                    AnswerConsent(answer=Answer.YES),
                    style="success",
                )
            ],
            [button(t(language, "consent-no"), AnswerConsent(answer=Answer.NO))],
        ]
    )


def contact_keyboard(language: Language) -> ReplyKeyboardMarkup:
    return ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text=t(language, "registration-share-contact"), request_contact=True)]],
        resize_keyboard=True,
        one_time_keyboard=True,
    )
