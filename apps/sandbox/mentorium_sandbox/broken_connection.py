"""A connection to a caller, broken on purpose."""

from __future__ import annotations

import asyncio

from aiohttp import web

_PATIENCE = 120.0
_LOOK_FOR_HANG_UP = 0.1


async def silence(request: web.Request, seconds: float = _PATIENCE) -> None:
    """Say nothing for so long, or until the caller has hung up: nothing tells a handler, so it looks now and then."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while (left := until - loop.time()) > 0 and request.transport is not None and not request.transport.is_closing():
        await asyncio.sleep(min(left, _LOOK_FOR_HANG_UP))


def hang_up(request: web.Request) -> None:
    """Break the connection at once, without a word."""
    if request.transport is not None:
        request.transport.abort()
