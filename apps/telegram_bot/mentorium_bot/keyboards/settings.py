"""The switches of /settings, and the last question before one's data are deleted."""

from __future__ import annotations

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from mentorium_bot.keyboards.button import button
from mentorium_bot.keyboards.callback_data import Answer, AnswerEraseRequest, ChooseLanguage
from mentorium_core.i18n import t
from mentorium_domain.enums import Language
from mentorium_domain.language import LANGUAGES


def settings_keyboard(chosen: Language, *more: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """The languages, and the rows of other settings."""
    languages = [
        button(
            f"✓ {LANGUAGES[language].native_name}" if language is chosen else LANGUAGES[language].native_name,
            ChooseLanguage(language=language),
        )
        for language in Language
    ]
    return InlineKeyboardMarkup(inline_keyboard=[languages, *more])


def erase_keyboard(language: Language, request_id: int) -> InlineKeyboardMarkup:
    yes = AnswerEraseRequest(answer=Answer.YES, request_id=request_id)
    no = AnswerEraseRequest(answer=Answer.NO, request_id=request_id)
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [button(t(language, "erase-yes"), yes, style="danger")],
            [button(t(language, "erase-no"), no)],
        ]
    )
