"""The jobs that a schedule starts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from mentorium_core.reports.calendar import Schedule

DueCheck = Callable[[datetime], Awaitable[bool]]
"""Starts a job if it is due at this moment (aware); whether it has."""


@dataclass(frozen=True, slots=True)
class ScheduledJob:
    """`name`: as health and log tell of it; `schedule`: when it is due; `due_check`: what the run starter asks."""

    name: str
    schedule: Schedule
    due_check: DueCheck
