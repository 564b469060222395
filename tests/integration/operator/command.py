"""The command `mentorium`, run as an operator runs it."""

from __future__ import annotations

import asyncio
import os
import sys


async def mentorium(*words: str, given: str = "", **environment: str) -> tuple[int, str]:
    """Exit status and all that was printed, in an environment that holds nothing else."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mentorium_operator", *words),
        cwd="/",  # where no .env lies
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(given.encode()), 120)
    assert process.returncode is not None
    assert b"Traceback" not in output
    return process.returncode, output.decode()
