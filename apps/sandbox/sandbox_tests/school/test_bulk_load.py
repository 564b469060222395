"""The operator command: a school of any size into any database, all or nothing, the same for the same seed."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import pytest_asyncio

from mentorium_sandbox import school
from mentorium_sandbox.school import bulk_load, installation, seeding
from tests.fixtures.servers import PostgresServer

_PEOPLE = """
    SELECT md5(string_agg(student::text || guardian::text, ';' ORDER BY student_id, guardian_id))
    FROM bot_api_v1.v_student AS student
    JOIN bot_api_v1.v_guardian_student USING (student_id)
    JOIN bot_api_v1.v_guardian AS guardian USING (guardian_id)
"""
_STRUCTURE = """
    SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE connamespace = 'platform'::regnamespace
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'platform'
    ORDER BY 1
"""


async def _command(*arguments: str, environment: dict[str, str] | None = None) -> tuple[int, str, str]:
    bare = {key: value for key, value in os.environ.items() if key != "PLATFORM_DB_URL"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mentorium_sandbox.school", *arguments),
        env={**bare, **(environment or {})},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    return process.returncode or 0, output.decode(), errors.decode()


async def _fetchval(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def _structure(dsn: str) -> list[str]:
    connection = await asyncpg.connect(dsn)
    try:
        return [row["definition"] for row in await connection.fetch(_STRUCTURE)]
    finally:
        await connection.close()


def _in_silence(what: str, done: int, of: int) -> None:
    """Nobody looks."""


async def test_an_empty_database_is_filled(empty_dsn: str) -> None:
    status, output, errors = await _command("--students", "1_500", "--dsn", empty_dsn)
    assert status == 0, errors
    assert output.startswith("1,500 students")
    assert "peak memory" in output
    assert "students: 1,500 of 1,500" in errors
    assert await _fetchval(await school.read_only_dsn(empty_dsn), "SELECT count(*) FROM bot_api_v1.v_student") == 1500


async def test_the_address_may_stand_in_the_environment(empty_dsn: str) -> None:
    named = empty_dsn.replace("postgresql://", "postgresql+asyncpg://")
    status, _, errors = await _command("--students", "5", environment={"PLATFORM_DB_URL": named})
    assert status == 0, errors
    assert await _fetchval(empty_dsn, "SELECT count(*) FROM platform.student") == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--students", "0"), "not from 1 to 1,000,000"),
        (("--students", "1000001"), "not from 1 to 1,000,000"),
        (("--students", "many"), "invalid"),
        ((), "--students"),
    ],
)
async def test_a_wrong_call_is_explained(arguments: tuple[str, ...], words: str) -> None:
    status, _, errors = await _command(*arguments)
    assert status == 2
    assert words in errors


async def test_without_a_sandbox_it_says_so(tmp_path: Path) -> None:
    status, _, errors = await _command("--students", "5", "--data", str(tmp_path))
    assert (status, "no sandbox keeps its data" in errors) == (1, True)
    (tmp_path / "address").write_text("http://127.0.0.1:1", encoding="utf-8")
    status, _, errors = await _command("--students", "5", "--data", str(tmp_path))
    assert (status, "no sandbox answers at http://127.0.0.1:1" in errors) == (1, True)


@pytest.mark.parametrize("fresh", [False, True])
async def test_somebody_elses_platform_is_left_alone(empty_dsn: str, fresh: bool) -> None:
    await _fetchval(empty_dsn, "CREATE SCHEMA platform CREATE VIEW mine AS SELECT 1 AS one")
    status, _, errors = await _command("--students", "5", "--dsn", empty_dsn, *(["--fresh"] if fresh else []))
    assert status == 1
    assert "nothing was changed" in errors
    assert await _fetchval(empty_dsn, "SELECT one FROM platform.mine") == 1
    assert await _fetchval(empty_dsn, "SELECT to_regnamespace('bot_api_v1')") is None


async def test_a_large_load_leaves_the_tables_as_they_were(
    empty_dsn: str, platform_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Indexes, keys and references come back, and the references are checked anew."""
    monkeypatch.setattr(seeding, "_LARGE_LOAD", 100)
    steps = []
    await bulk_load.fill(
        empty_dsn,
        students=300,
        seed=1,
        fresh=False,
        most_lives=40,
        progress=lambda what, done, of: steps.append((what, done, of)),
    )
    assert await _structure(empty_dsn) == await _structure(platform_dsn)
    built = [(done, of) for what, done, of in steps if what == "indexes and keys"]
    assert built[-1][0] == built[-1][1] > 30


