"""Texts, numbers and dates in Uzbek (Latin), Russian and English."""

from mentorium_core.i18n.apostrophes import fold_apostrophes
from mentorium_core.i18n.catalogue import LANGUAGES, CatalogueError, has_text, t
from mentorium_core.i18n.formats import (
    format_date_long,
    format_day_month,
    format_duration,
    format_list,
    format_money,
    format_month,
    format_months,
    format_number,
    format_percent,
    format_period,
    format_weekday,
    utf16_length,
    whole_minutes,
)

__all__ = [
    "LANGUAGES",
    "CatalogueError",
    "fold_apostrophes",
    "format_date_long",
    "format_day_month",
    "format_duration",
    "format_list",
    "format_money",
    "format_month",
    "format_months",
    "format_number",
    "format_percent",
    "format_period",
    "format_weekday",
    "has_text",
    "t",
    "utf16_length",
    "whole_minutes",
]
