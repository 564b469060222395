"""The reports of the last month: due on the 1st at 10:00."""

from __future__ import annotations

from typing import Final

from mentorium_core.reports.schedule import ReportType
from mentorium_core.reports.scheduled import NoticeDueRun

NAME: Final = "monthly_reports"
notice = NoticeDueRun(ReportType.MONTHLY)
