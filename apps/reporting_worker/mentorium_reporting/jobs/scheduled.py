"""The jobs that a schedule starts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from mentorium_core.reports.calendar import Run, Schedule

DueCheck = Callable[[datetime, Collection[Run]], Awaitable[bool]]
"""Starts a job if it is due at this moment (aware), but for runs that are held; whether it has."""


@dataclass(frozen=True, slots=True)
class ScheduledJob:
    """`name`: as health and log tell of it; `schedule`: when it is due; `due_check`: what the run starter asks."""

    name: str
    schedule: Schedule
    due_check: DueCheck
