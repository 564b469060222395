"""Another weekday for the weekly report: each week is told once, whichever day was chosen when."""

from __future__ import annotations

from datetime import datetime

from mentorium_core.notifications.preferences import change_preferences, read_preferences
from mentorium_core.reports.batches import enqueue_parent
from mentorium_core.reports.calendar import WEEKLY
from mentorium_db import get_session
from mentorium_db.repositories import ReportRunRepository
from mentorium_domain.enums import ReportType
from mentorium_domain.preferences import Preferences
from mentorium_kit import clock


async def change_report_weekday(parent_id: int, weekday: int) -> Preferences:
    """As `change_preferences`. NotFoundError where the parent is gone.

    Where the run of the new day is over or under way in this week, and that of the day before was still to come, the
    report about the last week is made for this parent alone: who has it already gets none.
    """
    now = clock.now()
    async with get_session():
        before = await read_preferences(parent_id)
        chosen = await change_preferences(parent_id, report_weekday=weekday)
        if chosen.wants_report(ReportType.WEEKLY) and await _is_missed(before.report_weekday, weekday, now):
            run = WEEKLY.run_on(clock.local_day(now))
            assert run is not None  # a week may be told on any day
            await enqueue_parent(run, parent_id)
    return chosen


async def _is_missed(before: int, weekday: int, now: datetime) -> bool:
    """Whether no run of this week would list a parent who had the day `before` and now has this one."""
    today = clock.local_day(now)
    if not weekday <= today.isoweekday() <= before or weekday == before:
        return False
    if weekday < today.isoweekday():
        return True
    run = WEEKLY.run_on(today)
    assert run is not None
    async with get_session() as session:
        return await ReportRunRepository(session).find(run.report_type, run.period.code, run.day) is not None
