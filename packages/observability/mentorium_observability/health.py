"""Health of a process, told without any web framework.

live: 200 while the loop turns, and every supervised loop gets on with what it has to do. ready: 503 while closing or
without a vital part. full: 503 without a vital part or where a loop has stalled, else
200 with "ok" or "degraded" and the state of each part.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mentorium_kit.errors import MentoriumError

Probe = Callable[[], Awaitable[None]]
PROBE_TIMEOUT_S: Final = 3.0
OK: Final = "ok"


@dataclass(frozen=True, slots=True)
class HealthPart:
    """Something the process needs; `probe` raises when it is not well. Without a vital part nothing works."""

    name: str
    probe: Probe
    vital: bool = False


@dataclass(frozen=True, slots=True)
class HealthAnswer:
    """An HTTP status and the JSON body that goes with it."""

    http_status: int
    body: dict[str, object]


@dataclass(frozen=True, slots=True)
class Work:
    """What a process has to do beside what it holds in hand: things that are due, and when the next ones are.

    `ran`: the last moment (product time) at which each of its jobs ran.
    """

    due_count: int
    next_due: datetime | None
    ran: Mapping[str, datetime]


class Health:
    """Answers the three health questions of one process; `next_due` is the next moment at which it acts by itself."""

    def __init__(
        self,
        parts: Sequence[HealthPart],
        *,
        busy: Callable[[], int] = lambda: 0,
        next_due: Callable[[], datetime | None] = lambda: None,
        work: Callable[[], Awaitable[Work]] | None = None,
    ) -> None:
        self._parts = tuple(parts)
        self._busy = busy
        self._next_due = next_due
        self._work = work
        self._closing = False
        self._stalled: Callable[[], Sequence[str]] = tuple

    def watch(self, stalled: Callable[[], Sequence[str]]) -> None:
        """`stalled`: the names of loops without progress for too long (`Supervisor.stalled`)."""
        self._stalled = stalled

    def close(self) -> None:
        """From now on the process is not ready: it finishes what is in hand and takes nothing new."""
        self._closing = True

    async def live(self) -> HealthAnswer:
        stalled = self._stalled()
        if stalled:
            return self._answer(503, "stalled", dict.fromkeys(stalled, "stalled"))
        return self._answer(200, OK, {})

    async def ready(self) -> HealthAnswer:
        states = await self._probe([part for part in self._parts if part.vital])
        if self._closing:
            return self._answer(503, "closing", states)
        return self._judge(states)

    async def full(self) -> HealthAnswer:
        answer = self._judge(await self._probe(self._parts) | dict.fromkeys(self._stalled(), "stalled"))
        if self._work is None:
            return answer
        try:
            work = await self._work()
        except Exception as error:  # noqa: BLE001 - whatever is wrong is told, and never by a 500; at rest it is not
            work = Work(1, None, {})
            answer.body["work"] = error.code if isinstance(error, MentoriumError) else type(error).__name__
        answer.body["busy"] = self._busy() + work.due_count
        answer.body["next_due"] = work.next_due.isoformat() if work.next_due else None
        answer.body["ran"] = {name: moment.isoformat() for name, moment in work.ran.items()}
        return answer

    def cut_short(self) -> HealthAnswer:
        """The answer to a question that the end of the process leaves no time for."""
        return self._answer(503, "closing", {})

    def _judge(self, states: dict[str, str]) -> HealthAnswer:
        if self._stalled() or any(part.vital and states.get(part.name, OK) != OK for part in self._parts):
            return self._answer(503, "down", states)
        well = all(state == OK for state in states.values())
        return self._answer(200, OK if well else "degraded", states)

    def _answer(self, http_status: int, status: str, states: dict[str, str]) -> HealthAnswer:
        due = self._next_due()
        return HealthAnswer(
            http_status,
            {"status": status, "parts": states, "next_due": due.isoformat() if due else None, "busy": self._busy()},
        )

    @staticmethod
    async def _probe(parts: Sequence[HealthPart]) -> dict[str, str]:
        states = await asyncio.gather(*(_state(part.probe) for part in parts))
        return {part.name: state for part, state in zip(parts, states, strict=True)}


async def _state(probe: Probe) -> str:
    try:
        async with asyncio.timeout(PROBE_TIMEOUT_S):
            await probe()
    except MentoriumError as error:
        return error.code
    except TimeoutError:
        return "no answer"
    except Exception as error:  # noqa: BLE001 - whatever a part raises, its state is what is asked for
        return type(error).__name__
    return OK
