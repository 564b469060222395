"""Idempotency keys of a report run, made of business facts: what is asked for twice is made and told once."""

from __future__ import annotations

from mentorium_core.progress.period import Period, PeriodKind
from mentorium_core.reports.calendar import Run


def report_key(parent_id: int, student_id: int, period: Period) -> str:
    """`report:w:2026-11-16:p42:c7`: one message about one child and one period to one parent, ever."""
    kind = "m" if period.kind is PeriodKind.MONTH else "w"
    return f"report:{kind}:{period.first_day}:p{parent_id}:c{student_id}"


def words_key(report: str) -> str:
    """`report:w:2026-11-16:p42:c7:words`: the teacher's words that follow the report with this key."""
    return f"{report}:words"


def batch_key(run: Run, after: int) -> str:
    """`reports:WEEKLY:2026-11-16:2026-11-23:0`: one job for the parents of a run (period and day) behind this id."""
    return f"reports:{run.report_type}:{run.period.first_day}:{run.day}:{after}"


def parent_key(run: Run, parent_id: int) -> str:
    """`reports:WEEKLY:2026-11-16:2026-11-24:p42`: one job for one parent who has chosen another day."""
    return f"reports:{run.report_type}:{run.period.first_day}:{run.day}:p{parent_id}"
