"""The command `mentorium`, run as an operator runs it, but for its imports (`tests.fixtures.forked`)."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path
from typing import Final

from mentorium_operator.main import SUBCOMMANDS
from tests.fixtures.forked import Template

_ALONE: Final = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
_COMMAND: Final = Template(
    [*(f"mentorium_operator.{name}" for name in SUBCOMMANDS), "mentorium_operator.main"], {"HOME": "/", **_ALONE}
)


async def mentorium(*words: str, given: str = "", **environment: str) -> tuple[int, str]:
    """Exit status and all that was printed, in an environment that holds nothing else."""
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as printed:
        asked.write(given.encode())
        asked.seek(0)
        process = await _COMMAND.start(
            words,
            env={"HOME": "/", **_ALONE, **environment},
            cwd=Path("/"),
            output=printed,
            given=asked,  # no .env lies there
        )
        status = await asyncio.wait_for(process.wait(), 120)
        printed.seek(0)
        output = printed.read()
    assert b"Traceback" not in output
    return status, output.decode()
