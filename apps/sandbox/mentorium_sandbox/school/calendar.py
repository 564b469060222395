"""Days and weeks of the school: Asia/Tashkent, weeks from Monday to Sunday."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TASHKENT = ZoneInfo("Asia/Tashkent")
WEEK = timedelta(weeks=1)
HISTORY_WEEKS = 16


def local_day(moment: datetime) -> date:
    return moment.astimezone(TASHKENT).date()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), TASHKENT)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
