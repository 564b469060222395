"""A forked command is the command: what it prints and how it ends are those of a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from pathlib import Path

import pytest

from tests.fixtures.forked import Template
from tests.integration.operator.command import mentorium


async def as_a_process(*words: str, **environment: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mentorium_operator", *words),
        cwd="/",
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


@pytest.mark.parametrize(
    "words", [("grant", "--help"), ("grant", "1", "monthly", "--reason", "x", "--request", "a"), ("obey",)]
)
async def test_it_says_and_ends_as_a_process_of_its_own(words: tuple[str, ...]) -> None:
    away = {"BOT_DB_URL": "postgresql://nobody@127.0.0.1:9/nothing"}
    assert await mentorium(*words, **away) == await as_a_process(*words, **away)


async def test_it_is_killed_alone_and_knows_its_own_environment() -> None:
    template = Template(["tests.integration.operator.sleeper"])
    try:
        with tempfile.TemporaryFile() as printed:
            first, second = [
                await template.start(["600"], env={"NAME": name}, cwd=Path("/"), output=printed) for name in ("a", "b")
            ]
            assert first.returncode is None
            first.send_signal(signal.SIGKILL)
            assert await asyncio.wait_for(first.wait(), 60) == -signal.SIGKILL
            assert second.returncode is None
            second.terminate()
            assert await asyncio.wait_for(second.wait(), 60) == -signal.SIGTERM
            third = await template.start(["0"], env={"NAME": "c"}, cwd=Path("/"), output=printed)
            assert await asyncio.wait_for(third.wait(), 60) == 7
            printed.seek(0)
            assert printed.read() == b"c in /\n"
    finally:
        template.close()
