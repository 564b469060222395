"""The reports of the last month: due on the 1st at 10:00."""

from __future__ import annotations

from typing import Final

from mentorium_core.reports.period_run import StartDueRun
from mentorium_domain.enums import ReportType

NAME: Final = "monthly_reports"
notice = StartDueRun(ReportType.MONTHLY)
