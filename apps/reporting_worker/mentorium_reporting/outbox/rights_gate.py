"""A circuit breaker before the platform: what names a child is judged by it once more before it is sent.

What may be seen is then held to what its parent has chosen and to the caps.

One batch at a time is judged. While that lasts, and for a growing pause after the platform has not answered, messages
that name a child are left waiting and all others go out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from mentorium_core.notifications.admission import admit_messages
from mentorium_core.notifications.commands import judge_messages
from mentorium_core.notifications.model import Folded, NotJudged, RightEnded, SwitchedOff
from mentorium_domain.outbox import ClaimedMessage
from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import UnavailableError
from mentorium_observability import get_logger
from mentorium_observability.outage import Outage

JUDGED_WITHIN_S: Final = 10.0
_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 15.0

logger = get_logger(__name__)

Verdicts = dict[int, ClaimedMessage | RightEnded | NotJudged | SwitchedOff | Folded]
"""By message id: the message as it may be sent now, or why it may not."""


class RightsGate:
    """Whether what names a child may be claimed now, and whether it may be sent. Not for several loops."""

    def __init__(self) -> None:
        self._judging = False
        self._opens_at = 0.0
        self._failures = 0
        self._outage = Outage(logger, "rights_not_judged")

    @property
    def is_open(self) -> bool:
        """Whether messages that name a child may be claimed now."""
        return not self._judging and self._now >= self._opens_at

    @property
    def is_away(self) -> bool:
        """Whether the platform has not answered for a while: what names a child waits for it."""
        return self._failures > 1

    @property
    def opens_in_s(self) -> float | None:
        """In how many seconds it opens by itself; None where it is open, or opens with the verdict."""
        left = self._opens_at - self._now
        return left if left > 0 and not self._judging else None

    def close(self) -> None:
        """A batch is on its way to be judged."""
        self._judging = True

    async def judge(self, claimed: Sequence[ClaimedMessage], within_s: float = JUDGED_WITHIN_S) -> Verdicts:
        """What becomes of these messages; it opens the gate again. Who waits longer than `within_s` seconds is away."""
        try:
            verdicts = await self._ask(claimed, within_s)
        except Exception as error:  # noqa: BLE001 - an edge: whatever it is, nothing is sent unjudged
            self._failures += 1
            pause_s = backoff_s(self._failures, _PAUSE_S, _LONGEST_PAUSE_S)
            self._opens_at = self._now + pause_s
            self._outage.failed(error, count=len(claimed))
            return {one.id: NotJudged(pause_s / 2) for one in claimed}
        finally:
            self._judging = False
        self._failures = 0
        self._outage.over()
        return verdicts

    @staticmethod
    async def _ask(claimed: Sequence[ClaimedMessage], within_s: float) -> Verdicts:
        try:
            async with asyncio.timeout(within_s):
                allowed = await judge_messages(claimed)
                admitted = await admit_messages([one for one in claimed if one.id in allowed])
        except TimeoutError as error:
            raise UnavailableError("platform_db_unavailable", reason="TimeoutError") from error
        return {one.id: admitted.get(one.id, RightEnded()) for one in claimed}

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()
