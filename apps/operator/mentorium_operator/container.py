"""The composition root of `reports run`."""

from __future__ import annotations

from mentorium_core.billing.queries import CheckAccess
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.period_run import MakePeriodReports
from mentorium_operator.config import ReportsSettings


def make_period_reports(settings: ReportsSettings) -> MakePeriodReports:
    """The use case of the worker's scheduled reports, joined as the worker joins it."""
    return MakePeriodReports(ReadFacts(), CheckAccess(settings.grace))
