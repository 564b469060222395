"""Stretches of Tashkent calendar days that a report is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


class PeriodKind(StrEnum):
    WEEK = "week"
    MONTH = "month"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Period:
    """Tashkent days from `first_day` to `last_day`, both included.

    A week begins on a Monday and a month on its first day; either may be cut short at today.
    """

    first_day: date
    last_day: date
    kind: PeriodKind

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError("a period does not end before it begins")

    @property
    def days(self) -> int:
        """How many days, both ends included."""
        return (self.last_day - self.first_day).days + 1

    @property
    def code(self) -> str:
        """`YYYY-MM-DD/YYYY-MM-DD`, as `report_history.report_period` keeps it."""
        return f"{self.first_day.isoformat()}/{self.last_day.isoformat()}"

    def dates(self) -> tuple[date, ...]:
        return tuple(self.first_day + DAY * n for n in range(self.days))

    def until(self, today: date) -> Period:
        """The same period without the days after `today`; ValueError if it lies wholly ahead."""
        return replace(self, last_day=min(self.last_day, today))

    def previous(self) -> Period:
        """The stretch to compare with: the same days of the week or month before, or as many days before.

        A whole month is compared with the whole month before it, whatever their lengths.
        """
        if self.kind is PeriodKind.WEEK:
            return Period(self.first_day - WEEK, self.last_day - WEEK, self.kind)
        if self.kind is PeriodKind.DAYS:
            return Period(self.first_day - DAY * self.days, self.first_day - DAY, self.kind)
        before = month_of(self.first_day - DAY)
        if self.last_day == month_of(self.first_day).last_day:
            return before
        return replace(before, last_day=min(before.last_day, before.first_day + DAY * (self.days - 1)))


def week_of(day: date) -> Period:
    """The whole week, Monday to Sunday, that the day is in."""
    monday = day - DAY * day.weekday()
    return Period(monday, monday + DAY * 6, PeriodKind.WEEK)


def month_of(day: date) -> Period:
    """The whole calendar month that the day is in."""
    first_day = day.replace(day=1)
    next_month = (first_day + DAY * 31).replace(day=1)
    return Period(first_day, next_month - DAY, PeriodKind.MONTH)


def last_finished_week(today: date) -> Period:
    return week_of(today - WEEK)


def last_finished_month(today: date) -> Period:
    return month_of(today.replace(day=1) - DAY)


def last_days(today: date, days: int) -> Period:
    """The given number of days, today included."""
    return Period(today - DAY * (days - 1), today, PeriodKind.DAYS)
