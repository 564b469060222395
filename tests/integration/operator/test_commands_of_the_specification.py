"""The command lists of docs/PROJECT_OVERVIEW.md run as they are written there, in a checkout with a .env of its own.

What is not run here: what CI is made of (`make test`, `make lint`), what makes the checkout (`git clone`, `poetry
install`: tests/system/test_newcomer.py), and what calls an engine for containers (tests/system/test_containers.py).
"""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import signal
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

import asyncpg
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from mentorium_sandbox import school
from tests import specification
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.runtime.ports import free_port

_COPIED: Final = ("pyproject.toml", "poetry.lock", "scripts")
"""With an old date: what is newer than .venv/.installed would be installed first."""
RUN_HERE: Final = {
    *("cp .env.template .env", "make validate", "make migrate", "make dev", "make health", "make metrics"),
    *("make backup-db", "make restore-db", "make migrate-create", 'make migrate-create MSG="add my_table"'),
    "python scripts/validate_env.py",
}
ELSEWHERE: Final = {
    *("git clone https://github.com/taefednu/Mentorium-Chat-Bot.git", "cd Mentorium-Chat-Bot", "poetry install"),
    *("nano .env", "make test", "make test-cov", "make lint", "make format", "pytest tests/"),
    "python -m mentorium_reporting.main",  # every test of a sandbox
    *(f"make docker-{what}" for what in ("build", "up", "down", "logs", "logs-bot")),
    *("docker-compose up bot", "make deploy"),
}


def commands() -> set[str]:
    blocks = re.findall(r"```bash\n(.*?)```", specification.text(), re.DOTALL)
    lines = [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines()]
    return {line for line in lines if line and not line.startswith("#")}


def test_every_command_is_run_somewhere() -> None:
    assert commands() == RUN_HERE | ELSEWHERE


@pytest_asyncio.fixture
async def checkout(tmp_path: Path, empty_dsn: str, platform_dsn: str, redis_url: str) -> AsyncIterator[Path]:
    """This repository with a .env that is filled in; what a command writes stays in it."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for path in specification.ROOT.iterdir():
        if path.name in {".env", "backups", *_COPIED}:
            continue
        (folder / path.name).symlink_to(path)
    for name in _COPIED:
        source = specification.ROOT / name
        if source.is_dir():
            (folder / name).mkdir()
            for file in source.iterdir():
                (folder / name / file.name).symlink_to(file)
            (folder / name / "bootstrap.sh").unlink()
        target = folder / name if source.is_file() else folder / name / "bootstrap.sh"
        target.write_bytes((source if source.is_file() else source / "bootstrap.sh").read_bytes())
        os.utime(target, (0, 0))
    assert await run(folder, "cp .env.template .env") == (0, "")
    filled = {
        "BOT_TELEGRAM_TOKEN": "123456789:the-token-of-the-tests",
        "BOT_OPENAI_API_KEY": "sk-the-key-of-the-tests",
        "DB_PASSWORD": "a password of the tests",
        "BOT_DB_URL": empty_dsn,
        "PLATFORM_DB_URL": await school.read_only_dsn(platform_dsn),
        "PLATFORM_LINK_KEY": "a key of the tests that is long enough",
        "REDIS_URL": redis_url,
        "BOT_TELEGRAM_API_URL": "http://127.0.0.1:9",
        "BOT_HEALTH_PORT": "1",
    }
    async with TestServer(_health_of_a_process(), host="127.0.0.1") as server:
        filled |= {name: str(server.port) for name in ("WEBHOOK_PORT", "WORKER_HEALTH_PORT")}
        with (folder / ".env").open("a", encoding="utf-8") as settings:
            settings.writelines(f"{name}={shlex.quote(value)}\n" for name, value in filled.items())
        yield folder


def _health_of_a_process() -> web.Application:
    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "degraded", "parts": {"redis": "ConnectionError"}, "busy": 0})

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(text="bot_uptime_seconds 1.0\n")

    app = web.Application()
    app.add_routes([web.get("/health", health), web.get("/metrics", metrics)])
    return app


async def run(folder: Path, command: str, **environment: str) -> tuple[int | None, str]:
    """As somebody types it at a prompt there: exit status and all it said."""
    process = await started(folder, command, environment)
    output, _ = await asyncio.wait_for(process.communicate(), HANGS_AFTER_S)
    return process.returncode, output.decode()


async def started(folder: Path, command: str, environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    alone = {name: os.environ[name] for name in ("HOME",) if name in os.environ}
    return await asyncio.create_subprocess_shell(
        command,
        cwd=folder,
        env={"PATH": f"{specification.ROOT / '.venv/bin'}:{os.environ['PATH']}", **alone, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


@pytest.mark.own_databases
async def test_they_run_one_after_the_other(checkout: Path, empty_dsn: str) -> None:
    for command in ("make validate", "python scripts/validate_env.py"):
        status, output = await run(checkout, command)
        assert (status, "0 failures" in output) == (0, True), output
    status, output = await run(checkout, "make migrate")
    assert (status, "migrated from nothing" in output) == (0, True), output
    status, output = await run(checkout, "make backup-db")
    file = output.splitlines()[0]
    assert (status, (checkout / file).is_file()) == (0, True), output
    status, output = await run(checkout, "make restore-db")
    assert (status, "make restore-db FILE=" in output) == (2, True)
    status, output = await run(checkout, f"CONFIRM=yes make restore-db FILE={file}")
    assert (status, "restored: database" in output) == (0, True), output
    kept = output.rpartition('DROP DATABASE "')[2].split('"')[0]
    server = await asyncpg.connect(empty_dsn)
    await server.execute(f"DROP DATABASE {kept}")
    await server.close()
    status, output = await run(checkout, "make migrate-create")
    assert (status, "Say what it does" in output) == (2, True)
    await _dev(checkout)


async def _dev(checkout: Path) -> None:
    """`make dev`, until it is ready, and its end."""
    port = str(free_port())
    process = await started(checkout, "exec make dev", {"BOT_HEALTH_PORT": port})
    assert process.stdout is not None
    said = b""
    async with asyncio.timeout(HANGS_AFTER_S):
        async for line in process.stdout:
            said += line
            if b'"bot_started"' in line:
                break
        assert b'"bot_started"' in said, said.decode()
        _, output = await run(checkout, "make health", BOT_HEALTH_PORT=port)
        assert re.search(rf"^bot +http://127.0.0.1:{port} ", output, re.MULTILINE), output
        process.send_signal(signal.SIGTERM)
        await process.stdout.read()
        await process.wait()


async def test_health_and_metrics(checkout: Path) -> None:
    """Of those that run; one that does not makes it red."""
    status, output = await run(checkout, "make health")
    assert status == 2
    assert re.search(r"^webhook +\S+ +degraded +redis \(ConnectionError\)", output, re.MULTILINE), output
    assert re.search(r"^bot +\S+ +away", output, re.MULTILINE), output
    status, output = await run(checkout, 'make health ARGS="webhook worker"')
    assert status == 0, output
    status, output = await run(checkout, "make metrics ARGS=worker")
    assert (status, "bot_uptime_seconds 1.0" in output) == (0, True), output
    status, output = await run(checkout, "make health ARGS=bot", BOT_HEALTH_PORT="1")
    assert (status, len(output.splitlines())) == (2, 2), "one line, and make's own"
