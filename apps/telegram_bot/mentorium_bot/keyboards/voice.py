"""The row of /settings that has each report said aloud, or not."""

from __future__ import annotations

from aiogram.types import InlineKeyboardButton

from mentorium_bot.keyboards.button import button
from mentorium_bot.keyboards.callback_data import Switch, SwitchVoice
from mentorium_core.i18n import t
from mentorium_domain.enums import Language


def voice_row(language: Language, *, on: bool) -> list[InlineKeyboardButton]:
    """One button: what is chosen now, and the other by pressing it."""
    text = t(language, "settings-voice-on" if on else "settings-voice-off")
    return [button(text, SwitchVoice(switch=Switch.OFF if on else Switch.ON))]
