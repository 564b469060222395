"""One batch of parents: a job small enough to be done again without harm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mentorium_core.reports.batches import batch_stored, close_late_batch, list_wanting, next_batch
from mentorium_core.reports.calendar import Run, run_for
from mentorium_core.reports.period_run import MakePeriodReports, ReportsFailedError
from mentorium_domain.enums import ReportType
from mentorium_kit import clock


@dataclass(frozen=True, slots=True)
class MakeReportsJob:
    make_reports: MakePeriodReports

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """`report_type`, `first_day` of the period, the `day` on which it goes out, and of which parents: those
        `after` an id, who came `before`, or of one, `parent_id`. The release before names no day: it knows the usual
        one alone.

        The run is the one that is named, however late the job is done. Once nobody wants it any more nothing is made.
        """
        day = date.fromisoformat(payload["day"]) if "day" in payload else None
        run = run_for(ReportType(payload["report_type"]), date.fromisoformat(payload["first_day"]), day)
        if "parent_id" in payload:
            await self._for_parent(int(payload["parent_id"]), run)
            return
        after, before = int(payload["after"]), datetime.fromisoformat(payload["before"])
        if clock.now() >= run.expires_at:
            await close_late_batch(run, after)
            return
        batch = await next_batch(run, after=after, before=before)
        try:
            await self.make_reports.for_parents(batch.parents, run, batch.run_id)
        except ReportsFailedError:
            await batch_stored(batch, after)  # a fault of ours in one report keeps nobody else's
            raise
        await batch_stored(batch, after)

    async def _for_parent(self, parent_id: int, run: Run) -> None:
        """Who has chosen another day than that of the run. Its messages wait for nobody else's."""
        if (now := clock.now()) < run.expires_at:
            found = await list_wanting(run, parent_id - 1, now, 1)
            await self.make_reports.for_parents([one for one in found if one.parent_id == parent_id], run)
