"""The reports of last month: due on the 1st at 10:00, made up for until the 5th 21:00 (Tashkent)."""

from __future__ import annotations

from typing import Final

from mentorium_core.reports.calendar import MONTHLY
from mentorium_core.reports.due_run import StartDueRun
from mentorium_reporting.jobs.scheduled import ScheduledJob

MONTHLY_REPORTS: Final = ScheduledJob(name="monthly_reports", schedule=MONTHLY, due_check=StartDueRun(MONTHLY))
