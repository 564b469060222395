"""The caps, as pure functions: at most one message a day and three a week that a parent has not asked for.

The reports of one run are one message, and never give way: a day on which one is due is theirs. So are, of several
children, the messages that tell what one day has brought (`Policy.bundled`): one a child. Days and weeks are
those of Tashkent; a week begins on Monday.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from mentorium_core.notifications.policy import A_DAY, A_WEEK, POLICIES
from mentorium_domain.enums import Notice, NotificationType, ReportType
from mentorium_domain.preferences import Preferences


@dataclass(frozen=True, slots=True)
class Counted:
    """A message that counts, and its day; whether it has arrived is not always known, and makes no difference."""

    day: date
    kind: NotificationType
    notice: Notice | None = None
    student_id: int | None = None


def week_of_day(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week that `day` is in."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def report_days(preferences: Preferences, first: date, last: date) -> frozenset[date]:
    """The days from `first` to `last` on which a scheduled report is due by a parent's choice."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    weekly = preferences.wants_report(ReportType.WEEKLY)
    monthly = preferences.wants_report(ReportType.MONTHLY)
    return frozenset(
        day for day in days if (weekly and day.isoweekday() == preferences.report_weekday) or (monthly and day.day == 1)
    )


def has_room(
    notice: Notice, today: date, told: Collection[Counted], preferences: Preferences, student_id: int | None = None
) -> bool:
    """Whether one more message of this notice, about this child, may go out today; it gives way to reports.

    `told`: what counts of this week, at least. Reports that are due today or later in the week have their place kept.
    """
    monday, sunday = week_of_day(today)
    this_week = [one for one in told if monday <= one.day <= sunday]
    reports = {one.day for one in this_week if one.kind is NotificationType.REPORT}
    reports |= report_days(preferences, today, sunday)
    others = [one for one in this_week if one.kind is not NotificationType.REPORT]
    if POLICIES[notice].bundled:
        todays = [one for one in others if one.day == today and one.notice is notice]
        if todays and all(one.student_id != student_id for one in todays):
            return True  # with the siblings' it is one message
    others = _told_together(others)
    on_this_day = sum(one.day == today for one in others) + (today in reports)
    own_cap = POLICIES[notice].most_a_week
    if own_cap is not None and sum(one.notice is notice for one in others) >= own_cap:
        return False
    return on_this_day < A_DAY and len(reports) + len(others) < A_WEEK


def _told_together(told: Collection[Counted]) -> list[Counted]:
    """What was told of siblings on one day, where it counts as one message."""
    bundles = {(one.day, one.notice): one for one in told if one.notice is not None and POLICIES[one.notice].bundled}
    return [one for one in told if one.notice is None or not POLICIES[one.notice].bundled] + list(bundles.values())
