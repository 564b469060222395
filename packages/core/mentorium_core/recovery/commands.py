"""After a restore, before anybody works on it: erase and end again, and let what was due since then count as done."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from mentorium_core.billing.card_renewal_rules import FIRST_TRY_BEFORE
from mentorium_core.identity.lent_rights import end_rights
from mentorium_core.privacy.commands import erase_data
from mentorium_core.recovery.rules import DATED_EARLIER, runs_between
from mentorium_db import get_session
from mentorium_db.repositories import (
    AlertRepository,
    LearnerRepository,
    LentRightRepository,
    NotificationRepository,
    RecoveryRepository,
    ReportRunRepository,
)
from mentorium_db.repositories.recovery import EndedRights
from mentorium_domain.enums import Severity
from mentorium_kit import clock
from mentorium_observability import EventLogService

IDS_SKIPPED: Final = 5_000_000
"""More than any table grows by between two backups; of two thousand million that an id may be."""


async def erased_since(taken_at: datetime) -> set[int]:
    """The parents (our ids) who had their data erased from then on, as the open database tells it.

    Also some who were erased shortly before: those whom the backup does not hold are erased again without harm.
    """
    async with get_session() as session:
        return await RecoveryRepository(session).erased_since(taken_at - DATED_EARLIER)


async def erase_again(parent_ids: set[int]) -> int:
    """Erase those of them who are there; how many that were. Harmless when it is repeated."""
    async with get_session() as session:
        telegram_ids = await RecoveryRepository(session).telegram_ids_of(parent_ids)
    for telegram_id in telegram_ids:
        await erase_data(telegram_id)
    return len(telegram_ids)


async def ended_since(taken_at: datetime) -> EndedRights:
    """Rights, links and consents that parents ended from then on, as the open database tells it."""
    async with get_session() as session:
        return await RecoveryRepository(session).ended_since(taken_at - DATED_EARLIER)


async def end_again(ended: EndedRights) -> int:
    """End those of them that stand; how many that were. Nobody is told: they were, then. Harmless when repeated."""
    now = clock.now()
    async with get_session() as session:
        recovery = RecoveryRepository(session)
        count = await recovery.withdraw_again(ended.consents, now)
        for lender_id, right_ids in (await recovery.standing_among(ended.rights)).items():
            standing = await LentRightRepository(session).standing_of(lender_id)
            await end_rights(session, [right for right in standing if right.id in right_ids], now)
            count += len(right_ids)
    for parent_id, student_id in sorted(ended.links):
        count += await _unlink_again(parent_id, student_id, now)
    return count


async def _unlink_again(parent_id: int, student_id: int, now: datetime) -> bool:
    """Without a record for an undo, whose minutes are over."""
    async with get_session() as session:
        link = await LearnerRepository(session).find_link(parent_id, student_id)
        if link is None:
            return False
        rights = LentRightRepository(session)
        await rights.revoke_borrowed(parent_id, student_id, now)
        await LearnerRepository(session).unlink(link)
        await NotificationRepository(session).forget_waiting([(parent_id, student_id)])
        await AlertRepository(session).forget_links([(parent_id, student_id)])
        lent = [right for right in await rights.standing_of(parent_id) if right.platform_student_id == student_id]
        await end_rights(session, lent, now)
        return True


async def settle(taken_at: datetime, until: datetime) -> dict[str, int]:
    """What was due between the backup and `until`, when the lost database still worked, counts as done.

    Whoever would be told twice or charged twice is not; what that leaves undone a person can do (docs/BACKUPS.md).
    Returns how many of each kind, without those of which there are none. Aware moments, the product's time.
    """
    now = clock.now()
    async with get_session() as session:
        recovery, runs = RecoveryRepository(session), ReportRunRepository(session)
        settled = await recovery.settle(until, now, FIRST_TRY_BEFORE)
        between = list(runs_between(taken_at, until))
        for run in between:
            await runs.close(run.report_type, run.period.code, run.day, now, run.send_at)
        settled["report runs closed"] = len(between)
        await recovery.skip_ids(IDS_SKIPPED)
        found = {what: count for what, count in settled.items() if count}
        moments = {"taken_at": taken_at.isoformat(), "until": until.isoformat()}
        await EventLogService.log_system("database_restored", severity=Severity.WARNING, moments=moments, settled=found)
    return found
