"""The reports of the last week: due on Mondays at 9:00."""

from __future__ import annotations

from typing import Final

from mentorium_core.reports.period_run import StartDueRun
from mentorium_domain.enums import ReportType

NAME: Final = "weekly_reports"
notice = StartDueRun(ReportType.WEEKLY)
