"""All who ask at once share one look at a server; what it saw stands for a moment."""

from __future__ import annotations

import asyncio

import pytest

from mentorium_kit.errors import UnavailableError
from mentorium_observability import health as health_module
from mentorium_runtime.shared_probe import SharedProbe

LONG_S, NOT_AT_ALL_S = 3600.0, 0.0


class Server:
    """Counts its looks; answers when it may, or fails."""

    def __init__(self) -> None:
        self.looks = 0
        self.may_answer = asyncio.Event()
        self.error: Exception | None = None

    async def probe(self) -> None:
        self.looks += 1
        await self.may_answer.wait()
        if self.error is not None:
            raise self.error


async def test_all_who_ask_at_once_share_one_look_whoever_leaves() -> None:
    server = Server()
    shared = SharedProbe(server.probe, LONG_S)
    asking = [asyncio.create_task(shared()) for _ in range(20)]
    while server.looks == 0:
        await asyncio.sleep(0)
    asking[0].cancel()
    server.may_answer.set()
    ended = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(ended[0], asyncio.CancelledError)
    assert ended[1:] == [None] * 19
    await shared()
    assert server.looks == 1, "a moment later it still stands"


async def test_what_is_stale_is_looked_at_again_good_or_bad() -> None:
    server = Server()
    server.may_answer.set()
    shared = SharedProbe(server.probe, NOT_AT_ALL_S)
    await shared()
    server.error = UnavailableError("redis_unavailable")
    with pytest.raises(UnavailableError):
        await shared()
    server.error = None
    await shared()
    assert server.looks == 3


async def test_a_failure_stands_for_all_who_ask_within_the_moment() -> None:
    server = Server()
    server.may_answer.set()
    server.error = UnavailableError("redis_unavailable")
    shared = SharedProbe(server.probe, LONG_S)
    for _ in range(3):
        with pytest.raises(UnavailableError):
            await shared()
    assert server.looks == 1


async def test_a_server_that_hangs_is_asked_again_after_the_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_module, "PROBE_TIMEOUT_S", 0.01)
    server = Server()
    shared = SharedProbe(server.probe, NOT_AT_ALL_S)
    with pytest.raises(TimeoutError):
        await shared()
    server.may_answer.set()
    await shared()
    assert server.looks == 2
