"""The parents' repository on the real database, and the specification's sample of it, word for word."""

from __future__ import annotations

import ast
import asyncio
import inspect
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

import asyncpg
import pytest

import mentorium_db
from mentorium_db import get_session
from mentorium_db.models import Parent
from mentorium_db.repositories import ParentRepository
from mentorium_domain.enums import Language
from mentorium_kit.errors import NotFoundError
from tests import specification
from tests.fixtures.databases import SessionFactory

NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

SAMPLE = """\
from mentorium_db import get_session
from mentorium_db.repositories import ParentRepository

async with get_session() as session:
    repo = ParentRepository(session)
    parent = await repo.get_by_telegram_id(123456789)
"""


async def add_parent(telegram_id: int = 123456789, language: Language = Language.UZ) -> Parent:
    async with get_session() as session:
        return await ParentRepository(session).add(telegram_id, language=language, now=NOW)


async def stored(parent_id: int) -> Parent:
    async with get_session() as session:
        return await session.get_one(Parent, parent_id)


def one_url(dsn: str) -> dict[str, str]:
    return {"BOT_DB_URL": dsn.replace("postgresql://", "postgresql+asyncpg://")}


def single_variables(dsn: str) -> dict[str, str]:
    parts = urlsplit(dsn)
    return {
        "DB_HOST": str(parts.hostname),
        "DB_PORT": str(parts.port),
        "DB_NAME": parts.path[1:],
        "DB_USER": str(parts.username),
        "DB_PASSWORD": unquote(str(parts.password)),
    }


@pytest.mark.parametrize("settings", [one_url, single_variables])
async def test_the_specifications_sample_runs_unconfigured(
    bot_dsn: str, monkeypatch: pytest.MonkeyPatch, settings: Callable[[str], dict[str, str]]
) -> None:
    for name in [name for name in os.environ if name == "BOT_DB_URL" or name.startswith("DB_")]:
        monkeypatch.delenv(name)
    for name, value in settings(bot_dsn).items():
        monkeypatch.setenv(name, value)
    assert SAMPLE in specification.text()
    try:
        added = await add_parent()
        found = await run(SAMPLE)
    finally:
        await mentorium_db.dispose()
    assert isinstance(found["parent"], Parent)
    assert found["parent"].id == added.id


async def run(sample: str) -> dict[str, object]:
    """Run a sample that awaits at its top level; returns its names."""
    names: dict[str, object] = {}
    code = compile(sample, "<specification>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if inspect.isawaitable(result := eval(code, names)):
        await result
    return names


async def test_an_unknown_telegram_id_is_nobody(session_factory: SessionFactory) -> None:
    async with session_factory() as session:
        assert await ParentRepository(session).get_by_telegram_id(1) is None


async def test_a_new_parent_is_unregistered_and_stamped_with_the_time_given(session_factory: SessionFactory) -> None:
    parent = await stored((await add_parent(language=Language.RU)).id)
    assert (parent.telegram_id, parent.language, parent.registration_completed) == (123456789, Language.RU, False)
    assert (parent.created_at, parent.updated_at) == (NOW, NOW)


async def test_adding_a_parent_twice_keeps_the_first(session_factory: SessionFactory) -> None:
    first = await add_parent(language=Language.RU)
    again = await add_parent(language=Language.EN)
    assert (again.id, again.language) == (first.id, Language.RU)


async def test_two_who_add_the_same_parent_at_once_get_the_same(session_factory: SessionFactory) -> None:
    added = await asyncio.gather(*(add_parent() for _ in range(5)))
    assert len({parent.id for parent in added}) == 1


async def test_the_language_changes_for_this_parent_alone(session_factory: SessionFactory) -> None:
    parent, other = await add_parent(1), await add_parent(2)
    async with session_factory() as session:
        await ParentRepository(session).set_language(parent.id, Language.EN, LATER)
    assert [(row.language, row.updated_at) for row in (await stored(parent.id), await stored(other.id))] == [
        (Language.EN, LATER),
        (Language.UZ, NOW),
    ]


async def test_registration_keeps_a_contact_that_is_not_given_again(session_factory: SessionFactory) -> None:
    parent = await add_parent()
    async with session_factory() as session:
        parents = ParentRepository(session)
        await parents.complete_registration(parent.id, NOW, phone="+998901112233")
        await parents.complete_registration(parent.id, LATER, email="dilnoza@example.uz")
    parent = await stored(parent.id)
    assert (parent.registration_completed, parent.phone, parent.email, parent.updated_at) == (
        True,
        "+998901112233",
        "dilnoza@example.uz",
        LATER,
    )


async def test_a_locked_parent_is_read_anew(session_factory: SessionFactory, bot_dsn: str) -> None:
    parent_id = (await add_parent()).id
    connection = await asyncpg.connect(bot_dsn)
    async with session_factory() as session:
        await session.get_one(Parent, parent_id)
        await connection.execute("UPDATE parents SET phone = 'changed meanwhile'")
        assert (await ParentRepository(session).lock(parent_id)).phone == "changed meanwhile"
    await connection.close()


async def test_a_lock_keeps_out_writers_but_not_those_who_refer_to_the_row(
    session_factory: SessionFactory, bot_dsn: str
) -> None:
    parent_id = (await add_parent()).id
    connection = await asyncpg.connect(bot_dsn)
    async with session_factory() as session:
        await ParentRepository(session).lock(parent_id)
        with pytest.raises(asyncpg.LockNotAvailableError):
            await connection.execute("SELECT FROM parents FOR NO KEY UPDATE NOWAIT")
        assert await connection.fetch("SELECT id FROM parents FOR KEY SHARE NOWAIT")
    assert await connection.fetch("SELECT id FROM parents FOR NO KEY UPDATE NOWAIT")
    await connection.close()


async def test_locking_nobody_says_so(session_factory: SessionFactory) -> None:
    async with session_factory() as session:
        with pytest.raises(NotFoundError, match="parent_unknown"):
            await ParentRepository(session).lock(1)
