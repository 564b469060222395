"""The views keep the platform contract, and the product's role sees nothing else."""

from __future__ import annotations

import asyncpg
import pytest

from mentorium_sandbox import school
from mentorium_sandbox.school.copy_format import Connection
from sandbox_tests.school.contract import COLUMNS, KEYS, columns_of, required_columns_of

_HOT = (
    "SELECT * FROM bot_api_v1.v_activity_day WHERE student_id = ANY($1) AND day >= '2026-11-16' AND day < '2026-11-23'",
    "SELECT * FROM bot_api_v1.v_test_attempt WHERE student_id = ANY($1) AND submitted_at >= '2026-11-16'",
    "SELECT * FROM bot_api_v1.v_lesson_progress WHERE student_id = ANY($1) AND completed_at >= '2026-11-16'",
    "SELECT * FROM bot_api_v1.v_achievement WHERE student_id = ANY($1) AND earned_at >= '2026-11-16'",
    "SELECT * FROM bot_api_v1.v_teacher_comment WHERE student_id = ANY($1) AND created_at >= '2026-11-16'",
    "SELECT * FROM bot_api_v1.v_enrollment WHERE student_id = ANY($1)",
    "SELECT * FROM bot_api_v1.v_guardian_student WHERE guardian_id = ANY($1)",
    "SELECT * FROM bot_api_v1.v_guardian_student WHERE student_id = ANY($1)",
    "SELECT * FROM bot_api_v1.v_guardian WHERE phone_e164 = $1::bigint[]::text",
    "SELECT * FROM bot_api_v1.v_guardian WHERE email = $1::bigint[]::text",
    "SELECT * FROM bot_api_v1.v_achievement WHERE (updated_at, award_id) > (now(), ($1::bigint[])[1])",
)


@pytest.mark.parametrize("view", COLUMNS)
async def test_a_view_has_the_contracts_columns_and_types(generated: Connection, view: str) -> None:
    rows = await generated.fetch(
        "SELECT attname, format_type(atttypid, NULL) AS type FROM pg_attribute "
        "WHERE attrelid = ('bot_api_v1.' || $1)::regclass AND attnum > 0",
        view,
    )
    assert {row["attname"]: row["type"] for row in rows} == columns_of(view)


async def test_there_are_the_sixteen_views_and_no_other_relation(generated: Connection) -> None:
    names = await generated.fetch("SELECT relname FROM pg_class WHERE relnamespace = 'bot_api_v1'::regnamespace")
    assert {row["relname"] for row in names} == set(COLUMNS)


@pytest.mark.parametrize("view", COLUMNS)
async def test_required_columns_hold_no_null(generated: Connection, view: str) -> None:
    missing = " OR ".join(f"{column} IS NULL" for column in required_columns_of(view))
    assert await generated.fetchval(f"SELECT count(*) FROM bot_api_v1.{view} WHERE {missing}") == 0
    assert await generated.fetchval(f"SELECT count(*) FROM bot_api_v1.{view}") > 0


@pytest.mark.parametrize("view", KEYS)
async def test_keys_are_unique(generated: Connection, view: str) -> None:
    twice = f"SELECT count(*) FROM (SELECT FROM bot_api_v1.{view} GROUP BY {KEYS[view]} HAVING count(*) > 1) AS twice"
    assert await generated.fetchval(twice) == 0


@pytest.mark.parametrize("query", _HOT)
async def test_hot_queries_use_an_index(generated: Connection, query: str) -> None:
    await generated.execute("SET enable_seqscan = off")
    plan = "\n".join(row[0] for row in await generated.fetch(f"EXPLAIN {query}", [10_001, 10_002]))
    assert "Seq Scan" not in plan
    assert "Index" in plan


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM platform.student",
        "SELECT platform.now()",
        "UPDATE bot_api_v1.v_student SET display_name = 'x'",
        "DELETE FROM bot_api_v1.v_topic",
        "CREATE TABLE bot_api_v1.mine (id int)",
        "CREATE TABLE public.mine (id int)",
    ],
)
@pytest.mark.parametrize("read_only", ["on", "off"])
async def test_the_role_reads_the_views_and_nothing_else(generated: Connection, statement: str, read_only: str) -> None:
    await generated.execute(f"SET default_transaction_read_only = {read_only}")
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError)):
        await generated.execute(statement)


async def test_the_role_starts_read_only_with_a_time_limit(generated: Connection) -> None:
    assert await generated.fetchval("SHOW default_transaction_read_only") == "on"
    assert await generated.fetchval("SHOW statement_timeout") == "30s"
    role = await generated.fetchrow("SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = user")
    assert role is not None
    assert not any(role)


async def test_a_change_moves_updated_at(small_school: str) -> None:
    connection = await asyncpg.connect(small_school)
    before = await connection.fetchval("SELECT max(updated_at) FROM bot_api_v1.v_student")
    await connection.execute("UPDATE platform.student SET display_name = 'Nilufar' WHERE student_id = 10001")
    after = await connection.fetchval("SELECT updated_at FROM bot_api_v1.v_student WHERE student_id = 10001")
    course_before = await connection.fetchval("SELECT updated_at FROM bot_api_v1.v_course WHERE course_id = 1")
    await connection.execute("UPDATE platform.lesson SET is_required = false WHERE lesson_id = 101")
    course_after = await connection.fetchval("SELECT updated_at FROM bot_api_v1.v_course WHERE course_id = 1")
    await connection.close()
    assert after > before
    assert course_after > course_before


@pytest.mark.own_databases
async def test_installing_again_changes_nothing(small_school: str) -> None:
    await school.install(small_school)
    connection = await asyncpg.connect(await school.read_only_dsn(small_school))
    assert await connection.fetchval("SELECT count(*) FROM bot_api_v1.v_student") == 8
    await connection.close()
