"""One batch of parents: a job small enough to be done again without harm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mentorium_core.reports.batches import next_batch
from mentorium_core.reports.calendar import run_for
from mentorium_core.reports.period_run import MakePeriodReports
from mentorium_domain.enums import ReportType


@dataclass(frozen=True, slots=True)
class MakeReportsJob:
    make_reports: MakePeriodReports

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """`report_type`, `first_day` of the period, and of which parents: those `after` an id, who came `before`.

        The run is the one that is named, however late the job is done.
        """
        run = run_for(ReportType(payload["report_type"]), date.fromisoformat(payload["first_day"]))
        before = datetime.fromisoformat(payload["before"])
        parents = await next_batch(run, after=int(payload["after"]), before=before)
        await self.make_reports.for_parents(parents, run)
