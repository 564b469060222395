"""The bot of the last release, beside a running sandbox: its own code, this virtual environment."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.e2e.sandbox import Sandbox
from tests.fixtures.releases import last_release
from tests.hardship.second_process import SecondProcess, second_process


@asynccontextmanager
async def old_bot(sandbox: Sandbox, folder: Path) -> AsyncIterator[SecondProcess]:
    """Polls as the sandbox's own bot does."""
    code = folder / "released_before"
    code.mkdir()
    await asyncio.to_thread(last_release().extract, code, "packages", "apps")
    rooms = sorted([*(code / "packages").iterdir(), *(code / "apps").iterdir()])
    path = os.pathsep.join(str(room) for room in rooms)
    async with second_process(sandbox, "mentorium_bot.main", folder / "beside", {"PYTHONPATH": path}) as process:
        yield process
