"""Buttons of ours as Telegram's inline keyboard."""

from __future__ import annotations

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from mentorium_domain.outbox import Buttons


def inline_keyboard(buttons: Buttons) -> InlineKeyboardMarkup | None:
    """None where there are none."""
    if not buttons:
        return None
    rows = [
        [InlineKeyboardButton(text=button.text, callback_data=button.data, url=button.url) for button in row]
        for row in buttons
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows)
