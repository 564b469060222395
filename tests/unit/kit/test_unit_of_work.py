from __future__ import annotations

import asyncio

import pytest

from mentorium_kit.errors import UnitOfWorkError
from mentorium_kit.nursery import Nursery
from mentorium_kit.unit_of_work import is_open, mark_open, refuse_inside


async def test_outside_calls_are_refused_only_while_the_unit_is_open() -> None:
    refuse_inside("openai")
    with mark_open(), pytest.raises(UnitOfWorkError, match="openai"):
        refuse_inside("openai")
    refuse_inside("openai")


async def test_the_mark_belongs_to_the_task_that_opened_the_unit() -> None:
    with mark_open():
        assert is_open()
        assert not await asyncio.ensure_future(_is_open_here())


async def _is_open_here() -> bool:
    return is_open()


async def test_a_nursery_reports_what_its_tasks_raise_and_drains() -> None:
    errors: list[tuple[str, BaseException]] = []
    nursery = Nursery(lambda name, error: errors.append((name, error)))
    done = asyncio.Event()

    async def fails() -> None:
        raise ValueError("no")

    async def works() -> None:
        done.set()

    nursery.start(fails(), name="fails")
    nursery.start(works(), name="works")
    assert await nursery.drain(5) == 0
    assert done.is_set()
    assert [(name, str(error)) for name, error in errors] == [("fails", "no")]


async def test_a_nursery_cancels_what_does_not_end_in_time() -> None:
    nursery = Nursery(lambda _name, _error: None)
    nursery.start(asyncio.Event().wait(), name="forever")
    assert await nursery.drain(0.01) == 1
    assert len(nursery) == 0
