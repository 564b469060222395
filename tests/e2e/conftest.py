"""Sandboxes for all end-to-end tests, but for the few that break one: each test brings its own parents and children.

They end with the last test that shares them: one that nobody uses takes some of the processor all the same.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from mentorium_sandbox.client import FakeParent
from tests.e2e.sandbox import Sandbox, running_sandbox
from tests.fixtures.spreading import MOVING, unit_of


@pytest_asyncio.fixture(scope="package")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    async with running_sandbox(tmp_path_factory.mktemp("e2e") / "sandbox", forked=True) as running:
        yield running


@pytest_asyncio.fixture(scope="package")
async def moving_world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    """The sandbox of those who move the clock by days and months (`tests.fixtures.spreading` knows them).

    The demo's first family has two children, and one chat takes a message a second: each Monday would wait for it.
    """
    async with running_sandbox(tmp_path_factory.mktemp("moving") / "sandbox", forked=True) as running:
        first_family = (await running.state())["users"][0]["id"]
        await FakeParent(running, first_family).block()
        yield running


@pytest_asyncio.fixture
async def world(moving_world: Sandbox) -> AsyncIterator[Sandbox]:
    """The moving world. Who came for a test leaves after it: else each Monday to come had one more report to make."""
    known = len(moving_world.parents_made)
    yield moving_world
    for parent in moving_world.parents_made[known:]:
        await parent.block()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever moves the clock and is not known to, would have a moving world of its own made."""
    for item in items:
        if "moving_world" in getattr(item, "fixturenames", ()) and unit_of(item.nodeid) != MOVING:
            raise pytest.UsageError(f"{item.nodeid} moves the world: tests/fixtures/spreading.py does not know of it")
