"""Who may hand in one more update now: the quota of a person, asked before the update takes its place in a lane."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mentorium_bot.intake.notices import Notices
from mentorium_core.inbox.quota import QUICK_TIMES, PersonQuota, QuotaVerdict
from mentorium_core.inbox.rules import counts, is_quick
from mentorium_domain.inbox import IncomingUpdate
from mentorium_observability import get_logger
from mentorium_observability.metrics import inbox_updates

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Admission:
    """Each process asks its own."""

    notices: Notices
    quota: PersonQuota = field(default_factory=lambda: PersonQuota(quick_times=QUICK_TIMES))

    def admits(self, update: IncomingUpdate, raw: Mapping[str, Any]) -> bool:
        """Whether this update is to be handled; whoever is over the quota hears it once."""
        if update.user_id is None or not counts(update, raw):
            return True
        now = asyncio.get_running_loop().time()
        verdict = self.quota.take(update.user_id, now, quick=is_quick(update, raw))
        if verdict is QuotaVerdict.ADMITTED:
            return True
        inbox_updates.labels(status="dropped").inc()
        if verdict is QuotaVerdict.REFUSED_FIRST:
            logger.warning("quota_exceeded", user_id=update.user_id)
            self.notices.too_fast(raw)
        return False
