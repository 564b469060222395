"""kill -9 of anything at any moment: every message is accounted for, and nobody has to help. `make soak` kills more."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

from tests.fixtures.long_form import in_form
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.reporting_worker import chaos, monday


async def test_whoever_is_killed_no_message_is_lost_or_doubled_in_silence(tmp_path: Path) -> None:
    dice, again = random.Random(4), in_form(short=(), long=("telegram", "postgres"))
    async with chaos.world(tmp_path, 300, rate=27.0, answers_in_s=0.05) as world:
        await world.fill()
        for name in ("worker", *chaos.SENDERS):
            await world.processes[name].start()
        async with asyncio.timeout(HANGS_AFTER_S):
            while not world.delivered():
                await asyncio.sleep(0.1)
        for victim in ("sender_1", "postgres", "telegram", "redis", "worker", "sender_2", *again):
            await world.kill(victim, dice)
            await asyncio.sleep(dice.uniform(0.1, 1.0))
        await chaos.until_settled(world, HANGS_AFTER_S)
        verdict = await chaos.judge(world)
    assert verdict.problems == []
    assert verdict.states["sent"] > 200


async def test_a_monday_is_told_once_whoever_is_killed(tmp_path: Path) -> None:
    """2,000 parents, every tenth with two children; kills while reports are made, and while they are sent.

    `make soak` kills on a Monday of 100,000.
    """
    dice, parents = random.Random(13), 2_000
    async with monday.monday(tmp_path, parents, rate=400.0, answers_in_s=0.02) as world:
        for name in ("worker", *chaos.SENDERS):
            await world.processes[name].start()
        await monday.until_reports(world, 100, HANGS_AFTER_S)
        for victim in ("worker", "postgres"):
            await world.kill(victim, dice)
            await asyncio.sleep(dice.uniform(0.2, 0.8))
        async with asyncio.timeout(HANGS_AFTER_S):
            while not world.delivered():
                await asyncio.sleep(0.1)
        assert await monday.count(world, "report_history") == monday.students_of(
            parents
        ), "stored before the first left"
        for victim in ("sender_1", "telegram", "redis", "sender_2"):
            assert await world.open_messages() > 0, "there is more to send"
            await world.kill(victim, dice)
            await asyncio.sleep(dice.uniform(0.1, 0.4))
        await monday.until_told(world, monday.students_of(parents), HANGS_AFTER_S)
        verdict = await monday.judge(world, parents)
    assert verdict.problems == []
    assert verdict.states["sent"] > parents
