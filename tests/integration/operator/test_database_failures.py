"""Each subcommand ends a failure of the database in one clear line, with the right status (operators A2, A8)."""

from __future__ import annotations

import asyncpg
import pytest

from tests.fixtures.entrances import WRONG_ENTRANCES
from tests.integration.operator.command import mentorium

SUBCOMMANDS = {
    "grant": ("grant", "1", "monthly", "--reason", "x"),
    "migrate": ("migrate",),
    "roles": ("roles",),
    "reports": ("reports", "run", "weekly"),
}
NOWHERE = "postgresql://u:hunter22@127.0.0.1:1/db"


async def said(subcommand: str, dsn: str) -> tuple[int, str]:
    status, output = await mentorium(*SUBCOMMANDS[subcommand], given="pw\n", BOT_DB_URL=dsn, PLATFORM_DB_URL=dsn)
    (line,) = [line for line in output.splitlines() if not line.startswith("request: ")]
    assert "hunter22" not in line
    return status, line


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
async def test_a_server_that_is_away(subcommand: str) -> None:
    status, line = await said(subcommand, NOWHERE)
    assert status == 1
    assert "does not answer (ConnectionRefusedError)" in line


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
@pytest.mark.parametrize("wrong", WRONG_ENTRANCES)
async def test_a_wrong_password_role_or_database(subcommand: str, wrong: str, bot_dsn: str) -> None:
    status, line = await said(subcommand, WRONG_ENTRANCES[wrong](bot_dsn))
    assert status == 2
    assert "does not let us in" in line
    assert ("InvalidCatalogNameError" if wrong == "database" else "InvalidPasswordError") in line


@pytest.mark.own_databases
@pytest.mark.parametrize("subcommand", ["grant", "migrate", "roles"])
async def test_a_database_that_is_read_only(subcommand: str, empty_dsn: str, bot_dsn: str) -> None:
    dsn = empty_dsn if subcommand == "migrate" else bot_dsn
    owner = await asyncpg.connect(dsn)
    if subcommand == "grant":
        await owner.execute("INSERT INTO parents (telegram_id, language) VALUES (1, 'uz')")
    await owner.execute(f"ALTER DATABASE {dsn.rpartition('/')[2]} SET default_transaction_read_only = on")
    await owner.close()
    status, line = await said(subcommand, dsn)
    assert status == 1
    assert "read-only" in line


@pytest.mark.parametrize("subcommand", ["verify", "doctor"])
async def test_the_pages_say_it_in_a_line_of_their_own(subcommand: str, bot_dsn: str) -> None:
    words = ("verify", "--platform", "--dsn", f"{bot_dsn}_not") if subcommand == "verify" else ("doctor",)
    status, output = await mentorium(
        *words,
        BOT_DB_URL=f"{bot_dsn}_not",
        PLATFORM_DB_URL=f"{bot_dsn}_not",
        BOT_TELEGRAM_TOKEN=f"123456789:{35 * 's'}",
        BOT_OPENAI_API_KEY="secret",
        BOT_TELEGRAM_API_URL="http://127.0.0.1:9",
        BOT_OPENAI_BASE_URL="http://127.0.0.1:9",
        PLATFORM_LINK_KEY=32 * "k",
        REDIS_URL="redis://127.0.0.1:9/0",
    )
    assert status == 1
    assert "InvalidCatalogNameError" in output
