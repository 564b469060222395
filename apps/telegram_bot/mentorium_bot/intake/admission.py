"""Who may hand in one more update now: the quota of a person, asked before the update takes its place in a lane."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mentorium_bot.intake.notices import Notices
from mentorium_core.inbox.quota import A_SECOND, AT_ONCE, QUICK_AT_ONCE, PersonQuota, QuotaVerdict
from mentorium_core.inbox.rules import counts, is_quick
from mentorium_domain.inbox import IncomingUpdate
from mentorium_observability import get_logger
from mentorium_observability.metrics import inbox_updates

logger = get_logger(__name__)


@dataclass(slots=True)
class Admission:
    """Each process asks its own. Presses and commands have a bucket beside that of all else a person sends."""

    notices: Notices
    at_once: int = AT_ONCE
    a_second: float = A_SECOND
    _quota: PersonQuota = field(init=False)
    _quick: PersonQuota = field(init=False)

    def __post_init__(self) -> None:
        self._quota = PersonQuota(self.at_once, self.a_second)
        self._quick = PersonQuota(max(self.at_once, QUICK_AT_ONCE), self.a_second)

    def admits(self, update: IncomingUpdate, raw: Mapping[str, Any]) -> bool:
        """Whether this update is to be handled; whoever is over the quota hears it once."""
        if update.user_id is None or not counts(update, raw):
            return True
        quota = self._quick if is_quick(update, raw) else self._quota
        verdict = quota.take(update.user_id, asyncio.get_running_loop().time())
        if verdict is QuotaVerdict.ADMITTED:
            return True
        inbox_updates.labels(status="dropped").inc()
        if verdict is QuotaVerdict.REFUSED_FIRST:
            logger.warning("quota_exceeded", user_id=update.user_id)
            self.notices.too_fast(raw)
        return False
