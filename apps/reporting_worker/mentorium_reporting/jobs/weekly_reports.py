"""The reports of last week: due on Mondays at 9:00, made up for until Wednesday 21:00 (Tashkent)."""

from __future__ import annotations

from typing import Final

from mentorium_core.reports.calendar import WEEKLY
from mentorium_core.reports.due_run import StartDueRun
from mentorium_reporting.jobs.scheduled import ScheduledJob

WEEKLY_REPORTS: Final = ScheduledJob(name="weekly_reports", schedule=WEEKLY, due_check=StartDueRun(WEEKLY))
