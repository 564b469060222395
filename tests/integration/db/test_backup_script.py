"""deploy/kubernetes' backup.sh, which PostgreSQL's image runs: `mentorium restore` takes what it makes."""

from __future__ import annotations

import asyncio
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import pytest

from mentorium_db.backup import archive
from mentorium_db.backup.client import find_client
from mentorium_db.server import database_state
from tests.fixtures.servers import PostgresServer
from tests.integration.db.test_backup import drop_kept, everything, fill, run
from tests.integration.operator.command import mentorium

pytestmark = pytest.mark.own_databases

SCRIPT: Final = Path(__file__).parents[3] / "deploy/kubernetes/components/backup/backup.sh"


async def backed_up(dsn: str, folder: Path, **other: str) -> tuple[int, str]:
    parts = urlsplit(dsn)
    server = int((await database_state(dsn)).server.partition(".")[0])
    given = {
        "PATH": f"{Path((await find_client(server)).pg_dump).parent}{os.pathsep}{os.environ['PATH']}",
        "DB_HOST": parts.hostname or "",
        "DB_PORT": str(parts.port),
        "DB_USER": unquote(parts.username or ""),
        "DB_PASSWORD": unquote(parts.password or ""),
        "DB_NAME": parts.path.lstrip("/"),
        "BACKUP_DIR": str(folder),
        "BACKUP_KEEP_DAYS": "14",
    }
    process = await asyncio.create_subprocess_exec(
        "sh", str(SCRIPT), env=given | other, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


def aged(folder: Path, database: str, days: int) -> Path:
    """A backup made so long ago."""
    moment = datetime.now(UTC) - timedelta(days=days)
    path = folder / archive.file_name(database, moment)
    for file in (path, archive.checksum_file(path)):
        file.write_text("", encoding="utf-8")
        os.utime(file, (moment.timestamp(), moment.timestamp()))
    return path


async def test_it_is_restored_as_one_of_our_own(bot_dsn: str, postgres_server: PostgresServer, tmp_path: Path) -> None:
    await fill(bot_dsn)
    before = await everything(bot_dsn)
    name = bot_dsn.rpartition("/")[2]
    old, kept, foreign = aged(tmp_path, name, 16), aged(tmp_path, name, 13), aged(tmp_path, "another", 99)

    status, said = await backed_up(bot_dsn, tmp_path)
    assert status == 0, said
    (made,) = {*tmp_path.glob("*.dump")} - {kept, foreign}
    assert not old.exists()
    assert not archive.checksum_file(old).exists()
    assert archive.check_checksum(made)
    assert {path.stat().st_mode & 0o777 for path in (made, archive.checksum_file(made))} == {0o600}

    await run(bot_dsn, "DROP TABLE event_logs CASCADE")
    status, said = await mentorium("restore", str(made), "--yes", BOT_DB_URL=bot_dsn)
    assert status == 0, said
    assert await everything(bot_dsn) == before
    await drop_kept(postgres_server, said)


async def test_what_fails_leaves_nothing_that_looks_like_a_backup(bot_dsn: str, tmp_path: Path) -> None:
    old = aged(tmp_path, bot_dsn.rpartition("/")[2], 99)
    status, said = await backed_up(bot_dsn, tmp_path, DB_USER="nobody_of_the_tests")
    assert status != 0
    assert "nobody_of_the_tests" in said
    assert {*tmp_path.iterdir()} == {old, archive.checksum_file(old)}
    assert old.exists(), "without a new one none goes"
