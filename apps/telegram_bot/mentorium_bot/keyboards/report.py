"""Whose report, and over which period."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from mentorium_core.i18n import t
from mentorium_core.identity.model import Child
from mentorium_domain.enums import Language


def child_keyboard(children: Sequence[Child]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=child.display_name, callback_data=f"child:{child.student_id}")]
            for child in children
        ]
    )


def period_keyboard(language: Language) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                InlineKeyboardButton(text=t(language, "report-week"), callback_data="report:week"),
                InlineKeyboardButton(text=t(language, "report-month"), callback_data="report:month"),
            ]
        ]
    )
