"""Numbers, money, dates and durations in three languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mentorium_core.i18n import (
    fold_apostrophes,
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

DAY = date(2026, 11, 23)
NBSP = "\u00a0"


def test_numbers() -> None:
    assert format_number("uz", Decimal("1234567.5")) == f"1{NBSP}234{NBSP}567,5"
    assert format_number("ru", 99000) == f"99{NBSP}000"
    assert format_number("en", Decimal("1234.50")) == "1,234.5"


@pytest.mark.parametrize(
    ("language", "whole", "one_digit"),
    [("uz", "88%", "87,5%"), ("ru", f"88{NBSP}%", f"87,5{NBSP}%"), ("en", "88%", "87.5%")],
)
def test_percent_rounds_a_half_up(language: str, whole: str, one_digit: str) -> None:
    assert format_percent(language, Decimal("87.5")) == whole
    assert format_percent(language, Decimal("87.5"), decimals=True) == one_digit


def test_money_has_no_hundredths() -> None:
    assert format_money("uz", 99_000) == f"99{NBSP}000 soʻm"
    assert format_money("ru", 899_000) == f"899{NBSP}000 сум"
    assert format_money("en", 249_000) == "249,000 UZS"


def test_dates() -> None:
    assert [format_day_month(x, DAY) for x in ("uz", "ru", "en")] == ["23-noyabr", "23 ноября", "23 November"]
    assert format_date_long("uz", DAY) == "2026-yil 23-noyabr"
    assert format_date_long("ru", DAY) == "23 ноября 2026 г."
    assert format_date_long("en", DAY) == "23 November 2026"


@pytest.mark.parametrize(
    ("language", "inside", "across_months", "across_years"),
    [
        ("uz", "16–22-noyabr", "26-oktabr – 1-noyabr", "2026-yil 28-dekabr – 2027-yil 3-yanvar"),
        ("ru", "16–22 ноября", "26 октября – 1 ноября", "28 декабря 2026 г. – 3 января 2027 г."),
        ("en", "16–22 November", "26 October – 1 November", "28 December 2026 – 3 January 2027"),
    ],
)
def test_periods(language: str, inside: str, across_months: str, across_years: str) -> None:
    assert format_period(language, date(2026, 11, 16), date(2026, 11, 22)) == inside
    assert format_period(language, date(2026, 10, 26), date(2026, 11, 1)) == across_months
    assert format_period(language, date(2026, 12, 28), date(2027, 1, 3)) == across_years


def test_one_day_is_no_range() -> None:
    assert format_period("ru", DAY, DAY) == "23 ноября"


def test_months() -> None:
    february, march = date(2027, 2, 1), date(2027, 3, 31)
    assert [format_month(x, DAY) for x in ("uz", "ru", "en")] == ["2026-yil noyabr", "ноябрь 2026", "November 2026"]
    assert [format_months(x, february, march) for x in ("uz", "ru", "en")] == [
        "2027-yil fevral–mart",
        "февраль–март 2027",
        "February–March 2027",
    ]
    assert format_months("ru", date(2026, 12, 5), february) == "декабрь 2026 – февраль 2027"
    assert format_months("ru", march, march) == "март 2027"


def test_weekdays() -> None:
    assert [format_weekday(x, DAY) for x in ("uz", "ru", "en")] == ["Du", "пн", "Mon"]


@pytest.mark.parametrize(
    ("seconds", "uz", "ru", "en"),
    [
        (0, "0 daqiqa", "0 мин", "0 min"),
        (5, "1 daqiqa", "1 мин", "1 min"),
        (2700, "45 daqiqa", "45 мин", "45 min"),
        (7200, "2 soat", "2 ч", "2 h"),
        (5700, "1 soat 35 daqiqa", "1 ч 35 мин", "1 h 35 min"),
        (12_000, "3 soat 20 daqiqa", "3 ч 20 мин", "3 h 20 min"),
    ],
)
def test_durations(seconds: int, uz: str, ru: str, en: str) -> None:
    assert [format_duration(x, seconds) for x in ("uz", "ru", "en")] == [uz, ru, en]


def test_minutes_round_a_half_up() -> None:
    assert [whole_minutes(s) for s in (0, 1, 89, 90, 149)] == [0, 1, 1, 2, 2]


def test_lists() -> None:
    assert [format_list(x, ["A", "B", "C"]) for x in ("uz", "ru", "en")] == ["A, B va C", "A, B и C", "A, B and C"]
    assert format_list("ru", ["A"]) == "A"


def test_length_is_counted_as_telegram_counts() -> None:
    assert utf16_length("да") == 2
    assert utf16_length("🎯") == 2


@pytest.mark.parametrize("sign", ["'", "\u2018", "\u2019", "\u02bb", "\u02bc", "`", "\u00b4"])
def test_apostrophes_fold_to_one_form(sign: str) -> None:
    assert fold_apostrophes(f"o{sign}zbek, G{sign}alaba, ma{sign}lumot") == "oʻzbek, Gʻalaba, maʼlumot"


def test_quotation_marks_stay() -> None:
    assert fold_apostrophes("‘AI’ 'test'") == "‘AI’ 'test'"
