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
from tests.fixtures.patience import HANGS_AFTER_S
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


_STARTS_ONE = """
import asyncio, os, sys
from pathlib import Path
from tests.fixtures.forked import Template
from tests.fixtures.patience import HANGS_AFTER_S

async def main():
    template = Template(["tests.integration.operator.sleeper"])
    forked = await template.start(["600"], env={"NAME": "a"}, cwd=Path("/"), output=sys.stderr.fileno())
    print(template.pid, forked.pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_neither_it_nor_what_it_is_forked_from_outlives_the_tests(number: signal.Signals) -> None:
    tests = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _STARTS_ONE),
        cwd=Path(__file__).parents[3],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert tests.stdout is not None
    pids = [int(pid) for pid in (await tests.stdout.readline()).split()]
    assert len(pids) == 2
    tests.send_signal(number)
    await tests.wait()
    async with asyncio.timeout(HANGS_AFTER_S):
        while any(_runs(pid) for pid in pids):
            await asyncio.sleep(0.05)


def _runs(pid: int) -> bool:
    """A zombie does not: nobody may be there to ask for its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
