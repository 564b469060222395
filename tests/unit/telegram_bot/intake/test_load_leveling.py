"""Many questions at once: in their order, one after the other while the process is busy, and none for ever."""

from __future__ import annotations

import asyncio
import time

from mentorium_bot.intake.load_leveling import CALM_S, LONGEST_S, LoadLeveler

_PIECES = 4


def keep_the_loop_busy() -> None:
    time.sleep(2 * CALM_S)


async def work(leveler: LoadLeveler, number: int, told: list[tuple[str, int]]) -> None:
    """As a question's way to its first words: pieces of work of the process's own, others' turns in between."""
    await leveler.turn()
    told.append(("begun", number))
    for _ in range(_PIECES):
        keep_the_loop_busy()
        await asyncio.sleep(0)
    told.append(("done", number))


async def test_in_their_order_and_not_all_at_once() -> None:
    leveler, told = LoadLeveler(), list[tuple[str, int]]()
    await asyncio.gather(*(work(leveler, number, told) for number in range(10)))
    assert [number for step, number in told if step == "begun"] == list(range(10))
    assert told.index(("done", 0)) < told.index(("begun", 5)), "the first is done before half of them are begun"


async def test_whoever_waits_for_a_server_holds_nobody_up() -> None:
    leveler, server, begun = LoadLeveler(), asyncio.Event(), list[int]()

    async def ask(number: int) -> None:
        await leveler.turn()
        begun.append(number)
        await server.wait()

    asking = [asyncio.create_task(ask(number)) for number in range(100)]
    async with asyncio.timeout(10):
        while len(begun) < len(asking):
            await asyncio.sleep(0)
    server.set()
    await asyncio.gather(*asking)


async def test_a_process_that_is_never_calm_begins_each_all_the_same() -> None:
    leveler, stopped = LoadLeveler(), asyncio.Event()

    async def never_calm() -> None:
        while not stopped.is_set():
            keep_the_loop_busy()
            await asyncio.sleep(0)

    busy = asyncio.create_task(never_calm())
    async with asyncio.timeout(10):
        await asyncio.gather(*(leveler.turn() for _ in range(5)))
    stopped.set()
    await busy


async def test_however_long_a_round_takes_all_have_begun_by_the_time_that_they_may_take() -> None:
    """A process that gets little of its core begins several in one round, not one."""
    leveler, rounds = LoadLeveler(), 0
    turns = asyncio.gather(*(leveler.turn() for _ in range(20)))
    while not turns.done():
        time.sleep(10 * LONGEST_S)  # noqa: ASYNC251 - this is what is tried
        await asyncio.sleep(0)
        rounds += 1
    assert rounds < 10