async def test_children_of_a_large_school_share_lives(empty_dsn: str) -> None:
    await bulk_load.fill(empty_dsn, students=300, seed=1, fresh=False, most_lives=40, progress=_in_silence)
    assert await _fetchval(empty_dsn, "SELECT count(*) FROM platform.life") == 40
    # those whom one meets first share theirs with nobody
    demo = "SELECT max(n) FROM (SELECT count(*) AS n FROM platform.student WHERE life_no <= 4 GROUP BY life_no) AS led"
    assert await _fetchval(empty_dsn, demo) == 1
    spread = "SELECT max(n) FROM (SELECT count(*) AS n FROM platform.student WHERE life_no > 4 GROUP BY life_no) AS led"
    assert 2 < int(str(await _fetchval(empty_dsn, spread))) < 40
    twins = (
        "SELECT count(DISTINCT days) FROM (SELECT array_agg((day, active_seconds) ORDER BY day) AS days "
        "FROM platform.activity_day JOIN platform.student USING (student_id) WHERE life_no = 7 GROUP BY student_id) a"
    )
    assert await _fetchval(empty_dsn, twins) == 1


async def test_the_same_seed_makes_the_same_school(postgres_server: PostgresServer, platform_template: str) -> None:
    async def people(seed: int) -> object:
        dsn = await postgres_server.create("seeded", platform_template)
        await bulk_load.fill(dsn, students=60, seed=seed, fresh=False, most_lives=20, progress=_in_silence)
        made = await _fetchval(dsn, _PEOPLE)
        await postgres_server.drop(dsn)
        return made

    assert await people(3) == await people(3)
    assert await people(3) != await people(4)


async def test_a_school_grows_and_begins_anew(empty_dsn: str) -> None:
    await bulk_load.fill(empty_dsn, students=20, seed=1, fresh=False, progress=_in_silence)
    await _fetchval(empty_dsn, "INSERT INTO platform.student (display_name) VALUES ('By hand')")
    await _fetchval(empty_dsn, "UPDATE platform.clock SET shift = '40 days'")
    assert await bulk_load.fill(empty_dsn, students=50, seed=1, fresh=False, progress=_in_silence) == 50
    assert await bulk_load.fill(empty_dsn, students=30, seed=1, fresh=False, progress=_in_silence) == 50
    assert await _fetchval(empty_dsn, "SELECT count(*) FROM platform.student") == 51
    assert await bulk_load.fill(empty_dsn, students=10, seed=1, fresh=True, progress=_in_silence) == 10
    assert await _fetchval(empty_dsn, "SELECT count(*) FROM platform.student") == 10
    clock = (
        "SELECT shift = '40 days' AND abs(extract(epoch FROM platform.now() - lived_until)) < 60 FROM platform.clock"
    )
    assert await _fetchval(empty_dsn, clock) is True


