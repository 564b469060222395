"""Two sandboxes for all end-to-end tests, but for the few that break one: each brings its own parents and children."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from mentorium_sandbox.client import FakeParent
from tests.e2e.sandbox import Sandbox, running_sandbox


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    async with running_sandbox(tmp_path_factory.mktemp("e2e") / "sandbox", forked=True) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def moving_world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    """The sandbox of those who move the clock by days and months (`tests.fixtures.spreading` knows them).

    The demo's first family has two children, and one chat takes a message a second: each Monday would wait for it.
    """
    async with running_sandbox(tmp_path_factory.mktemp("moving") / "sandbox", forked=True) as running:
        first_family = (await running.state())["users"][0]["id"]
        await FakeParent(running, first_family).block()
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def world(moving_world: Sandbox) -> AsyncIterator[Sandbox]:
    """The moving world. Who came for a test leaves after it: else each Monday to come had one more report to make."""
    known = len(moving_world.parents_made)
    yield moving_world
    for parent in moving_world.parents_made[known:]:
        await parent.block()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What reads the whole run's journal comes last."""
    items.sort(key=lambda item: item.path.name == "test_what_the_model_was_sent.py")
