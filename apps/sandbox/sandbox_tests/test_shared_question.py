from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from mentorium_sandbox.shared_question import SharedQuestion


async def test_a_hundred_at_once_cost_two_questions_and_none_hears_an_older_answer() -> None:
    asked, go_on = 0, asyncio.Event()

    async def ask() -> int:
        nonlocal asked
        asked += 1
        number = asked
        await go_on.wait()
        return number

    question = SharedQuestion(ask)
    first = asyncio.create_task(question())
    while not asked:
        await asyncio.sleep(0)
    others = [asyncio.create_task(question()) for _ in range(99)]
    await asyncio.sleep(0)
    go_on.set()
    assert await first == 1
    assert set(await asyncio.gather(*others)) == {2}
    assert asked == 2
    assert await question() == 3


async def test_an_error_is_told_to_its_own_askers_and_one_who_leaves_takes_nobody_along() -> None:
    answers: Iterator[int | Exception] = iter([ValueError("away"), 7])
    may_answer = asyncio.Event()

    async def ask() -> int:
        await may_answer.wait()
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    question = SharedQuestion(ask)
    first, leaving = asyncio.create_task(question()), asyncio.create_task(question())
    await asyncio.sleep(0)
    second = asyncio.create_task(question())
    await asyncio.sleep(0)
    leaving.cancel()
    may_answer.set()
    with pytest.raises(ValueError, match="away"):
        await first
    assert await second == 7
