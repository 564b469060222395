"""Days, durations and numbers of the tools' results, as each language writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mentorium_sandbox.openai.mentor.phrases import Phrases

Result = Mapping[str, Any]


def with_results(result: Result) -> list[Result]:
    """The tests that were graded with points, the newest first."""
    graded = [test for test in result.get("tests") or () if test.get("percent") is not None]
    return sorted(graded, key=lambda test: str(test["day"]), reverse=True)


def heading(result: Result, words: Phrases) -> str:
    period = result.get("period")
    if period is None:
        return f"**{result['child']}.**"
    name = words.periods.get(period["name"], "")
    return f"**{result['child']}, {name}** ({days_of(period, words)})."


def period_name(result: Result) -> str:
    return str(result.get("period", {}).get("name", ""))


def days_of(period: Result, words: Phrases) -> str:
    first, last = date.fromisoformat(period["first_day"]), date.fromisoformat(period["last_day"])
    if first == last:
        return day_of(period["last_day"], words)
    if (first.year, first.month) == (last.year, last.month):
        return words.days_of_month.format(first=first.day, last=last.day, month=words.months[last.month - 1])
    return words.days_across.format(first=day_of(period["first_day"], words), last=day_of(period["last_day"], words))


def day_of(iso: str, words: Phrases) -> str:
    day = date.fromisoformat(iso)
    return words.day.format(day=day.day, month=words.months[day.month - 1])


def months_of(forecast: Result, words: Phrases) -> str:
    first, last = (month_of(forecast[key], words) for key in ("first_month", "last_month"))
    return first if first == last else f"{first} – {last}"


def month_of(iso: str, words: Phrases) -> str:
    year, month = iso.split("-")[:2]
    return f"{words.months_standing[int(month) - 1]} {year}"


def duration(minutes: float, words: Phrases) -> str:
    hours, rest = divmod(round(minutes), 60)
    parts = ([words.hours.format(hours=hours)] if hours else []) + (
        [words.minutes.format(minutes=rest)] if rest or not hours else []
    )
    return " ".join(parts)


def number(value: float, words: Phrases) -> str:
    return f"{round(value, 1):g}".replace(".", words.decimal)


def percent(value: float, words: Phrases) -> str:
    return f"{number(value, words)}%"
