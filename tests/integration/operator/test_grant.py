"""`mentorium grant`: gives, extends, and says what is wrong."""

from __future__ import annotations

import argparse
import asyncio

import pytest
import pytest_asyncio
from sqlalchemy import text

import mentorium_db
from mentorium_db.repositories import ParentRepository
from mentorium_domain.enums import Language
from mentorium_kit import clock
from mentorium_operator import giving, grant
from tests.fixtures.database_proxy import database_proxy
from tests.fixtures.databases import SessionFactory
from tests.integration.operator.command import mentorium

PARENT = 700_000_001


async def given(*words: str, **environment: str) -> tuple[int, str]:
    """Exit status, and what is said behind the line that names the request."""
    status, output = await mentorium(*words, **environment)
    request, said = output.split("\n", 1)
    assert request.startswith("request: ")
    return status, said


async def test_it_gives_and_extends(bot_dsn: str, session_factory: SessionFactory) -> None:
    async with mentorium_db.get_session() as session:
        await ParentRepository(session).add(PARENT, language=Language.EN, now=clock.now())
    words = ("grant", str(PARENT), "monthly", "--reason", "a pilot", "--operator", "me")
    status, first = await given(*words, BOT_DB_URL=bot_dsn)
    assert (status, first.partition(",")[0]) == (0, f"granted: monthly for {PARENT}")
    status, second = await given(*words, BOT_DB_URL=bot_dsn)
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
    assert status == 1
    assert output.splitlines()[1:] == ["the bot's database does not answer (ConnectionRefusedError)"]


@pytest_asyncio.fixture
async def parent(session_factory: SessionFactory) -> int:
    async with session_factory() as session:
        await ParentRepository(session).add(PARENT, language=Language.EN, now=clock.now())
    return PARENT


async def kept() -> int:
    async with mentorium_db.get_session() as session:
        found: int = await session.scalar(text("SELECT count(*) FROM subscription_grants"))
    return found


async def test_a_repeated_request_says_what_stands(bot_dsn: str, parent: int) -> None:
    """Durability 11."""
    words = ("grant", str(parent), "monthly", "--reason", "a pilot")
    _, output = await mentorium(*words, BOT_DB_URL=bot_dsn)
    first, said = output.splitlines()
    request = first.removeprefix("request: ")
    status, again = await mentorium(*words, "--request", request, BOT_DB_URL=bot_dsn)
    assert (status, again.splitlines()) == (0, [f"request: {request}", said])
    status, refused = await mentorium("grant", "1", *words[2:], "--request", request, BOT_DB_URL=bot_dsn)
    assert (status, refused.splitlines()[1:]) == (1, ["refused: request_of_another_grant"])
    assert await kept() == 1


async def test_after_a_lost_answer_it_finds_out_what_stands(bot_dsn: str, parent: int) -> None:
    """Durability 11: the answer to COMMIT is lost once, then the line is good again."""
    async with database_proxy(bot_dsn) as proxy:
        proxy.lose_answer_to = b"COMMIT"
        running = asyncio.ensure_future(
            mentorium("grant", str(parent), "monthly", "--reason", "x", BOT_DB_URL=proxy.dsn)
        )
        await proxy.lost.wait()
        proxy.lose_answer_to = None
        status, output = await running
    assert (status, output.splitlines()[1].partition(",")[0]) == (0, f"granted: monthly for {parent}")
    assert await kept() == 1


async def test_an_outcome_that_stays_unknown_is_told_with_the_way_out(
    bot_dsn: str, parent: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(giving, "_PATIENCE_S", 2.0)
    async with database_proxy(bot_dsn) as proxy:
        proxy.lose_answer_to = b"COMMIT"
        await mentorium_db.dispose()
        arguments = argparse.Namespace(
            telegram_id=parent, tariff="monthly", reason="a pilot", operator="me", request=None, despite_refund=False
        )
        monkeypatch.setenv("BOT_DB_URL", proxy.dsn)
        status = await asyncio.to_thread(grant.run, arguments)
    assert status == 75
    first, _, command = capsys.readouterr().err.splitlines()
    request = first.removeprefix("request: ")
    assert command == f"mentorium grant {parent} monthly --reason 'a pilot' --operator me --request {request}"
    mentorium_db.configure(bot_dsn)
    assert await kept() == 1
