"""Whose report, and over which period."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import InlineKeyboardMarkup

from mentorium_bot.keyboards.button import button
from mentorium_bot.keyboards.callback_data import ChooseChild, ChoosePeriod, ReportPeriod
from mentorium_core.i18n import t
from mentorium_core.identity.model import Child
from mentorium_domain.enums import Language


def child_keyboard(children: Sequence[Child]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[button(child.display_name, ChooseChild(student_id=child.student_id))] for child in children]
    )


def period_keyboard(language: Language) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                button(t(language, "report-week"), ChoosePeriod(period=ReportPeriod.WEEK)),
                button(t(language, "report-month"), ChoosePeriod(period=ReportPeriod.MONTH)),
            ]
        ]
    )
