"""The bot of the release before, beside a running sandbox: its own code, this virtual environment."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from tests.e2e.sandbox import Sandbox
from tests.hardship.second_process import SecondProcess, second_process

REPOSITORY: Final = Path(__file__).parents[2]
COMMIT: Final = (Path(__file__).parent / "released_before.txt").read_text(encoding="utf-8").strip()
"""What the next release is rolled out beside. Each release writes its predecessor here."""


async def extract(folder: Path) -> None:
    """The code of that commit. AssertionError where the history does not reach so far (a shallow clone)."""
    folder.mkdir()
    archive = folder.with_suffix(".tar")
    for command in (
        ("git", "-C", str(REPOSITORY), "archive", "--output", str(archive), COMMIT, "packages", "apps"),
        ("tar", "-xf", str(archive), "-C", str(folder)),
    ):
        process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
        _, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()


@asynccontextmanager
async def old_bot(sandbox: Sandbox, folder: Path) -> AsyncIterator[SecondProcess]:
    """Polls as the sandbox's own bot does."""
    code = folder / "released_before"
    await extract(code)
    rooms = sorted([*(code / "packages").iterdir(), *(code / "apps").iterdir()])
    path = os.pathsep.join(str(room) for room in rooms)
    async with second_process(sandbox, "mentorium_bot.main", folder / "beside", {"PYTHONPATH": path}) as process:
        yield process
