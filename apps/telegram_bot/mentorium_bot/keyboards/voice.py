"""The rows of /settings about voices: reports said aloud, questions that are spoken; and the consent to the latter."""

from __future__ import annotations

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from mentorium_bot.keyboards.button import button
from mentorium_bot.keyboards.callback_data import AgreeToVoice, Switch, SwitchSpoken, SwitchVoice
from mentorium_core.i18n import t
from mentorium_domain.enums import Language


def voice_row(language: Language, *, on: bool) -> list[InlineKeyboardButton]:
    """One button: what is chosen now, and the other by pressing it."""
    text = t(language, "settings-voice-on" if on else "settings-voice-off")
    return [button(text, SwitchVoice(switch=Switch.OFF if on else Switch.ON))]


def spoken_row(language: Language) -> list[InlineKeyboardButton]:
    """One button: whether voice messages are written down, and the other way."""
    return [button(t(language, "settings-spoken"), SwitchSpoken(action="show"))]


def voice_consent_keyboard(language: Language) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[button(t(language, "spoken-agree"), AgreeToVoice(what="voice"), style="success")]]
    )


def voice_withdrawal_keyboard(language: Language) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[button(t(language, "spoken-stop"), SwitchSpoken(action="off"))]])
