"""An inline button, by what it says and what it sends."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton


def button(text: str, data: CallbackData, *, style: str | None = None) -> InlineKeyboardButton:
    """`style` is Telegram's: primary, success or danger."""
    return InlineKeyboardButton(text=text, callback_data=data.pack(), style=style)
