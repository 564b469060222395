"""The button under a report whose message was stored without any, by the release before."""

from __future__ import annotations

from typing import Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from mentorium_core.i18n import t
from mentorium_domain.enums import Language, ReportType

_OTHER: Final = {ReportType.WEEKLY: "month", ReportType.MONTHLY: "week"}


def under_message(
    language: Language | None, report_type: ReportType | None, student_id: int | None
) -> InlineKeyboardMarkup | None:
    """The same child over the other period (`report:month:<student_id>`); None under any other message."""
    if language is None or student_id is None or report_type not in _OTHER:
        return None
    other = _OTHER[report_type]
    button = InlineKeyboardButton(text=t(language, f"report-{other}"), callback_data=f"report:{other}:{student_id}")
    return InlineKeyboardMarkup(inline_keyboard=[[button]])
