"""Paid broadcast: an operator lets the messages of a run be paid for, up to a budget of Stars, until stopped.

A message above Telegram's free rate costs a tenth of a Star where it is delivered
(https://core.telegram.org/bots/faq#how-can-i-message-all-of-my-bot-39s-subscribers-at-once). What is counted here is
what was claimed to be sent so: no less than what is charged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Protocol

from mentorium_core.reports.calendar import Run
from mentorium_db import get_session
from mentorium_db.repositories import PaidBroadcastRepository, ReportRunRepository
from mentorium_domain.enums import Severity
from mentorium_domain.paid_requests import PaidRequests
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError
from mentorium_observability import EventLogService

MESSAGES_A_STAR: Final = 10
LOOKS_BACK: Final = timedelta(days=8)


class PaidRequestsList(Protocol):
    """Telegram's list of what it has charged for requests beyond the free rate."""

    async def paid_requests(self, since: datetime) -> PaidRequests:
        """All of them since then. UnavailableError: to be asked again."""


@dataclass(frozen=True, slots=True)
class BroadcastBudget:
    """`taken`: messages that were claimed to be paid for; `budget` in Stars."""

    budget: int
    taken: int
    stopped: bool

    @property
    def spent(self) -> int:
        """Stars, at the most: a part of one counts as a whole."""
        return -(-self.taken // MESSAGES_A_STAR)


async def allow_payment(run: Run, stars: int, reason: str) -> None:
    """Up to so many Stars for this run, from now on; a budget that was given before is replaced, not added to."""
    async with get_session() as session:
        await PaidBroadcastRepository(session).allow(
            run.report_type, run.period.code, stars, reason.strip()[:200], clock.now()
        )
        await EventLogService.log_system(
            "paid_broadcast_allowed", report_type=run.report_type, period=run.period.code, stars=stars, reason=reason
        )


async def stop_payment(run: Run) -> BroadcastBudget:
    """No further message of this run is paid for. NotFoundError where none was to be."""
    async with get_session() as session:
        row = await PaidBroadcastRepository(session).stop(run.report_type, run.period.code, clock.now())
        if row is None:
            raise NotFoundError("paid_broadcast_unknown")
        await EventLogService.log_system(
            "paid_broadcast_stopped", report_type=run.report_type, period=run.period.code, messages=row.taken
        )
        return BroadcastBudget(row.star_budget, row.taken, True)


async def stop_refused_payment(notification_id: int, reason: str) -> None:
    """Telegram does not take this message as one that is paid for: no further one of its run is, and a person is told.

    Harmless twice.
    """
    async with get_session() as session:
        row = await PaidBroadcastRepository(session).stop_of(notification_id, clock.now())
        if row is not None:
            await EventLogService.log_system(
                "paid_broadcast_refused",
                severity=Severity.CRITICAL,
                report_type=row.report_type,
                period=row.report_period,
                messages=row.taken,
                reason=reason,
            )


async def show_run(run: Run) -> str:
    """For operators: how far the run of the usual day is, and what of it is paid for."""
    async with get_session() as session:
        runs, paid = ReportRunRepository(session), PaidBroadcastRepository(session)
        run_id = await runs.find(run.report_type, run.period.code, run.day)
        progress = await runs.progress(run_id) if run_id is not None else None
        row = await paid.find(run.report_type, run.period.code)
    lines = ["not begun"]
    if progress is not None:
        since = f", all stored since {progress.stored_at.isoformat()}" if progress.stored_at else ""
        lines = [f"{progress.stored} of {progress.batches} batches stored{since}"]
    if row is not None:
        payment = BroadcastBudget(row.star_budget, row.taken, row.stopped_at is not None)
        stopped = ", stopped" if payment.stopped else ""
        lines.append(f"{payment.spent} of {payment.budget} Stars at the most, {payment.taken} messages{stopped}")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class ReconcilePaidBroadcasts:
    """What Telegram has charged for against what was claimed to be paid for: more of it calls a person."""

    telegram: PaidRequestsList

    async def __call__(self) -> PaidRequests | None:
        """What was charged in the last eight days; None where nothing was to be paid for. UnavailableError."""
        since = clock.now() - LOOKS_BACK
        async with get_session() as session:
            taken = await PaidBroadcastRepository(session).taken_since(since)
        if taken is None:
            return None
        charged = await self.telegram.paid_requests(since)
        agrees = charged.requests <= taken and charged.stars * MESSAGES_A_STAR <= Decimal(taken)
        async with get_session():
            await EventLogService.log_system(
                "paid_broadcast_reconciled" if agrees else "paid_broadcast_disagrees",
                severity=Severity.INFO if agrees else Severity.CRITICAL,
                claimed=taken,
                requests=charged.requests,
                stars=f"{charged.stars.normalize():f}",
            )
        return charged
