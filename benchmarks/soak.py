"""What takes longer than CI has: `make soak`. Kills everything 50 times while 2,000 messages are sent, and judges; then
the same during a Monday of 100,000 parents, from the first report that is made to the last message.

python -m benchmarks.soak [--kills 50] [--messages 2000] [--seed N]
python -m benchmarks.soak --monday 100000 [--kills 50] [--rate 1000]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.integration.reporting_worker import chaos, monday


async def soak(kills: int, messages: int, seed: int) -> chaos.Verdict:
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        async with chaos.world(Path(folder), messages, rate=12.0, answers_in_s=0.1) as world:
            await world.fill()
            for name in ("worker", *chaos.SENDERS):
                await world.processes[name].start()
            while not world.delivered():
                await asyncio.sleep(0.1)
            for number in range(1, kills + 1):
                victim = dice.choice(chaos.VICTIMS)
                await world.kill(victim, dice)
                await asyncio.sleep(dice.uniform(0.2, 3.0))
                _show(f"{number}/{kills} kills, {sum(world.delivered().values())} messages delivered")
            left = await world.open_messages()
            _show(f"all kills done with {left} messages to go\n")
            await chaos.until_settled(world, 600)
            return await chaos.judge(world)


async def soak_monday(parents: int, kills: int, rate: float, seed: int) -> monday.Verdict:
    """A third of the kills while reports are made, the others while messages are sent. `rate`: messages a second."""
    dice, began = random.Random(seed), time.perf_counter()
    reports = monday.students_of(parents)

    def at(what: str) -> None:
        _show(f"{time.perf_counter() - began:.0f} s: {what}\n")

    with tempfile.TemporaryDirectory() as folder:
        async with monday.monday(Path(folder), parents, rate=rate, answers_in_s=0.02) as world:
            at("a school is there")
            for name in ("worker", *chaos.SENDERS):
                await world.processes[name].start()
            await monday.until_reports(world, reports // 20, 600)
            making = kills // 3
            for number in range(1, making + 1):
                stored = await monday.count(world, "report_history")
                if stored >= reports:
                    break
                victim = dice.choice(("worker", "postgres", "sender_1", "redis"))
                await world.kill(victim, dice)
                at(f"{victim} was killed with {stored} reports made ({number}/{kills})")
                await asyncio.sleep(dice.uniform(2.0, 6.0) if parents > 10_000 else dice.uniform(0.2, 0.8))
            while not world.delivered():
                await asyncio.sleep(0.5)
            at(f"the first message, {await monday.count(world, 'report_history')} reports are stored")
            await monday.under_fire(
                world,
                kills - making,
                dice,
                pause_s=(0.5, 3.0),
                show=lambda number: at(f"{making + number}/{kills} kills"),
            )
            await monday.until_told(world, reports, 600)
            at("told")
            sizes = await world.fetch("SELECT pg_total_relation_size('notifications') AS size")
            at(f"the outbox takes {sizes[0]['size'] / 1e6:.0f} MB")
            return await monday.judge(world, parents)


def _show(text: str) -> None:
    sys.stderr.write(f"\r\033[K{text}")
    sys.stderr.flush()


def main() -> None:
    """Exit status 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--monday", type=int, metavar="PARENTS", help="the reports of so many parents instead")
    parser.add_argument("--rate", type=float, default=1000.0, help="messages a second of a Monday")
    given = parser.parse_args()
    began = time.perf_counter()
    verdict: chaos.Verdict | monday.Verdict
    if given.monday:
        verdict = asyncio.run(soak_monday(given.monday, given.kills, given.rate, given.seed))
    else:
        verdict = asyncio.run(soak(given.kills, given.messages, given.seed))
    print(f"seed {given.seed}: {given.kills} kills {verdict.kills} in {time.perf_counter() - began:.0f} s")
    print(f"{verdict.states}; {verdict.extra} extra, {verdict.cut} in flight at kills")
    for problem in verdict.problems:
        print(f"BROKEN: {problem}")
    sys.exit(1 if verdict.problems else 0)


if __name__ == "__main__":
    main()
