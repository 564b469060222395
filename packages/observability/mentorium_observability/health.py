"""Health of a process, told without any web framework.

live: 200 while the loop turns, and every supervised loop gets on with what it has to do. ready: 503 while closing or
without a vital part. full: 503 where ready or live is, or a part is alarming; else 200 with "ok" or "degraded" and the
state of each part.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mentorium_kit.errors import MentoriumError

Probe = Callable[[], Awaitable[None]]
PROBE_TIMEOUT_S: Final = 3.0
OK: Final = "ok"
NO_ANSWER: Final = "no answer"
KNOWN_FOR_S: Final = 300.0
_ALL_WELL: Final = 200
_NOT_WELL: Final = 503


@dataclass(frozen=True, slots=True)
class HealthPart:
    """Something the process needs; `probe` raises when it is not well. Without a vital part nothing works.

    `alarming`: this process could work, and yet parents notice that something is wrong.
    """

    name: str
    probe: Probe
    vital: bool = False
    alarming: bool = False


class LastOutcome:
    """How it went the last time a server was asked. After a while without a question nobody knows any more."""

    def __init__(self, known_for_s: float = KNOWN_FOR_S) -> None:
        self._known_for_s = known_for_s
        self._failure: str | None = None
        self._at = 0.0

    def worked(self) -> None:
        self._failure = None

    def failed(self, code: str) -> None:
        self._failure, self._at = code, time.monotonic()

    def failure(self) -> str | None:
        """The code of the last failure, where nothing has worked since and it was not long ago."""
        return self._failure if time.monotonic() - self._at < self._known_for_s else None


@dataclass(frozen=True, slots=True)
class HealthLook:
    """What is answered to all three questions now, as HTTP statuses, and the state of each part."""

    live: int
    ready: int
    full: int
    status: str
    states: Mapping[str, str]

    @property
    def unwell(self) -> dict[str, str]:
        return {name: state for name, state in self.states.items() if state != OK}


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
        notes: Mapping[str, str] | None = None,
    ) -> None:
        """`notes`: what an operator is to know though nothing is unwell; /health tells them."""
        self._parts = tuple(parts)
        self._notes = dict(notes or {})
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
            return self._answer(_NOT_WELL, "stalled", dict.fromkeys(stalled, "stalled"))
        return self._answer(_ALL_WELL, OK, {})

    async def ready(self) -> HealthAnswer:
        states = await self._probe([part for part in self._parts if part.vital])
        if self._closing:
            return self._answer(_NOT_WELL, "closing", states)
        return self._judge(states)

    async def look(self) -> HealthLook:
        """All three questions by one look at the parts."""
        states, stalled = await self._probe(self._parts), self._stalled()
        ready = self._judge({part.name: states[part.name] for part in self._parts if part.vital}).http_status
        full = self._judge(states | dict.fromkeys(stalled, "stalled"))
        return HealthLook(
            live=_NOT_WELL if stalled else _ALL_WELL,
            ready=_NOT_WELL if self._closing else ready,
            full=full.http_status,
            status=str(full.body["status"]),
            states=states | dict.fromkeys(stalled, "stalled"),
        )

    async def full(self) -> HealthAnswer:
        states, work = await asyncio.gather(self._probe(self._parts), self._ask_for_work())
        answer = self._judge(states | dict.fromkeys(self._stalled(), "stalled"))
        if self._notes:
            answer.body["notes"] = self._notes
        if work is None:
            return answer
        if isinstance(work, str):
            answer.body["work"], work = work, Work(1, None, {})  # whatever is wrong, at rest it is not
        answer.body["busy"] = self._busy() + work.due_count
        answer.body["next_due"] = work.next_due.isoformat() if work.next_due else None
        answer.body["ran"] = {name: moment.isoformat() for name, moment in work.ran.items()}
        return answer

    async def _ask_for_work(self) -> Work | str | None:
        """A word where it cannot be told; None where there is nothing to ask for."""
        if self._work is None:
            return None
        try:
            async with asyncio.timeout(PROBE_TIMEOUT_S):
                return await self._work()
        except TimeoutError:
            return NO_ANSWER
        except Exception as error:  # noqa: BLE001 - whatever is wrong is told, and never by a 500
            return error.code if isinstance(error, MentoriumError) else type(error).__name__

    def cut_short(self) -> HealthAnswer:
        """The answer to a question that the end of the process leaves no time for."""
        return self._answer(_NOT_WELL, "closing", {})

    @staticmethod
    def broken(error: Exception) -> HealthAnswer:
        """The answer where not even the answer could be made: never a 500, which could be anybody's."""
        body: dict[str, object] = {
            "status": "down",
            "parts": {"health": type(error).__name__},
            "next_due": None,
            "busy": 0,
        }
        return HealthAnswer(_NOT_WELL, body)

    def _judge(self, states: dict[str, str]) -> HealthAnswer:
        """By the states of some parts and the names of what has stalled."""
        needed = {part.name for part in self._parts if part.vital or part.alarming}
        others = {part.name for part in self._parts} - needed
        if any(state != OK and name not in others for name, state in states.items()):
            return self._answer(_NOT_WELL, "down", states)
        if self._closing:
            return self._answer(_NOT_WELL, "closing", states)
        well = all(state == OK for state in states.values())
        return self._answer(_ALL_WELL, OK if well else "degraded", states)

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
        return NO_ANSWER
    except Exception as error:  # noqa: BLE001 - whatever a part raises, its state is what is asked for
        return type(error).__name__
    return OK
