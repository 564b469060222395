"""Faults of a provider's own API, as whoever calls it meets them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from mentorium_sandbox.broken_connection import hang_up, silence
from mentorium_sandbox.faults import Faults


async def under_faults(
    request: web.Request, faults: Faults, target: str, name: str, act: Callable[[], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """What `act` answers, or what the fault that hits this call makes of it."""
    fault = faults.take(target, name)
    kind = fault.kind if fault is not None else None
    if kind == "timeout":
        await silence(request)
    if kind in ("timeout", "down"):
        hang_up(request)
        return web.Response(status=500)
    if fault is not None and kind == "status_429":
        return web.Response(status=429, headers={"Retry-After": str(fault.retry_after)})
    if kind == "status_500":
        return web.Response(status=500, text="Internal Server Error")
    answer = await act()
    if kind == "slow":
        await asyncio.sleep(faults.slow_s)
    if kind == "drop_response":
        hang_up(request)
    return answer
