"""`mentorium`, as an operator of a running sandbox calls it."""

from __future__ import annotations

import asyncio
import os
import sys

from tests.e2e.sandbox import Sandbox


async def mentorium(world: Sandbox, *arguments: str) -> tuple[int | None, str]:
    """Its exit status and all it said, with the environment of this sandbox."""
    state = await world.state()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mentorium_operator", *arguments),
        env={
            **os.environ,
            "BOT_TELEGRAM_TOKEN": state["keys"]["telegram_token"],
            "BOT_DB_URL": state["databases"]["bot"],
            "PLATFORM_DB_URL": state["databases"]["platform"],
            "CLOCK_FILE": str(world.folder / "clock"),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    return process.returncode, (output + errors).decode()
