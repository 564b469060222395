"""Texts, numbers and dates in every language of ours."""

from mentorium_core.i18n.apostrophes import fold_apostrophes
from mentorium_core.i18n.catalogue import CatalogueError, asked_about, has_text, question_words, t
from mentorium_core.i18n.formats import (
    cut_to_utf16,
    format_date_long,
    format_day_month,
    format_duration,
    format_duration_short,
    format_list,
    format_money,
    format_month,
    format_month_alone,
    format_months,
    format_number,
    format_percent,
    format_period,
    format_weekday,
    utf16_length,
    whole_minutes,
)
from mentorium_core.i18n.negotiation import guess_language
from mentorium_core.i18n.visible import clip, one_line

__all__ = [
    "CatalogueError",
    "asked_about",
    "clip",
    "cut_to_utf16",
    "fold_apostrophes",
    "format_date_long",
    "format_day_month",
    "format_duration",
    "format_duration_short",
    "format_list",
    "format_money",
    "format_month",
    "format_month_alone",
    "format_months",
    "format_number",
    "format_percent",
    "format_period",
    "format_weekday",
    "guess_language",
    "has_text",
    "one_line",
    "question_words",
    "t",
    "utf16_length",
    "whole_minutes",
]
