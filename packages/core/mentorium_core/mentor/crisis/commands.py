"""What is kept of a crisis: an event without the words, and the job that tells the staff."""

from __future__ import annotations

from typing import Final

from mentorium_core.mentor.crisis.model import CrisisSign
from mentorium_db import get_session
from mentorium_db import jobs as stored_jobs
from mentorium_domain.enums import JobKind, Severity
from mentorium_observability import EventLogService, get_logger
from mentorium_observability.metrics import crisis_messages

EVENT: Final = "crisis_{kind}"
"""One name a `CrisisKind`."""
logger = get_logger(__name__)


async def note_crisis(telegram_id: int, language: str, sign: CrisisSign) -> None:
    """The event and, in its commit, the job that tells the staff; `language`: what the parent was answered in."""
    async with get_session() as session:
        await EventLogService.log_system(
            EVENT.format(kind=sign.kind),
            telegram_id,
            severity=Severity.CRITICAL,
            source=sign.source,
            language=language,
        )
        await stored_jobs.enqueue(session, JobKind.TELL_STAFF_NEWS, {}, dedup_key=JobKind.TELL_STAFF_NEWS)


def count_crisis(sign: CrisisSign) -> None:
    """For metrics and log, whether or not it is known who wrote."""
    crisis_messages.labels(kind=sign.kind, source=sign.source).inc()
    logger.warning("crisis_noticed", kind=sign.kind, source=sign.source)
