"""Programs that stand beside the product, each run in a process of its own for one text or one sound."""

from __future__ import annotations

import asyncio
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from mentorium_kit.errors import UnavailableError

_NEEDED: Final = {"openai": ("voice", ("av",)), "espeak": ("espeak", ("av", "espeakng_loader"))}


def missing_extra(engine: str) -> str | None:
    """Which extra of ours `openai` or `espeak` needs and this environment lacks; None: all is there."""
    extra, packages = _NEEDED[engine]
    return extra if any(find_spec(package) is None for package in packages) else None


async def run_program(program: Path, *arguments: str, given: bytes, timeout_s: float) -> bytes:
    """What it writes; it is killed after so many seconds. UnavailableError `speech_unavailable` where that is nothing.

    It has no use for our environment, and no secret to lose.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(program), *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env={},
    )  # fmt: skip
    try:
        async with asyncio.timeout(timeout_s):
            written, _ = await process.communicate(given)
    except TimeoutError as error:
        raise UnavailableError("speech_unavailable", reason=f"{program.stem} took too long") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not written:
        raise UnavailableError("speech_unavailable", reason=f"{program.stem} ended with {process.returncode}")
    return written
