"""Faults of the outside world, ordered through the control API and taken by the stand-ins."""

from __future__ import annotations

import itertools
import random
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web

from mentorium_sandbox.control_api import RequestBody, refuse

SLOW_SECONDS = 3.0
_HTTP_KINDS = frozenset({"status_429", "status_500", "timeout", "drop_response", "slow", "down"})
_LINE_KINDS = frozenset({"timeout", "drop_response", "slow", "down"})
KINDS = {
    "telegram": _HTTP_KINDS,
    "smtp": _HTTP_KINDS,
    "platform_db": _LINE_KINDS,
    "bot_db": _LINE_KINDS,
    "redis": _LINE_KINDS,
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
    """The faults that are on. The oldest that fits is taken first; a slow answer comes `slow_s` seconds late."""

    def __init__(self, slow_s: float = SLOW_SECONDS) -> None:
        self.slow_s = slow_s
        self._on: list[Fault] = []
        self._ids = itertools.count(1)
        self._dice = random.Random(1)
        self.clearings = 0

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
        return fault.id

    def take(self, target: str, what: str, *, background: bool = False) -> Fault | None:
        """The fault that hits this call, or None; uses up one of its times.

        A background call (the bot's polling) is hit only by `down` or by a fault that names it.
        """
        for fault in self._on:
            if fault.target == target and fault.fits(what, background=background) and self._dice.random() < fault.rate:
                self._use(fault)
                return fault
        return None

    def is_down(self, target: str) -> bool:
        """Whether everything of this target is switched off right now."""
        return any(fault.target == target and fault.kind == "down" and fault.match is None for fault in self._on)

    def clear(self) -> None:
        self.clearings += 1
        self._on.clear()

    def described(self) -> list[dict[str, Any]]:
        """Those that are on, oldest first; `times` is what is left of them."""
        return [asdict(fault) for fault in self._on]

    def _use(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times <= 0:
            self._on.remove(fault)


def routes(faults: Faults) -> list[web.AbstractRouteDef]:
    """POST, GET and DELETE /sandbox/faults."""

    async def add(request: web.Request) -> web.StreamResponse:
        return web.json_response({"id": faults.add(**_wanted(await RequestBody.of(request)))})

    async def show(_: web.Request) -> web.StreamResponse:
        kinds = {target: sorted(its_kinds) for target, its_kinds in KINDS.items()}
        return web.json_response({"faults": faults.described(), "kinds": kinds})

    async def clear(_: web.Request) -> web.StreamResponse:
        faults.clear()
        return web.json_response({"cleared": True})

    return [
        web.post("/sandbox/faults", add),
        web.get("/sandbox/faults", show),
        web.delete("/sandbox/faults", clear),
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
    return {
        "target": target,
        "kind": kind,
        "match": body.optional_text("match"),
        "times": times,
        "rate": body.number("rate", 1.0, highest=1.0),
        "retry_after": int(body.number("retry_after", 1, lowest=1, highest=3600)),
    }
