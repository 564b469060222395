"""What takes longer than CI has: `make soak`. Kills everything 50 times while 2,000 messages are sent, and judges.

python -m benchmarks.soak [--kills 50] [--messages 2000] [--seed N]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.integration.reporting_worker import chaos


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


def _show(text: str) -> None:
    sys.stderr.write(f"\r\033[K{text}")
    sys.stderr.flush()


def main() -> None:
    """Exit status 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    began = time.perf_counter()
    verdict = asyncio.run(soak(given.kills, given.messages, given.seed))
    print(f"seed {given.seed}: {given.kills} kills {verdict.kills} in {time.perf_counter() - began:.0f} s")
    print(f"{verdict.states}; {verdict.extra} extra, {verdict.cut} in flight at kills")
    for problem in verdict.problems:
        print(f"BROKEN: {problem}")
    sys.exit(1 if verdict.problems else 0)


if __name__ == "__main__":
    main()
