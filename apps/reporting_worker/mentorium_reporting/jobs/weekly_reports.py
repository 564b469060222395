"""The reports of the last week: due on Mondays at 9:00."""

from __future__ import annotations

from typing import Final

from mentorium_core.reports.schedule import ReportType
from mentorium_core.reports.scheduled import NoticeDueRun

NAME: Final = "weekly_reports"
notice = NoticeDueRun(ReportType.WEEKLY)