async def test_a_load_that_breaks_off_leaves_what_was_there(empty_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeding, "_LARGE_LOAD", 100)
    await bulk_load.fill(empty_dsn, students=10, seed=1, fresh=False, progress=_in_silence)
    before, structure = await _fetchval(empty_dsn, _PEOPLE), await _structure(empty_dsn)

    def give_up(what: str, done: int, of: int) -> None:
        if what == "indexes and keys":
            raise KeyboardInterrupt

    for fresh in (False, True):
        with pytest.raises(KeyboardInterrupt):
            await bulk_load.fill(empty_dsn, students=400, seed=1, fresh=fresh, most_lives=20, progress=give_up)
        assert await _fetchval(empty_dsn, _PEOPLE) == before
        assert await _structure(empty_dsn) == structure


@pytest.mark.own_databases
async def test_an_older_school_is_told_from_this_one(platform_dsn: str) -> None:
    await _fetchval(platform_dsn, "DROP TABLE platform.life CASCADE")
    with pytest.raises(school.ForeignDatabaseError, match="older version"):
        await school.install(platform_dsn)
    await bulk_load.fill(platform_dsn, students=4, seed=1, fresh=True, progress=_in_silence)
    assert await _fetchval(platform_dsn, "SELECT count(*) FROM platform.student") == 4


@pytest_asyncio.fixture
async def plain_owner(empty_dsn: str) -> AsyncIterator[str]:
    """The address of somebody who owns this database and may do nothing else on the server."""
    role, parts = f"plain_{secrets.token_hex(4)}", urlsplit(empty_dsn)
    database = parts.path[1:]
    await _fetchval(empty_dsn, f"CREATE ROLE {role} LOGIN PASSWORD 'pw'")
    await _fetchval(empty_dsn, f"ALTER DATABASE {database} OWNER TO {role}")
    yield urlunsplit(parts._replace(netloc=f"{role}:pw@{parts.netloc.rpartition('@')[2]}"))
    await _fetchval(empty_dsn, f"DROP OWNED BY {role} CASCADE")
    await _fetchval(empty_dsn, f"ALTER DATABASE {database} OWNER TO CURRENT_USER")
    await _fetchval(empty_dsn, f"DROP ROLE {role}")


@pytest.mark.own_databases
async def test_a_school_needs_no_superuser(plain_owner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Operators A11: what an owner may not do is said, with the statements."""
    monkeypatch.setattr(installation, "READER", f"reader_{secrets.token_hex(4)}")
    await bulk_load.fill(plain_owner, students=4, seed=1, fresh=False, progress=_in_silence)
    assert await _fetchval(plain_owner, "SELECT count(*) FROM bot_api_v1.v_student") == 4
    assert await installation.reader_of(plain_owner) is installation.Reader.MISSING


@pytest.mark.own_databases
async def test_a_reader_that_somebody_made_before_keeps_its_password(
    empty_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Operators A3: a school does not reset the role of a platform on the same server."""
    role = f"reader_{secrets.token_hex(4)}"
    monkeypatch.setattr(installation, "READER", role)
    await _fetchval(empty_dsn, f"CREATE ROLE {role} LOGIN PASSWORD 'theirs'")
    try:
        await school.install(empty_dsn)
        assert await installation.reader_of(empty_dsn) is installation.Reader.FOREIGN
        parts = urlsplit(empty_dsn)
        theirs = urlunsplit(parts._replace(netloc=f"{role}:theirs@{parts.netloc.rpartition('@')[2]}"))
        assert await _fetchval(theirs, "SELECT count(*) FROM bot_api_v1.v_student") == 0
    finally:
        await _fetchval(empty_dsn, f"DROP OWNED BY {role}")
        await _fetchval(empty_dsn, f"DROP ROLE {role}")


@pytest.mark.own_databases
async def test_the_command_says_how_the_views_are_read(empty_dsn: str) -> None:
    status, output, _ = await _command("--students", "4", "--dsn", empty_dsn)
    assert status == 0
    (dsn,) = [line.removeprefix("PLATFORM_DB_URL=") for line in output.splitlines() if line.startswith("PLATFORM_DB")]
    assert await _fetchval(dsn, "SELECT count(*) FROM bot_api_v1.v_student") == 4
