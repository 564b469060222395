"""One look at a server for all who ask at once, as with a request coalescer: probes come from many sides."""

from __future__ import annotations

import asyncio
from typing import Final

from mentorium_kit.nursery import Nursery
from mentorium_observability import health
from mentorium_observability.health import Probe

FRESH_FOR_S: Final = 1.0
"""Machine time."""


class SharedProbe:
    """A probe of a server whose answer, good or bad, is everybody's while it is awaited and for a second after.

    Load balancer, supervisor, Prometheus and the process itself ask several times a second; each question would cost a
    query of its own. Raises what the probe raised, TimeoutError where it gave no answer in time.
    """

    def __init__(self, probe: Probe, fresh_for_s: float = FRESH_FOR_S) -> None:
        self._probe = probe
        self._fresh_for_s = fresh_for_s
        self._nursery = Nursery(on_error=lambda *_: None)  # whoever asks is told
        self._look: asyncio.Task[object] | None = None
        self._ended_at = 0.0

    async def __call__(self) -> None:
        if self._look is None or (self._look.done() and self._is_stale()):
            # whoever asked first may leave: the look goes on for the others, and in nobody's log context
            self._look = self._nursery.start(self._ask(), name="probe", fresh_context=True)
        await asyncio.shield(self._look)

    def _is_stale(self) -> bool:
        return asyncio.get_running_loop().time() - self._ended_at >= self._fresh_for_s

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(health.PROBE_TIMEOUT_S):
                await self._probe()
        finally:
            self._ended_at = asyncio.get_running_loop().time()
