"""Days and weeks of the school: Asia/Tashkent, weeks from Monday to Sunday."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TASHKENT = ZoneInfo("Asia/Tashkent")
WEEK = timedelta(weeks=1)
HISTORY_WEEKS = 16
# Month and day. Those without lessons at school, and the public ones on which nobody works.
_SCHOOL_HOLIDAYS = (((11, 5), (11, 10)), ((12, 28), (12, 31)), ((1, 1), (1, 10)), ((3, 21), (3, 29)))
_PUBLIC_HOLIDAYS = frozenset({(1, 1), (3, 8), (3, 21), (5, 9), (9, 1), (10, 1), (12, 8)})


def local_day(moment: datetime) -> date:
    return moment.astimezone(TASHKENT).date()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), TASHKENT)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def is_school_holiday(day: date) -> bool:
    return any(first <= (day.month, day.day) <= last for first, last in _SCHOOL_HOLIDAYS)


def is_public_holiday(day: date) -> bool:
    return (day.month, day.day) in _PUBLIC_HOLIDAYS
