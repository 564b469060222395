"""Quiet hours, 21:00 to 8:00 in Tashkent: what nobody waits for comes at 9:00, what comes at night has no sound."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from mentorium_core.notifications.policy import QUIET_FROM
from mentorium_kit import clock

MORNING: Final = 9
"""The hour of the day: what was kept for the morning comes an hour after the quiet ones."""


def in_the_day(moment: datetime) -> datetime:
    """The moment itself between 9:00 and 21:00, else the next 9:00."""
    hour = moment.astimezone(clock.TASHKENT).hour
    if MORNING <= hour < QUIET_FROM:
        return moment
    day = clock.local_day(moment) + timedelta(days=1 if hour >= QUIET_FROM else 0)
    return clock.start_of_day(day) + timedelta(hours=MORNING)


def in_the_day_before(moment: datetime, end: datetime) -> datetime:
    """As `in_the_day`; the moment itself where that would be too late."""
    waits_until = in_the_day(moment)
    return waits_until if waits_until < end else moment
