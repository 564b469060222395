"""A schema that this code does not know is told by health, and passes when it is right again."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from structlog.testing import capture_logs

import mentorium_db
from mentorium_db import get_session
from mentorium_db.migrate import downgrade, upgrade
from mentorium_db.models import Dialog
from mentorium_kit.errors import ConfigurationError, UnavailableError
from mentorium_observability.health import Health
from mentorium_runtime import probes, schema
from tests.fixtures.databases import SessionFactory
from tests.fixtures.patience import HANGS_AFTER_S

pytestmark = pytest.mark.own_databases


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema.SchemaProbe.__init__, "__defaults__", (0.0, 0.0))
    monkeypatch.setattr(schema, "LOOK_AGAIN_S", 0.05)


@pytest.mark.usefixtures("session_factory", "impatient")
async def test_ready_is_not_said_with_a_schema_that_lacks_migrations(bot_dsn: str) -> None:
    """operators A13"""
    health = Health([probes.bot_database(fresh_for_s=0)])
    assert (await health.ready()).http_status == 200
    await downgrade(bot_dsn, "-1")
    with capture_logs() as lines:
        for _ in range(3):
            answer = await health.ready()
            assert (answer.http_status, answer.body["parts"]) == (503, {"bot_db": "bot_db_schema_behind"})
        assert (await health.full()).http_status == 503
        assert (await health.live()).http_status == 200
        await upgrade(bot_dsn, "head")
        assert (await health.ready()).http_status == 200
    told = [line for line in lines if line["event"].startswith("bot_database_schema_unknown")]
    assert "make migrate" in told[0]["reason"]
    assert told[-1]["event"] == "bot_database_schema_unknown_no_more"


@pytest.mark.usefixtures("session_factory")
async def test_a_schema_ahead_is_known_while_nothing_is_missing(bot_dsn: str) -> None:
    await _execute(bot_dsn, "UPDATE alembic_version SET version_num = 'fffffffffff1'")
    await schema.check_schema()
    await _execute(bot_dsn, "ALTER TABLE dialogs DROP COLUMN parts_delivered")
    with pytest.raises(UnavailableError, match="bot_db_schema_ahead") as refused:
        await schema.check_schema()
    assert "dialogs.parts_delivered" in str(refused.value)


async def test_what_was_seen_a_moment_ago_still_counts(session_factory: SessionFactory, bot_dsn: str) -> None:
    probe = schema.SchemaProbe(look_every_s=3600, look_again_s=3600)
    await probe()
    await downgrade(bot_dsn, "-1")
    await probe()


@pytest.mark.usefixtures("session_factory")
async def test_a_statement_that_the_schema_does_not_know_is_an_outage(bot_dsn: str) -> None:
    await _execute(bot_dsn, "ALTER TABLE dialogs DROP COLUMN parts_delivered")
    with pytest.raises(UnavailableError, match="bot_db_schema_unknown"):
        async with get_session() as session:
            await session.get(Dialog, 1)


@pytest.mark.usefixtures("impatient")
async def test_at_start_migrations_are_waited_for_but_not_the_first(empty_dsn: str) -> None:
    """operators A13"""
    mentorium_db.configure(empty_dsn)
    try:
        with pytest.raises(ConfigurationError, match="bot_database_not_migrated"):
            await schema.wait_for_schema(asyncio.Event())
        await upgrade(empty_dsn, "head")
        await downgrade(empty_dsn, "-1")
        waiting = asyncio.create_task(schema.wait_for_schema(asyncio.Event()))
        assert not (await asyncio.wait({waiting}, timeout=0.3))[0]
        await upgrade(empty_dsn, "head")
        assert await asyncio.wait_for(waiting, HANGS_AFTER_S)
        await downgrade(empty_dsn, "-1")
        stopping = asyncio.Event()
        stopping.set()
        assert not await schema.wait_for_schema(stopping)
    finally:
        await mentorium_db.dispose()
