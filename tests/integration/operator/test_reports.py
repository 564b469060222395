"""`mentorium reports run`: the reports of the last finished period, once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from mentorium_domain.enums import Language
from mentorium_sandbox import school
from tests.fixtures.databases import SessionFactory
from tests.integration.core.household import Household, register
from tests.integration.operator.command import mentorium

FIRST = 200_000_001


@pytest_asyncio.fixture
async def household(session_factory: SessionFactory, configured_platform: str) -> AsyncIterator[Household]:
    """Both databases, the bot's empty, the school with nobody in it."""
    async with Household.at(configured_platform) as household:
        yield household


async def test_for_everybody_and_for_one(household: Household, bot_dsn: str) -> None:
    for number in range(2):
        guardian_id = await household.guardian(f"Guardian {number}")
        await household.child(f"Child{number} Karimov", guardian_id)
        await register(FIRST + number, guardian_id, Language.EN)
    databases = {"BOT_DB_URL": bot_dsn, "PLATFORM_DB_URL": await school.read_only_dsn(household.dsn)}
    one = ("--parent", str(FIRST))
    assert await mentorium("reports", "run", "weekly", *one, **databases) == (0, "1 new reports\n")
    status, output = await mentorium("reports", "run", "weekly", "--dry-run", **databases)
    assert (status, output.splitlines()[1:]) == (
        0,
        [
            "2 parents who want it, 2 reports: 1 made before, 1 to make, 0 of them whole",
            "nothing was made; sending takes 1 min at 27 a second",
        ],
    )
    status, output = await mentorium("reports", "run", "weekly", **databases)
    assert status == 0
    assert output.endswith("1 reports made\n1 new reports\n")
    assert await mentorium("reports", "run", "weekly", *one, **databases) == (0, "0 new reports\n")
    assert await mentorium("reports", "run", "monthly", *one, **databases) == (0, "1 new reports\n")
    status, output = await mentorium("reports", "run", "weekly", "--parent", "1", **databases)
    assert (status, output) == (
        1,
        "no parent with this Telegram id has registered; what was made is kept, run it again\n",
    )


async def test_a_database_that_is_away(bot_dsn: str) -> None:
    nowhere = "postgresql://u:hunter22@127.0.0.1:1/db"
    status, output = await mentorium("reports", "run", "weekly", BOT_DB_URL=nowhere, PLATFORM_DB_URL=bot_dsn)
    assert (status, output) == (
        1,
        "the bot's database does not answer (ConnectionRefusedError); what was made is kept, run it again\n",
    )
    status, output = await mentorium("reports", "run", "weekly", BOT_DB_URL=bot_dsn)
    assert status == 2
    assert "PLATFORM_DB_URL is missing" in output
