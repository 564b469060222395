"""LISTEN: being told at once of what another process has committed, in place of asking for it again and again.

It is a hint and no more: who listens looks by itself now and then, for a NOTIFY that never came.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

import asyncpg
import structlog

from mentorium_db import dsn as dsns
from mentorium_kit.backoff import backoff_s

_CONNECT_TIMEOUT_S: Final = 5.0
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 15.0
OnNews = Callable[[str], None]
_AWAY: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)


async def listen(dsn: str, channels: Mapping[str, OnNews], application: str = "mentorium-listen") -> None:
    """Call a channel's function at each NOTIFY on it with what it says, until it is cancelled.

    All are called with nothing ("") whenever some may have been missed. It holds one connection of its own, and makes a
    new one where that is lost.
    """
    failures = 0
    while True:
        try:
            connection = await asyncpg.connect(
                dsns.asyncpg_dsn(dsn),
                timeout=_CONNECT_TIMEOUT_S,
                server_settings={"application_name": application},
            )
            await _until_lost(connection, channels)
            failures = 0
        except _AWAY as error:
            failures += 1
            if failures == 1:
                logger.warning("not_listening", channel=",".join(channels), reason=type(error).__name__)
        await asyncio.sleep(backoff_s(max(failures, 1), _FIRST_PAUSE_S, _LONGEST_PAUSE_S))


async def _until_lost(connection: asyncpg.Connection[asyncpg.Record], channels: Mapping[str, OnNews]) -> None:
    lost = asyncio.Event()
    connection.add_termination_listener(lambda _: lost.set())
    try:
        for channel, on_news in channels.items():
            await connection.add_listener(channel, lambda *told, on_news=on_news: on_news(str(told[-1])))
        for on_news in channels.values():
            on_news("")
        await lost.wait()
    finally:
        connection.terminate()
