"""One batch of parents: a job small enough to be done again without harm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from mentorium_core.reports.period_run import MakePeriodReports, next_batch, period_from
from mentorium_domain.enums import ReportType


class MakeReportsJob:
    def __init__(self, make: MakePeriodReports) -> None:
        self._make = make

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """`report_type`, `first_day` of the period, and of which parents: those `after` an id, who came `before`."""
        report_type = ReportType(payload["report_type"])
        period = period_from(report_type, date.fromisoformat(payload["first_day"]))
        before = datetime.fromisoformat(payload["before"])
        parents = await next_batch(report_type, period, after=int(payload["after"]), before=before)
        await self._make.for_parents(parents, report_type, period)
