"""Faults of the outside world, ordered through the control API and taken by the stand-ins."""

from __future__ import annotations

import itertools
import random
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web

from mentorium_sandbox.control_api import RequestBody, refuse

SLOW_SECONDS = 3.0
_HTTP_KINDS = frozenset({"status_429", "status_500", "timeout", "drop_response", "slow", "down"})
LINE_KINDS = frozenset({"timeout", "drop_response", "slow", "down"})
RELAYED = frozenset({"platform_db", "bot_db", "redis"})
"""Servers that are no stand-ins: faults happen on the way to them."""
READ_ONLY, COMMIT_LOST = "read_only", "commit_lost"
_DATABASE_KINDS = LINE_KINDS | {READ_ONLY, COMMIT_LOST}
KINDS = {
    "telegram": _HTTP_KINDS,
    "smtp": _HTTP_KINDS,
    "payme": _HTTP_KINDS,
    "click": _HTTP_KINDS,
    "platform_db": _DATABASE_KINDS,
    "bot_db": _DATABASE_KINDS,
    "redis": LINE_KINDS,
    "openai": _HTTP_KINDS | {"stream_cut", "corrupt_chunk", "stall", "quota"},
}


@dataclass(slots=True)
class Fault:
    """`times` None: until it is cleared. `rate`: the share of matching calls that are hit. `retry_after`: seconds."""

    id: int
    target: str
    kind: str
    match: str | None = None
    times: int | None = None
    rate: float = 1.0
    retry_after: int = 1

    def fits(self, what: str, *, background: bool) -> bool:
        if self.match is None:
            return self.kind == "down" or not background
        return fnmatchcase(what.lower(), self.match.lower())


class Faults:
    """The faults that are on. The oldest that fits is taken first; a slow answer comes `slow_s` seconds late.

    Targets `out_of_reach` are those on which none can happen.
    """

    def __init__(self, slow_s: float = SLOW_SECONDS, out_of_reach: frozenset[str] = frozenset()) -> None:
        self.slow_s = slow_s
        self.out_of_reach = out_of_reach
        self._on: list[Fault] = []
        self._ids = itertools.count(1)
        self._dice = random.Random(1)
        self.clearings = 0
        self.on_change: list[Callable[[], None]] = []
        self.settling: list[Callable[[], Awaitable[None]]] = []

    def add(
        self,
        target: str,
        kind: str,
        match: str | None = None,
        times: int | None = None,
        rate: float = 1.0,
        retry_after: int = 1,
    ) -> int:
        """Switch a fault on; returns its id. `match` names the call, `*` and `?` stand for anything."""
        fault = Fault(next(self._ids), target, kind, match, times, rate, retry_after)
        self._on.append(fault)
        self._tell()
        return fault.id

    def take(
        self, target: str, what: str, *, background: bool = False, kinds: frozenset[str] | None = None
    ) -> Fault | None:
        """The fault that hits this call, or None; uses up one of its times. `kinds`: None for any.

        A background call (the bot's polling) is hit only by `down` or by a fault that names it.
        """
        for fault in self._on:
            if fault.target != target or (kinds is not None and fault.kind not in kinds):
                continue
            if fault.fits(what, background=background) and self._dice.random() < fault.rate:
                self._use(fault)
                return fault
        return None

    def is_on(self, target: str, kind: str) -> bool:
        """Whether such a fault is on right now, whatever it names."""
        return any(fault.target == target and fault.kind == kind for fault in self._on)

    def is_down(self, target: str) -> bool:
        """Whether everything of this target is switched off right now."""
        return any(fault.target == target and fault.kind == "down" and fault.match is None for fault in self._on)

    def is_gone(self, target: str) -> bool:
        """Whether it is down for everybody until somebody says otherwise: who is connected is cut off, too."""
        return any(
            fault.target == target and fault.kind == "down" and fault.match is None and fault.times is None
            for fault in self._on
            if fault.rate >= 1
        )

    def clear(self) -> None:
        self.clearings += 1
        self._on.clear()
        self._tell()

    def remove(self, fault_id: int) -> None:
        """Switch one fault off; harmless where it is used up already."""
        self.clearings += 1
        self._on = [fault for fault in self._on if fault.id != fault_id]
        self._tell()

    async def settle(self) -> None:
        """Return when what faults change in a server is changed, or changed back."""
        for settled in self.settling:
            await settled()

    def _tell(self) -> None:
        for hear in self.on_change:
            hear()

    def described(self) -> list[dict[str, Any]]:
        """Those that are on, oldest first; `times` is what is left of them."""
        return [asdict(fault) for fault in self._on]

    def _use(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times <= 0:
            self._on.remove(fault)
            self._tell()


def routes(faults: Faults) -> list[web.AbstractRouteDef]:
    """POST, GET and DELETE /sandbox/faults; DELETE /sandbox/faults/{id} clears that one alone."""

    async def add(request: web.Request) -> web.StreamResponse:
        wanted = _wanted(await RequestBody.of(request))
        if wanted["target"] in faults.out_of_reach:
            refuse(f"{wanted['target']} is reached without a relay: start the sandbox without --direct")
        fault_id = faults.add(**wanted)
        await faults.settle()
        return web.json_response({"id": fault_id})

    async def show(_: web.Request) -> web.StreamResponse:
        kinds = {target: sorted(its_kinds) for target, its_kinds in KINDS.items()}
        return web.json_response({"faults": faults.described(), "kinds": kinds})

    async def clear(_: web.Request) -> web.StreamResponse:
        faults.clear()
        await faults.settle()
        return web.json_response({"cleared": True})

    async def clear_one(request: web.Request) -> web.StreamResponse:
        faults.remove(int(request.match_info["id"]))
        await faults.settle()
        return web.json_response({"cleared": True})

    return [
        web.post("/sandbox/faults", add),
        web.get("/sandbox/faults", show),
        web.delete("/sandbox/faults", clear),
        web.delete(r"/sandbox/faults/{id:\d{1,9}}", clear_one),
    ]


def _wanted(body: RequestBody) -> dict[str, Any]:
    target, kind = body.text("target"), body.text("kind")
    if target not in KINDS:
        refuse(f"target is one of {', '.join(sorted(KINDS))}")
    if kind not in KINDS[target]:
        refuse(f"kind for {target} is one of {', '.join(sorted(KINDS[target]))}")
    times = body.optional_integer("times")
    if times is not None and times < 1:
        refuse("times is at least 1")
    match, rate = body.optional_text("match"), body.number("rate", 1.0, highest=1.0)
    if kind == READ_ONLY and (match is not None or rate < 1):
        refuse("read_only is a state of the whole database: match and rate do not go with it")
    return {
        "target": target,
        "kind": kind,
        "match": match,
        "times": times,
        "rate": rate,
        "retry_after": int(body.number("retry_after", 1, lowest=1, highest=3600)),
    }
