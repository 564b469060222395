"""What a parent has chosen about messages: read with defaults, and changed one choice at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from mentorium_core.identity.model import ParentView
from mentorium_db import get_session
from mentorium_db.repositories import NoticeRepository, NotificationSettingsRepository
from mentorium_domain.enums import Language, ReportFrequency, ReportType
from mentorium_domain.preferences import Preferences
from mentorium_kit import clock
from mentorium_kit.clock import start_of_day
from mentorium_kit.errors import NotFoundError


async def read_preferences(parent_id: int) -> Preferences:
    """What this parent has chosen; the defaults where that is nothing."""
    async with get_session() as session:
        return await NotificationSettingsRepository(session).get(parent_id)


async def language_of_reports(parent: ParentView) -> Language:
    """In which this parent reads reports, and all that belongs to them."""
    return (await read_preferences(parent.parent_id)).report_language or parent.language


async def change_preferences(parent_id: int, **chosen: Any) -> Preferences:
    """Keep these fields of `Preferences`: all that is chosen then. NotFoundError where the parent is gone.

    Another hour counts for today's reports as well: those that wait are sent then, or now where that is past. Another
    weekday is chosen by `reports.chosen_day`, which sees to it that no week is lost by that.
    """
    now = clock.now()
    try:
        async with get_session() as session:
            kept = await NotificationSettingsRepository(session).change(parent_id, now, **chosen)
            if "report_hour" in chosen:
                day = clock.local_day(now)
                week_at, month_at = (
                    start_of_day(day) + timedelta(hours=kept.hour_of(one))
                    for one in (ReportType.WEEKLY, ReportType.MONTHLY)
                )
                await NoticeRepository(session).move_reports(parent_id, now, day, week_at, month_at)
            return kept
    except IntegrityError:  # erased meanwhile
        raise NotFoundError("parent_gone") from None


async def toggle_reports(parent_id: int, *, come: bool | None = None) -> Preferences:
    """None where any come; both where none come, as of those who have chosen nothing. Errors as of a change.

    `come`: whether any come as far as the parent sees; else it is read here.
    """
    if come is None:
        come = (await read_preferences(parent_id)).report_frequency is not ReportFrequency.OFF
    frequency = ReportFrequency.OFF if come else ReportFrequency.BOTH
    return await change_preferences(parent_id, report_frequency=frequency)
