"""What parents ended after a backup does not stand again by its restore."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

import mentorium_db
from mentorium_core.identity.lent_rights import expel_adult
from mentorium_core.identity.model import ParentView
from mentorium_core.identity.queries import find_parent
from mentorium_core.identity.unlinking import unlink_child
from mentorium_core.identity.voice_consent import give_voice_consent, withdraw_voice_consent
from mentorium_kit import clock
from tests.fixtures.servers import PostgresServer
from tests.integration.db.test_backup import backed_up, drop_kept, fill, run
from tests.integration.operator.command import mentorium

pytestmark = pytest.mark.own_databases

LENDER, BOTH = 100_000_001, 71
"""The child that is lent besides the one that `fill` makes."""
STANDS = """
    SELECT (SELECT array_agg(platform_student_id ORDER BY 1) FROM learners WHERE parent_id = 1),
        (SELECT array_agg(platform_student_id ORDER BY 1) FROM learners WHERE parent_id = 2),
        (SELECT count(*) FROM lent_rights WHERE revoked_at IS NULL),
        (SELECT count(*) FROM consents WHERE kind = 'voice' AND withdrawn_at IS NULL)
    """


@asynccontextmanager
async def product_at(dsn: str) -> AsyncIterator[None]:
    mentorium_db.configure(dsn)
    try:
        yield
    finally:
        await mentorium_db.dispose()


async def a_family(dsn: str) -> None:
    """The lender has children 70, 71 and 72, has lent 70 and 71, and agreed to questions by voice."""
    await fill(dsn)
    for statement in (
        "DELETE FROM unlink_records",
        f"""
        INSERT INTO learners (parent_id, guardian_id, platform_student_id, source, invited_by) VALUES
            (1, 7, {BOTH}, 'contact', NULL), (1, 7, 72, 'contact', NULL),
            (2, 7, 70, 'invitation', 1), (2, 7, {BOTH}, 'invitation', 1)
        """,
        f"""
        INSERT INTO lent_rights (lender_id, borrower_id, platform_student_id, borrower_name, since)
            VALUES (1, 2, {BOTH}, 'Rustam', now())
        """,
    ):
        await run(dsn, statement)
    async with product_at(dsn):
        await give_voice_consent(await lender())


async def lender() -> ParentView:
    found = await find_parent(LENDER)
    assert found is not None
    return found


async def test_what_was_ended_since_is_ended_again_and_nobody_is_told(
    bot_dsn: str, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    await a_family(bot_dsn)
    assert [tuple(row) for row in await run(bot_dsn, STANDS)] == [([70, BOTH, 72], [70, BOTH], 2, 1)]
    file = await backed_up(bot_dsn, tmp_path)

    async with product_at(bot_dsn):
        parent = await lender()
        await expel_adult(parent, 1)
        await unlink_child(parent, BOTH)
        await unlink_child(parent, 72)
        await withdraw_voice_consent(parent)
    linked_anew = (
        "INSERT INTO learners (parent_id, guardian_id, platform_student_id, source) VALUES (1, 7, 72, 'contact')"
    )
    await run(bot_dsn, linked_anew)
    ended = [([70, 72], None, 0, 0)]
    assert [tuple(row) for row in await run(bot_dsn, STANDS)] == ended

    tomorrow = clock.now() + timedelta(days=1)
    words = ("--yes", "--lost-at", tomorrow.isoformat())
    status, output = await mentorium("restore", str(file), *words, BOT_DB_URL=bot_dsn)
    assert status == 0, output
    assert "ended again: 4\n" in output
    assert [tuple(row) for row in await run(bot_dsn, STANDS)] == ended
    assert await run(bot_dsn, "SELECT 1 FROM notifications WHERE dedup_key LIKE 'lent_taken_back%'") == []
    await drop_kept(postgres_server, output)


async def test_where_the_database_is_lost_it_is_said(
    bot_dsn: str, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    await a_family(bot_dsn)
    file = await backed_up(bot_dsn, tmp_path)
    await postgres_server.drop(bot_dsn)
    tomorrow = clock.now() + timedelta(days=1)
    status, output = await mentorium(
        "restore", str(file), "--yes", "--lost-at", tomorrow.isoformat(), BOT_DB_URL=bot_dsn
    )
    assert status == 0, output
    assert "does not tell what parents ended since the backup: it stands again" in output
