"""Numbers, money, dates and durations as each language writes them: CLDR, with the corrections our readers need.

CLDR itself would write `99 000,00 soʻm`, abbreviate months in ranges and round 95 minutes to two hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from babel.dates import get_day_names, get_month_names
from babel.lists import format_list as babel_list
from babel.numbers import format_decimal, parse_pattern

from mentorium_core.i18n.catalogue import t
from mentorium_core.i18n.locale_data import locale_of
from mentorium_core.i18n.numbers import sayable
from mentorium_domain.language import LANGUAGES

_ONE = Decimal(1)
_TENTH = Decimal("0.1")
_MINUTES_AN_HOUR = 60
_NUMBER: Final = parse_pattern("#,##0.###")


def format_number(language: str, value: Decimal | int) -> str:
    """`1 234,5`: groups and decimal sign of the language, no needless zeros, at most three decimals.

    What is too large, or none, is said as far as it goes: `1.00E+400`, `∞`.
    """
    said = sayable(value)
    return said if isinstance(said, str) else str(format_decimal(said, format=_NUMBER, locale=locale_of(language)))


def format_percent(language: str, percent: Decimal | int, *, decimals: bool = False) -> str:
    """`87 %` (ru), `87%` (uz, en) of a percentage 0..100; a half rounds up. With `decimals`, one digit at most."""
    if isinstance(said := sayable(percent), str):
        return t(language, "format-percent", number=said)
    rounded = Decimal(said).quantize(_TENTH if decimals else _ONE, ROUND_HALF_UP)
    return t(language, "format-percent", number=format_number(language, rounded))


def format_money(language: str, soums: int) -> str:
    """`99 000 soʻm`, `99 000 сум`, `99,000 UZS` of whole soums."""
    return t(language, "format-money", number=format_number(language, soums))


def whole_minutes(seconds: int) -> int:
    """Seconds as minutes, a half rounds up; whoever studied at all has at least one."""
    return max((seconds + 30) // 60, 1 if seconds > 0 else 0)


def format_duration(language: str, seconds: int) -> str:
    """`3 ч 20 мин`, `45 daqiqa`, `2 h`: hours and minutes, zero parts left out."""
    hours, minutes = divmod(whole_minutes(seconds), _MINUTES_AN_HOUR)
    if not hours:
        return t(language, "format-minutes", minutes=minutes)
    if not minutes:
        return t(language, "format-hours", hours=hours)
    return t(language, "format-hours-minutes", hours=hours, minutes=minutes)


def format_duration_short(language: str, seconds: int) -> str:
    """The same where there is little room: `3 soat 20 daq`."""
    hours, minutes = divmod(whole_minutes(seconds), _MINUTES_AN_HOUR)
    if not hours or not minutes:
        return format_duration(language, seconds)
    return t(language, "format-hours-minutes-short", hours=hours, minutes=minutes)


def format_day_month(language: str, day: date) -> str:
    """`23-noyabr`, `23 ноября`, `23 November`."""
    return t(language, "format-day-month", day=str(day.day), month=month_after_day(language, day))


def format_date_long(language: str, day: date) -> str:
    """`2026-yil 23-noyabr`, `23 ноября 2026 г.`, `23 November 2026`."""
    return t(language, "format-day-month-year", day_month=format_day_month(language, day), year=str(day.year))


def format_period(language: str, first_day: date, last_day: date) -> str:
    """`16–22 ноября`, `28 октября – 3 ноября`; years appear only where the two days have different ones."""
    if first_day == last_day:
        return format_day_month(language, first_day)
    if first_day.year != last_day.year:
        return f"{format_date_long(language, first_day)} – {format_date_long(language, last_day)}"
    if first_day.month != last_day.month:
        return f"{format_day_month(language, first_day)} – {format_day_month(language, last_day)}"
    days = f"{first_day.day}–{last_day.day}"
    return t(language, "format-day-month", day=days, month=month_after_day(language, first_day))


def format_month(language: str, day: date) -> str:
    """`2026-yil noyabr`, `ноябрь 2026`, `November 2026`."""
    return t(language, "format-month-year", month=_month_name(language, day), year=str(day.year))


def format_month_alone(language: str, day: date) -> str:
    """`noyabr`, `ноябрь`, `November`."""
    return _month_name(language, day)


def format_months(language: str, first: date, last: date) -> str:
    """`февраль–март 2027`, `2027-yil fevral–mart`, `декабрь 2026 – январь 2027`, or one month, where both days lie in
    it.
    """
    if (first.year, first.month) == (last.year, last.month):
        return format_month(language, first)
    if first.year == last.year:
        names = {"first": _month_name(language, first), "last": _month_name(language, last)}
        return t(language, "format-months-of-a-year", **names, year=str(first.year))
    return f"{format_month(language, first)} – {format_month(language, last)}"


def format_weekday(language: str, day: date) -> str:
    """The short name for the foot of a chart and beside a date: `Ju`, `пт`, `Fri`."""
    names = get_day_names(LANGUAGES[language].weekday_width, context="stand-alone", locale=locale_of(language))
    return str(names[day.weekday()])


def format_list(language: str, items: Sequence[str]) -> str:
    """`A, B va C`, `A, B и C`, `A, B and C`."""
    return str(babel_list(list(items), locale=locale_of(language)))


def utf16_length(text: str) -> int:
    """Length as Telegram counts it: in UTF-16 units, so that most emoji count two."""
    return len(text.encode("utf-16-le")) // 2


def cut_to_utf16(text: str, most: int) -> str:
    """At most so many UTF-16 units of it; what is cut ends in an ellipsis, and no emoji is cut in two."""
    if utf16_length(text) <= most:
        return text
    return text.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", "ignore") + "…"


def month_after_day(language: str, day: date) -> str:
    """The month as it stands after a number: `ноября`."""
    return str(get_month_names("wide", context="format", locale=locale_of(language))[day.month])


def _month_name(language: str, day: date) -> str:
    """Month standing alone: `ноябрь`; CLDR writes the Uzbek ones with a capital there."""
    name = str(get_month_names("wide", context="stand-alone", locale=locale_of(language))[day.month])
    return name if LANGUAGES[language].months_are_capital else name.lower()
