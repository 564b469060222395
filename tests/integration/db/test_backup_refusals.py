"""Backups and restores that cannot be: what is said is what is so, in one line, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from mentorium_db.roles import APP_ROLE, ensure_app_role
from tests.integration.db.test_roles import PASSWORD, as_app
from tests.integration.operator.command import mentorium

pytestmark = pytest.mark.own_databases


@pytest.mark.parametrize("right", ["SELECT ON event_logs", "SELECT ON SEQUENCE parents_id_seq"])
async def test_a_role_that_may_not_read_all_is_told_what_renews_its_rights(
    bot_dsn: str, tmp_path: Path, right: str
) -> None:
    await ensure_app_role(bot_dsn, PASSWORD)
    owner = await asyncpg.connect(bot_dsn)
    await owner.execute(f"REVOKE {right} FROM {APP_ROLE}")
    await owner.close()
    status, output = await mentorium("backup", BOT_DB_URL=as_app(bot_dsn), BACKUP_DIR=str(tmp_path))
    assert (status, "make roles ARGS=--rights" in output) == (2, True), output
    assert right.split()[-1] in output
    assert list(tmp_path.iterdir()) == []
