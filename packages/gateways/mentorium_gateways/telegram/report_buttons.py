"""The buttons under a report: what somebody who has read it asks next. The bot reads what a press sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from mentorium_core.i18n import t
from mentorium_core.identity.model import Child
from mentorium_domain.enums import Language, ReportType

WEEK: Final = "week"
MONTH: Final = "month"
MOST_OTHERS: Final = 8
_OTHER: Final = {WEEK: MONTH, MONTH: WEEK}
_PERIOD_OF: Final = {ReportType.WEEKLY: WEEK, ReportType.MONTHLY: MONTH}


def under_report(
    language: Language, period: str, student_id: int, others: Sequence[Child] = ()
) -> InlineKeyboardMarkup:
    """The same child over the other period (`report:month:<student_id>`), and the other children over this one.

    A family with more than `MOST_OTHERS` others chooses in /report.
    """
    other = _OTHER[period]
    rows = [[_button(t(language, f"report-{other}"), other, student_id)]]
    if len(others) <= MOST_OTHERS:
        rows += [[_button(child.display_name, period, child.student_id)] for child in others]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def under_message(
    language: Language | None, report_type: ReportType | None, student_id: int | None
) -> InlineKeyboardMarkup | None:
    """Those of a report from the outbox; None under any other message."""
    if language is None or student_id is None or report_type not in _PERIOD_OF:
        return None
    return under_report(language, _PERIOD_OF[report_type], student_id)


def _button(text: str, period: str, student_id: int) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=f"report:{period}:{student_id}")
