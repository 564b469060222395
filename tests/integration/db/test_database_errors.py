"""What a database says is sorted in one place: again later, repeat the whole, or nobody knows (durability 4, 11)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from mentorium_db import (
    autocommit_session,
    configure,
    configure_platform,
    dispose,
    get_session,
    platform_connection,
)
from mentorium_db import (
    session as sessions,
)
from mentorium_db.jobs import enqueue
from mentorium_db.models import Parent
from mentorium_db.repositories import ParentRepository
from mentorium_db.sqlstates import classified_from_outside
from mentorium_domain.enums import JobKind, Language
from mentorium_kit import unit_of_work
from mentorium_kit.errors import ConflictError, MentoriumError, OutcomeUnknownError, UnavailableError, UnitOfWorkError
from mentorium_kit.retry import retry_conflicts
from mentorium_observability.metrics import error_type
from tests.fixtures.database_proxy import DatabaseProxy, database_proxy
from tests.fixtures.databases import SessionFactory
from tests.integration.db.rows import NOW

Raised = Callable[[], Awaitable[None]]

CODES = {
    "25006": "bot_db_read_only",
    "40001": "bot_db_conflict",
    "40P01": "bot_db_conflict",
    "53100": "bot_db_full",
    "53200": "bot_db_full",
    "53300": "bot_db_full",
    "57014": "bot_db_unavailable",
    "57P01": "bot_db_unavailable",
    "57P03": "bot_db_unavailable",
    "58030": "bot_db_unavailable",
    "08006": "bot_db_unavailable",
}


@pytest_asyncio.fixture
async def proxy(bot_dsn: str) -> AsyncIterator[DatabaseProxy]:
    async with database_proxy(bot_dsn) as opened:
        configure(opened.dsn)
        yield opened
        opened.lose_answer_to = None
        await dispose()


@pytest_asyncio.fixture
async def disposed() -> AsyncIterator[None]:
    yield
    await dispose()


async def add(telegram_id: int) -> None:
    async with get_session() as session:
        await ParentRepository(session).add(telegram_id, language=Language.UZ, now=NOW)


async def kept(dsn: str) -> list[int]:
    connection = await asyncpg.connect(dsn)
    try:
        return [row[0] for row in await connection.fetch("SELECT telegram_id FROM parents ORDER BY 1")]
    finally:
        await connection.close()


def saying(state: str) -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}', MESSAGE = 'said by a test'; END $$"


@pytest.mark.parametrize(("state", "code"), CODES.items())
async def test_a_statement_that_was_refused_for_now_is_to_be_tried_again(
    session_factory: SessionFactory, state: str, code: str
) -> None:
    """Durability 4, operators A2."""

    async def met() -> None:
        async with get_session() as session:
            await session.execute(text(saying(state)))

    with pytest.raises(UnavailableError) as refusal:
        await met()
    assert refusal.value.code == code
    assert error_type(refusal.value) == "database"
    assert isinstance(refusal.value, ConflictError) == state.startswith("40")
    assert "said by a test" not in str(refusal.value)
    await add(1)


async def test_what_the_queue_meets_on_the_same_connection_is_sorted_as_well(session_factory: SessionFactory) -> None:
    """pgqueuer talks to the driver itself, past SQLAlchemy."""

    async def met() -> None:
        async with get_session() as session:
            await session.execute(text("SET TRANSACTION READ ONLY"))
            await enqueue(session, next(iter(JobKind)), {}, dedup_key="one")

    with pytest.raises(UnavailableError, match="bot_db_read_only"):
        await met()


@pytest.mark.parametrize("state", ["42P01", "42703", "3F000"])
async def test_what_another_schema_refuses_is_an_outage(session_factory: SessionFactory, state: str) -> None:
    """operators A13: a deploy in the wrong order passes, and costs nobody a question."""

    async def met() -> None:
        async with get_session() as session:
            await session.execute(text(saying(state)))

    with pytest.raises(UnavailableError, match="bot_db_schema_unknown"):
        await met()


@pytest.mark.parametrize("state", ["22012", "23514", "42601"])
async def test_a_mistake_is_no_outage(session_factory: SessionFactory, state: str) -> None:
    async def met() -> None:
        async with get_session() as session:
            await session.execute(text(saying(state)))

    with pytest.raises(DBAPIError):
        await met()


async def test_a_connection_that_is_closed_already_is_an_outage(bot_dsn: str) -> None:
    """What asyncpg says of it has no SQLSTATE."""
    connection = await asyncpg.connect(bot_dsn)
    await connection.close()
    with pytest.raises(asyncpg.InterfaceError) as closed:
        await connection.fetch("SELECT 1")
    known = classified_from_outside("bot_db", closed.value)
    assert known is not None
    assert known.code == "bot_db_unavailable"


@pytest.mark.own_databases
@pytest.mark.parametrize("state", ["25006", "40001", "53100", "23514"])
async def test_a_commit_that_the_server_refused_did_not_happen(bot_dsn: str, disposed: None, state: str) -> None:
    """A deferred trigger speaks at COMMIT, as a serialisation failure or a full disk does."""
    owner = await asyncpg.connect(bot_dsn)
    await owner.execute(f"""
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$;
        CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON parents DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION refuse()
        """)
    await owner.close()
    configure(bot_dsn)
    expected = {"25006": UnavailableError, "40001": ConflictError, "53100": UnavailableError, "23514": IntegrityError}
    with pytest.raises(expected[state]) as refusal:
        await add(1)
    assert getattr(refusal.value, "code", None) == CODES.get(state, getattr(refusal.value, "code", None))
    assert await kept(bot_dsn) == []


@pytest.mark.own_databases
async def test_a_database_that_became_a_standby_is_read_only(bot_dsn: str, disposed: None) -> None:
    """Operators A2."""
    configure(bot_dsn)
    owner = await asyncpg.connect(bot_dsn)
    name = bot_dsn.rpartition("/")[2]
    await owner.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await owner.close()
    with pytest.raises(UnavailableError, match="bot_db_read_only"):
        await add(1)
    with pytest.raises(UnavailableError, match="bot_db_read_only"):
        async with autocommit_session(writes=True) as session:
            await session.execute(text("UPDATE parents SET updated_at = now()"))
    async with get_session() as session:
        assert await session.scalar(text("SELECT 1")) == 1, "reading goes on"


async def test_a_wrong_password_or_name_is_told_from_an_absent_server(bot_dsn: str, disposed: None) -> None:
    """Operators A8."""
    configure(urlunsplit(urlsplit(bot_dsn)._replace(path="/nowhere_at_all")))
    with pytest.raises(UnavailableError, match="bot_db_refused") as refusal:
        await add(1)
    assert refusal.value.context == {"reason": "InvalidCatalogNameError"}


async def test_a_lost_answer_to_commit_leaves_the_outcome_unknown(proxy: DatabaseProxy, bot_dsn: str) -> None:
    """Durability 11: the fact stands although its caller has heard nothing."""
    proxy.lose_answer_to = b"COMMIT"
    with pytest.raises(OutcomeUnknownError, match="bot_db_outcome_unknown") as unknown:
        await add(1)
    assert error_type(unknown.value) == "database"
    assert await kept(bot_dsn) == [1]
    assert not unit_of_work.is_open()
    proxy.lose_answer_to = None
    await add(2)


async def test_a_commit_that_is_never_answered_leaves_the_outcome_unknown(
    bot_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "_COMMAND_TIMEOUT_S", 1)
    async with database_proxy(bot_dsn) as proxy:
        configure(proxy.dsn)
        proxy.lose_answer_to, proxy.hang = b"COMMIT", True
        with pytest.raises(OutcomeUnknownError):
            await add(1)
        await dispose()
    assert await kept(bot_dsn) == [1]


async def test_who_is_cancelled_in_a_commit_is_cancelled(proxy: DatabaseProxy) -> None:
    proxy.lose_answer_to, proxy.hang = b"COMMIT", True
    task = asyncio.ensure_future(add(1))
    await proxy.lost.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 10)


async def test_a_lost_answer_before_the_commit_is_an_outage(proxy: DatabaseProxy, bot_dsn: str) -> None:
    proxy.lose_answer_to = b"INSERT INTO parents"
    with pytest.raises(UnavailableError, match="bot_db_unavailable"):
        await add(1)
    assert await kept(bot_dsn) == []


async def test_one_statement_alone_commits_by_itself(session_factory: SessionFactory, bot_dsn: str) -> None:
    async with autocommit_session(writes=True) as session:
        assert unit_of_work.is_open(), "nobody else's server is asked meanwhile"
        await session.execute(text(_INSERT))
        assert await kept(bot_dsn) == [1], "it stands at once"
    assert not unit_of_work.is_open()


_INSERT = "INSERT INTO parents (telegram_id, language, created_at, updated_at) VALUES (1, 'uz', now(), now())"


async def test_a_lost_answer_to_one_statement_alone(proxy: DatabaseProxy, bot_dsn: str) -> None:
    proxy.lose_answer_to = b"MARKEDROW"  # the parameter comes with the execution, not with the preparation
    marked = _INSERT.replace("(", "(registration_code, ", 1).replace("(1,", "(:mark, 1,")
    with pytest.raises(OutcomeUnknownError):
        async with autocommit_session(writes=True) as session:
            await session.execute(text(marked), {"mark": "MARKEDROW"})
    assert await kept(bot_dsn) == [1]
    proxy.lose_answer_to = b"FROM parents"
    with pytest.raises(UnavailableError):
        async with autocommit_session() as session:
            await session.execute(select(Parent.id))


async def test_one_statement_alone_and_a_unit_of_work_do_not_mix(session_factory: SessionFactory) -> None:
    async def inside() -> None:
        async with get_session(), autocommit_session():
            pass

    async def around() -> None:
        async with autocommit_session(), get_session():
            pass

    for mixed in (inside, around):
        with pytest.raises(UnitOfWorkError):
            await mixed()
        assert not unit_of_work.is_open()


async def test_reading_alone_costs_one_round_trip(
    session_factory: SessionFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = 0
    really = asyncpg.Connection.transaction

    def count(connection: asyncpg.Connection[asyncpg.Record], **options: object) -> object:
        nonlocal begun
        begun += 1
        return really(connection, **options)  # type: ignore[arg-type]

    await add(1)
    monkeypatch.setattr(asyncpg.Connection, "transaction", count)
    async with autocommit_session() as session:
        assert await session.scalar(select(Parent.telegram_id)) == 1
    assert begun == 0


async def test_of_two_that_wait_for_each_other_the_loser_comes_again(
    session_factory: SessionFactory, bot_dsn: str
) -> None:
    """Two transactions that deadlock: the database ends one, the edge repeats it whole."""
    await add(1)
    await add(2)
    both_hold = asyncio.Barrier(2)
    tries = 0

    async def touch_both(first: int, second: int) -> None:
        nonlocal tries
        tries += 1
        meets = tries <= 2
        async with get_session() as session:
            await _touch(session, first)
            if meets:
                await both_hold.wait()
            await _touch(session, second)

    await asyncio.gather(
        retry_conflicts(lambda: touch_both(1, 2)),
        retry_conflicts(lambda: touch_both(2, 1)),
    )
    assert tries == 3


async def _touch(session: object, telegram_id: int) -> None:
    await session.execute(  # type: ignore[attr-defined]
        text("UPDATE parents SET updated_at = clock_timestamp() WHERE telegram_id = :id"), {"id": telegram_id}
    )


async def test_a_serialisation_failure_is_repeated_until_the_third_time(
    session_factory: SessionFactory, bot_dsn: str
) -> None:
    await add(1)
    tries = 0

    async def overtaken(times: int) -> None:
        nonlocal tries
        tries += 1
        async with get_session() as session:
            await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            await session.execute(select(Parent.id))
            if tries <= times:
                other = await asyncpg.connect(bot_dsn)
                await other.execute("UPDATE parents SET updated_at = clock_timestamp()")
                await other.close()
            await _touch(session, 1)

    await retry_conflicts(lambda: overtaken(2))
    assert tries == 3
    tries = 0
    with pytest.raises(ConflictError):
        await retry_conflicts(lambda: overtaken(3))
    assert tries == 3


@pytest.mark.own_databases
async def test_a_table_that_changed_under_a_known_statement_is_a_conflict(bot_dsn: str, disposed: None) -> None:
    """A migration beside a living process: the first use of a prepared statement fails, the repeated one does not."""
    configure(bot_dsn, pool_size=1)
    owner = await asyncpg.connect(bot_dsn)
    await owner.execute("CREATE TABLE changing (id int)")

    async def read() -> None:
        async with get_session() as session:
            await session.execute(text("SELECT * FROM changing"))

    await read()
    await owner.execute("ALTER TABLE changing ADD COLUMN more int")
    await owner.close()
    with pytest.raises(ConflictError):
        await read()
    await read()


async def test_the_platform_is_sorted_likewise_and_may_be_read_only(configured_platform: str) -> None:
    async def met(state: str) -> None:
        async with platform_connection() as connection:
            await connection.execute(saying(state))

    for state in ("53100", "57P01", "08006"):
        with pytest.raises(UnavailableError, match="platform_db_"):
            await met(state)
    with pytest.raises(ConflictError, match="platform_db_conflict"):
        await met("40001")
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await met("25006")


def test_every_code_is_counted_as_the_databases() -> None:
    assert {error_type(MentoriumError(code)) for code in (*CODES.values(), "bot_db_refused")} == {"database"}


async def test_the_platform_that_refuses_its_reader_is_told_from_one_that_is_away(
    platform_dsn: str, disposed: None
) -> None:
    configure_platform(urlunsplit(urlsplit(platform_dsn)._replace(path="/nowhere_at_all")))
    with pytest.raises(UnavailableError, match="platform_db_refused"):
        async with platform_connection():
            pass
