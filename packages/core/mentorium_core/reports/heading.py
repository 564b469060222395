"""The first line of a report: whose it is, and over which days."""

from __future__ import annotations

from typing import Final

from mentorium_core.i18n import clip, format_month, format_period, t
from mentorium_core.progress.model import Period, PeriodKind
from mentorium_core.reports.model import ReportDocument

NAME_LIMIT: Final = 40


def header(document: ReportDocument, language: str) -> str:
    name, period = child_name(document, language), header_period(language, document.period)
    return t(language, "report-header", kind=document.period.kind.value, name=name, period=period)


def child_name(document: ReportDocument, language: str) -> str:
    """The child's name in at most 40 characters; a kind word where the platform has none that can be read."""
    return clip(document.name, NAME_LIMIT) or t(language, "report-your-child")


def header_period(language: str, period: Period) -> str:
    """`16–22 ноября` of a week, `ноябрь 2026` of a month."""
    if period.kind is PeriodKind.MONTH:
        return format_month(language, period.first_day)
    return format_period(language, period.first_day, period.last_day)
