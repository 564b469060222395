"""`mentorium grant`: gives, extends, and says what is wrong."""

from __future__ import annotations

import pytest

import mentorium_db
from mentorium_db.repositories import ParentRepository
from mentorium_domain.enums import Language
from mentorium_kit import clock
from tests.fixtures.databases import SessionFactory
from tests.integration.operator.command import mentorium

PARENT = 700_000_001


async def test_it_gives_and_extends(bot_dsn: str, session_factory: SessionFactory) -> None:
    async with mentorium_db.get_session() as session:
        await ParentRepository(session).add(PARENT, language=Language.EN, now=clock.now())
    words = ("grant", str(PARENT), "monthly", "--reason", "a pilot", "--operator", "me")
    status, first = await mentorium(*words, BOT_DB_URL=bot_dsn)
    assert (status, first.partition(",")[0]) == (0, f"granted: monthly for {PARENT}")
    status, second = await mentorium(*words, BOT_DB_URL=bot_dsn)
    assert (status, second.partition(",")[0]) == (0, f"extended: monthly for {PARENT}")
    assert second.rpartition(" ")[2] > first.rpartition(" ")[2]


@pytest.mark.parametrize(
    ("words", "status", "wanted"),
    [
        ((str(PARENT), "monthly", "--reason", "a pilot"), 1, str(PARENT)),
        ((str(PARENT), "monthly", "--reason", " "), 2, "reason"),
        ((str(PARENT), "weekly", "--reason", "a pilot"), 2, "weekly"),
        (("somebody", "monthly", "--reason", "a pilot"), 2, "telegram_id"),
    ],
)
async def test_it_says_what_is_wrong(bot_dsn: str, words: tuple[str, ...], status: int, wanted: str) -> None:
    found, output = await mentorium("grant", *words, BOT_DB_URL=bot_dsn)
    assert found == status
    assert wanted in output


async def test_without_settings_it_ends_with_a_list() -> None:
    status, output = await mentorium("grant", "1", "monthly", "--reason", "test")
    assert status == 2
    assert "BOT_DB_URL is missing" in output


async def test_a_database_that_is_away() -> None:
    url = "postgresql://u:hunter22@127.0.0.1:1/db"
    status, output = await mentorium("grant", "1", "monthly", "--reason", "test", BOT_DB_URL=url)
    assert (status, output) == (1, "the bot's database does not answer\n")
