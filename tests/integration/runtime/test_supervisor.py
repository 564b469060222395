"""Loops are kept alive, end when they are asked to, and end the process when they end by themselves."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable

import pytest

from mentorium_kit.errors import UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_runtime.signals import STOP_SIGNALS, stop_on_signals
from mentorium_runtime.supervisor import Supervisor


def _never(name: str, error: BaseException) -> None:
    raise AssertionError(name) from error


@pytest.fixture
def supervisor() -> Supervisor:
    return Supervisor(Nursery(_never), first_pause_s=0.001)


class Loop:
    """Fails as often as it is told to, then runs until it is stopped; `deaf`: even longer."""

    def __init__(self, failures: int = 0, *, deaf: bool = False) -> None:
        self.failures, self.deaf = failures, deaf
        self.starts = 0
        self.running = asyncio.Event()
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        self.starts += 1
        if self.starts <= self.failures:
            raise RuntimeError("something nobody knows")
        self.running.set()
        await self._stopped.wait()
        if self.deaf:
            await asyncio.Event().wait()

    def stop(self) -> None:
        self._stopped.set()


async def _after(event: asyncio.Event, then: Callable[[], None]) -> None:
    await event.wait()
    then()


async def test_a_loop_that_fails_is_started_again(supervisor: Supervisor) -> None:
    loop, stopping = Loop(failures=3), asyncio.Event()
    supervisor.hang("polling", loop.run, stop=loop.stop)
    await asyncio.gather(supervisor.run_until(stopping), _after(loop.running, stopping.set))
    assert loop.starts == 4
    assert await supervisor.stop(5) == 0
    supervisor.raise_if_broken()


async def test_a_loop_that_ends_by_itself_ends_the_others(supervisor: Supervisor) -> None:
    short, long = Loop(), Loop()
    supervisor.hang("jobs", short.run, stop=short.stop)
    supervisor.hang("sender", long.run, stop=long.stop)
    await asyncio.gather(supervisor.run_until(asyncio.Event()), _after(short.running, short.stop))
    assert await supervisor.stop(5) == 0
    with pytest.raises(UnavailableError, match="loop_ended: loops=jobs"):
        supervisor.raise_if_broken()


async def test_a_loop_without_a_stop_is_cancelled(supervisor: Supervisor) -> None:
    loop, stopping = Loop(), asyncio.Event()
    supervisor.hang("heartbeat", loop.run)
    await asyncio.gather(supervisor.run_until(stopping), _after(loop.running, stopping.set))
    assert await supervisor.stop(5) == 0
    supervisor.raise_if_broken()


async def test_a_loop_that_does_not_listen_is_cut_short(supervisor: Supervisor) -> None:
    loop, stopping = Loop(deaf=True), asyncio.Event()
    supervisor.hang("sender", loop.run, stop=loop.stop)
    await asyncio.gather(supervisor.run_until(stopping), _after(loop.running, stopping.set))
    assert await supervisor.stop(0.01) == 1


async def test_the_pause_after_a_failure_does_not_hold_up_the_end() -> None:
    supervisor = Supervisor(Nursery(_never), first_pause_s=3600)
    failed, stopping = asyncio.Event(), asyncio.Event()

    async def fail() -> None:
        failed.set()
        raise RuntimeError("something nobody knows")

    supervisor.hang("polling", fail, stop=lambda: None)
    await asyncio.gather(supervisor.run_until(stopping), _after(failed, stopping.set))
    assert await supervisor.stop(5) == 0


async def test_nothing_to_supervise(supervisor: Supervisor) -> None:
    stopping = asyncio.Event()
    stopping.set()
    await supervisor.run_until(stopping)
    assert await supervisor.stop(5) == 0


@pytest.mark.parametrize("number", STOP_SIGNALS)
async def test_a_signal_asks_to_stop(number: signal.Signals) -> None:
    stopping = stop_on_signals()
    try:
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)
        await asyncio.wait_for(stopping.wait(), 5)
    finally:
        for each in STOP_SIGNALS:
            asyncio.get_running_loop().remove_signal_handler(each)


async def test_a_loop_without_progress_is_named_and_started_again(supervisor: Supervisor) -> None:
    """durability 4: liveness means progress."""
    stalled_for_s, starts, stopping = [0.0], list[int](), asyncio.Event()

    async def run() -> None:
        starts.append(1)
        await asyncio.Event().wait()

    supervisor.hang("outcomes", run, stalled_s=lambda: stalled_for_s[0])
    supervisor._stalled_after_s = 0.2
    running = asyncio.create_task(supervisor.run_until(stopping))
    async with asyncio.timeout(30):
        while not starts:
            await asyncio.sleep(0.01)
        assert supervisor.stalled() == []
        stalled_for_s[0] = 61.0
        assert supervisor.stalled() == ["outcomes"]
        while len(starts) < 2:
            await asyncio.sleep(0.01)
    stalled_for_s[0] = 0.0
    stopping.set()
    await running
    await supervisor.stop(1.0)
    supervisor.raise_if_broken()
