"""Looking at one's own health all the time: the log tells when it changes and why, the metrics how it is."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Final

from mentorium_observability import get_logger
from mentorium_observability.health import OK, Health, HealthLook
from mentorium_observability.metrics import build_info, health_part, health_status
from mentorium_observability.version import installed_version

LOOK_EVERY_S: Final = 5.0
"""Machine time."""
_WELL: Final = 200

logger = get_logger(__name__)


async def watch_health(health: Health, process: str, every_s: float = LOOK_EVERY_S) -> None:
    """Until it is cancelled."""
    build_info.labels(process=process, version=installed_version() or "").set(1)
    before: HealthLook | None = None
    names: set[str] = set()
    while True:
        seen = await health.look()
        names |= seen.states.keys()
        _show(process, seen, names)
        if before is None or (seen.full, seen.states) != (before.full, before.states):
            _tell(seen, first=before is None)
        before = seen
        await asyncio.sleep(every_s)


def _show(process: str, seen: HealthLook, names: Collection[str]) -> None:
    """`names`: of all that was ever named; a loop that has stalled is no longer named when it gets on."""
    for question, status in (("live", seen.live), ("ready", seen.ready), ("full", seen.full)):
        health_status.labels(process=process, question=question).set(status)
    for name in names:
        health_part.labels(process=process, part=name).set(seen.states.get(name, OK) == OK)


def _tell(seen: HealthLook, *, first: bool) -> None:
    if seen.status == OK:
        if not first:
            logger.info("health_changed", status=seen.status)
        return
    tell = logger.warning if seen.full == _WELL else logger.error
    tell("health_changed", status=seen.status, live=seen.live, ready=seen.ready, unwell=seen.unwell)
