"""What an operator reads when a process cannot start, and what a parent reads when the platform breaks its contract."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import time
from functools import cache
from itertools import cycle, product
from pathlib import Path

import asyncpg
import pytest

import mentorium_db
from mentorium_bot.config import BotSettings
from mentorium_core.i18n import t
from mentorium_kit.errors import MentoriumError
from mentorium_runtime import probes
from mentorium_runtime.settings import load
from tests.fixtures.entrances import WRONG_ENTRANCES
from tests.fixtures.forked import Template
from tests.fixtures.long_form import others_in_soak
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.telegram_bot.conftest import Outside, running

_SECRET = "do-not-tell-anybody"


async def _run(tmp_path: Path, module: str, **environment: str) -> tuple[int, str]:
    """Exit status and all that the command printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module),
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), HANGS_AFTER_S)
    return process.returncode or 0, output.decode()


@cache
def _imported(module: str) -> Template:
    return Template([module], {"PATH": os.environ["PATH"]})


async def _run_forked(tmp_path: Path, module: str, **environment: str) -> tuple[int, str]:
    """As `_run`, without the seconds of its imports."""
    with tempfile.TemporaryFile() as printed:
        process = await _imported(module).start(
            env={"PATH": os.environ["PATH"], **environment}, cwd=tmp_path, output=printed
        )
        status = await asyncio.wait_for(process.wait(), HANGS_AFTER_S)
        printed.seek(0)
        return status, printed.read().decode()


def _bot(dsn: str) -> dict[str, str]:
    return {
        "BOT_TELEGRAM_TOKEN": f"123456789:{_SECRET}",
        "BOT_TELEGRAM_API_URL": "http://127.0.0.1:9",
        "BOT_OPENAI_API_KEY": _SECRET,
        "BOT_DB_URL": dsn,
        "PLATFORM_DB_URL": dsn,
        "PLATFORM_LINK_KEY": 32 * "k",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "BOT_HEALTH_PORT": "18992",
    }


async def test_a_database_without_migrations_is_named(tmp_path: Path, empty_dsn: str) -> None:
    status, output = await _run(tmp_path, "mentorium_bot.main", **_bot(empty_dsn))
    assert status == 2
    assert "make migrate" in output
    assert "Traceback" not in output
    assert _SECRET not in output


@pytest.mark.own_databases
@pytest.mark.parametrize(
    "break_contract", ["DROP SCHEMA bot_api_v1 CASCADE", "DROP VIEW bot_api_v1.v_guardian CASCADE"]
)
async def test_a_platform_that_breaks_its_contract(
    outside: Outside, settings: BotSettings, platform_dsn: str, break_contract: str
) -> None:
    child = await outside.child("Aziz")
    connection = await asyncpg.connect(platform_dsn)
    await connection.execute(break_contract)
    await connection.close()
    user = await outside.user()
    async with running(load(BotSettings, _env_file=None)):
        with pytest.raises(MentoriumError):
            await probes.check_platform()
        answer = await outside.start(user, child.link_code)
        said = "\n".join(message["text_plain"] for message in answer)
        assert t("en", "error-unavailable") in said
        assert await outside.say(user, "/help")
    await mentorium_db.dispose()


@pytest.mark.parametrize(
    ("wrong", "module"),
    others_in_soak(
        product(WRONG_ENTRANCES, ("mentorium_bot.main", "mentorium_reporting.main")),
        *zip(WRONG_ENTRANCES, cycle(["mentorium_bot.main", "mentorium_reporting.main"]), strict=False),
    ),
)
async def test_a_wrong_password_role_or_database_ends_it_at_once(
    tmp_path: Path, bot_dsn: str, module: str, wrong: str
) -> None:
    """Operators A8: one clear line with its reason, and the status of a wrong setting."""
    environment = _bot(WRONG_ENTRANCES[wrong](bot_dsn))
    status, output = await _run_forked(tmp_path, module, **environment, WORKER_HEALTH_PORT="18993")
    assert status == 2
    assert "does not let us in" in output
    assert "bot_database_awaited" not in output
    assert "Traceback" not in output


async def test_sigterm_is_heard_while_the_database_is_awaited(tmp_path: Path) -> None:
    """Operators A9."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mentorium_bot.main"),
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], **_bot("postgresql://nobody@127.0.0.1:1/nothing")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    while "bot_database_awaited" not in (line := (await process.stdout.readline()).decode()):
        assert line, "it has ended"
    assert "ConnectionRefusedError" in line, "the reason is told"
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    rest = await asyncio.wait_for(process.stdout.read(), HANGS_AFTER_S)
    assert await process.wait() == 0, rest
    assert (
        time.monotonic() - asked < 15
    ), "not the 30 s of its patience; its own work ends in 0.2 s, Python's exit takes the rest"
