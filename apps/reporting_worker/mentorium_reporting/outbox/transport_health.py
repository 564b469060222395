"""A circuit breaker before the transport: after a failure Telegram is asked for a sign of life before the next message.

So an outage costs what was in flight when it began, and no more.
"""

from __future__ import annotations

import asyncio
from typing import Final

from mentorium_core.notifications.model import Delivered, MessageTransport, NotTaken, Outcome, Unclear
from mentorium_observability import get_logger

WELL_FOR_S: Final = 15.0
"""How long a sign of life is good for, in seconds."""

logger = get_logger(__name__)


class TransportHealth:
    """Whether messages may be handed to the transport now; it learns from every outcome. Not for several loops."""

    def __init__(self, transport: MessageTransport) -> None:
        self._transport = transport
        self._well_until = 0.0
        self.failed_probes = 0
        """How many times in a row the transport has given no sign of life."""

    async def is_well(self) -> bool:
        """From what is known, or by asking."""
        if self._now < self._well_until:
            return True
        if await self._transport.is_well():
            self._well_until, self.failed_probes = self._now + WELL_FOR_S, 0
            return True
        self.failed_probes += 1
        logger.warning("telegram_away", probes=self.failed_probes)
        return False

    def learn(self, outcome: Outcome) -> None:
        """A message that arrived is a sign of life; after one that did not, or whose answer was lost, one is needed."""
        if isinstance(outcome, Delivered):
            self._well_until = self._now + WELL_FOR_S
        elif isinstance(outcome, NotTaken | Unclear):
            self._well_until = 0.0

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()
