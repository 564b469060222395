"""The generated school is sane, believable, and the same for the same seed and day."""

from __future__ import annotations

from datetime import date, timedelta

import asyncpg
import pytest

from mentorium_sandbox import school
from mentorium_sandbox.school.copy_format import Connection
from sandbox_tests.school.conftest import NOW, STUDENTS
from tests.fixtures.servers import PostgresServer

_NEVER = {
    "a score above its maximum": "FROM bot_api_v1.v_test_attempt WHERE score > max_score OR score < 0",
    "a graded attempt without a score": "FROM bot_api_v1.v_test_attempt WHERE (status = 'graded') "
    "<> (score IS NOT NULL)",
    "a graded attempt without its moment": "FROM bot_api_v1.v_test_attempt "
    "WHERE (status = 'graded') <> (graded_at IS NOT NULL)",
    "an attempt at a test of another course": "FROM bot_api_v1.v_test_attempt a JOIN "
    "bot_api_v1.v_test t USING (test_id) "
    "WHERE a.course_id <> t.course_id OR a.max_score <> t.max_score",
    "more seconds than a day has": "FROM bot_api_v1.v_activity_day WHERE active_seconds NOT BETWEEN 0 AND 86400",
    "a day to come": "FROM bot_api_v1.v_activity_day WHERE day > $1::timestamptz AT TIME ZONE 'Asia/Tashkent'",
    "a deed to come": "FROM (SELECT submitted_at AS at FROM bot_api_v1.v_test_attempt UNION ALL "
    "SELECT graded_at FROM bot_api_v1.v_test_attempt UNION ALL "
    "SELECT completed_at FROM bot_api_v1.v_lesson_progress UNION ALL SELECT earned_at FROM bot_api_v1.v_achievement "
    "UNION ALL SELECT created_at FROM bot_api_v1.v_teacher_comment UNION ALL "
    "SELECT completed_at FROM bot_api_v1.v_enrollment UNION ALL SELECT enrolled_at FROM bot_api_v1.v_enrollment) deeds "
    "WHERE at > $1",
    "a row changed in the time to come": "FROM (SELECT updated_at FROM bot_api_v1.v_enrollment UNION ALL "
    "SELECT updated_at FROM bot_api_v1.v_test_attempt UNION ALL SELECT updated_at FROM "
    "bot_api_v1.v_activity_day UNION ALL "
    "SELECT updated_at FROM bot_api_v1.v_lesson_progress) changed WHERE updated_at > $1",
    "a lesson completed without its moment": "FROM bot_api_v1.v_lesson_progress "
    "WHERE (status = 'completed') <> (completed_at IS NOT NULL) OR (status = 'completed') <> (percent = 100)",
    "a course completed without its moment": "FROM bot_api_v1.v_enrollment "
    "WHERE (status = 'completed') <> (completed_at IS NOT NULL)",
    "a completed course with a lesson left": "FROM bot_api_v1.v_enrollment e JOIN "
    "bot_api_v1.v_lesson l USING (course_id) "
    "LEFT JOIN bot_api_v1.v_lesson_progress p ON p.student_id = e.student_id AND p.lesson_id = l.lesson_id "
    "WHERE e.status = 'completed' AND l.is_required AND p.completed_at IS NULL",
    "work before the enrolment": "FROM bot_api_v1.v_lesson_progress p JOIN bot_api_v1.v_enrollment e "
    "USING (student_id, course_id) WHERE p.started_at < e.enrolled_at",
    "work in a course without enrolment": "FROM bot_api_v1.v_lesson_progress p LEFT JOIN bot_api_v1.v_enrollment e "
    "USING (student_id, course_id) WHERE e.enrollment_id IS NULL",
    "work on a day without activity": "FROM bot_api_v1.v_lesson_progress p LEFT JOIN bot_api_v1.v_activity_day a "
    "ON a.student_id = p.student_id AND a.day = (p.completed_at AT TIME ZONE 'Asia/Tashkent')::date "
    "WHERE p.completed_at IS NOT NULL AND a.day IS NULL",
    "a phone that is not E.164": r"FROM bot_api_v1.v_guardian WHERE phone_e164 !~ '^\+[1-9][0-9]{6,14}$'",
    "an e-mail in upper case": "FROM bot_api_v1.v_guardian WHERE email <> lower(email)",
    "a verified nothing": "FROM bot_api_v1.v_guardian "
    "WHERE (email_verified AND email IS NULL) OR (phone_verified AND phone_e164 IS NULL)",
    "two guardians with one verified phone": "FROM (SELECT FROM bot_api_v1.v_guardian WHERE phone_verified "
    "GROUP BY phone_e164 HAVING count(*) > 1) shared",
    "a child without a guardian": "FROM bot_api_v1.v_student LEFT JOIN "
    "bot_api_v1.v_guardian_student USING (student_id) "
    "WHERE guardian_id IS NULL",
    "a title that is missing in a language": "FROM (SELECT title_uz, title_ru, title_en FROM "
    "bot_api_v1.v_lesson UNION ALL "
    "SELECT title_uz, title_ru, title_en FROM bot_api_v1.v_test UNION ALL "
    "SELECT title_uz, title_ru, title_en FROM bot_api_v1.v_topic UNION ALL "
    "SELECT title_uz, title_ru, title_en FROM bot_api_v1.v_course UNION ALL "
    "SELECT title_uz, title_ru, title_en FROM bot_api_v1.v_achievement) titles "
    "WHERE num_nulls(title_uz, title_ru, title_en) > 0",
    "an apostrophe that is not Uzbek's": "FROM bot_api_v1.v_lesson WHERE title_uz ~ '[''`´‘’]'",
}


@pytest.mark.parametrize("never", _NEVER)
async def test_there_is_never(generated: Connection, never: str) -> None:
    query = _NEVER[never]
    arguments = [NOW] if "$1" in query else []
    assert await generated.fetchval(f"SELECT count(*) {query}", *arguments) == 0


async def test_the_school_is_as_large_as_asked_for(generated: Connection) -> None:
    assert await generated.fetchval("SELECT count(*) FROM bot_api_v1.v_student") == STUDENTS


async def test_lives_differ(generated: Connection) -> None:
    statuses = {row[0] for row in await generated.fetch("SELECT DISTINCT status FROM bot_api_v1.v_enrollment")}
    assert statuses == {"active", "completed", "dropped", "paused"}
    minutes = await generated.fetchrow(
        "SELECT min(total) AS least, max(total) AS most FROM "
        "(SELECT sum(active_seconds) / 60 AS total FROM bot_api_v1.v_activity_day WHERE day >= '2026-11-16' "
        "AND day < '2026-11-23' GROUP BY student_id) weeks"
    )
    assert minutes is not None
    assert minutes["least"] < 30
    assert minutes["most"] > 180
    silent = await generated.fetchval(
        "SELECT count(*) FROM bot_api_v1.v_student s WHERE NOT EXISTS (SELECT FROM bot_api_v1.v_activity_day a "
        "WHERE a.student_id = s.student_id AND day >= '2026-11-16')"
    )
    assert STUDENTS // 20 < silent < STUDENTS // 2


async def test_the_history_is_sixteen_weeks_long(generated: Connection) -> None:
    row = await generated.fetchrow("SELECT min(day) AS first, max(day) AS last FROM bot_api_v1.v_activity_day")
    assert row is not None
    assert NOW.date() - timedelta(weeks=16) <= row["first"] <= NOW.date() - timedelta(weeks=14)
    assert row["last"] >= NOW.date() - timedelta(days=1)


async def test_families_have_siblings_and_second_guardians(generated: Connection) -> None:
    of_guardian = "SELECT max(n) FROM (SELECT count(*) AS n FROM bot_api_v1.v_guardian_student GROUP BY {}) links"
    assert await generated.fetchval(of_guardian.format("guardian_id")) >= 2
    assert await generated.fetchval(of_guardian.format("student_id")) == 2


async def test_names_are_uzbek_russian_and_other(generated: Connection) -> None:
    names = [row[0] for row in await generated.fetch("SELECT display_name FROM bot_api_v1.v_student")]
    cyrillic = [name for name in names if any("а" <= letter <= "я" for letter in name.lower())]
    assert STUDENTS * 0.1 < len(cyrillic) < STUDENTS * 0.4
    assert any("ʻ" in name for name in names)


@pytest.mark.parametrize("family", school.DEMO_FAMILIES, ids=lambda family: family.guardian_name)
async def test_a_demo_family_is_found_by_its_phone(generated: Connection, family: school.DemoFamily) -> None:
    found = await generated.fetch(
        "SELECT guardian_id, full_name, locale, array_agg(student_id ORDER BY student_id) AS children "
        "FROM bot_api_v1.v_guardian JOIN bot_api_v1.v_guardian_student USING (guardian_id) "
        "WHERE phone_e164 = $1 AND phone_verified AND can_view_progress GROUP BY 1, 2, 3",
        family.phone,
    )
    assert [tuple(row) for row in found] == [
        (family.guardian_id, family.guardian_name, family.language, list(family.student_ids))
    ]


def test_one_demo_family_has_two_children() -> None:
    assert sorted(len(family.student_ids) for family in school.DEMO_FAMILIES) == [1, 1, 2]


@pytest.mark.parametrize("student_id", [10_001, 10_003, 10_004])
async def test_a_demo_childs_last_week_is_worth_talking_about(generated: Connection, student_id: int) -> None:
    week = (student_id, date(2026, 11, 16), date(2026, 11, 23))
    days = await generated.fetchval(
        "SELECT count(*) FROM bot_api_v1.v_activity_day WHERE student_id = $1 AND day >= $2 AND day < $3", *week
    )
    lessons = await generated.fetchval(
        "SELECT count(*) FROM bot_api_v1.v_lesson_progress WHERE student_id = $1 "
        "AND completed_at >= $2::timestamp AT TIME ZONE 'Asia/Tashkent' "
        "AND completed_at < $3::timestamp AT TIME ZONE 'Asia/Tashkent'",
        *(student_id, NOW.replace(tzinfo=None, day=16, hour=0), NOW.replace(tzinfo=None, day=23, hour=0)),
    )
    results = await generated.fetch(
        "SELECT score / max_score AS share FROM bot_api_v1.v_test_attempt WHERE student_id = $1 AND score IS NOT NULL "
        "AND (submitted_at AT TIME ZONE 'Asia/Tashkent')::date >= $2 "
        "AND (submitted_at AT TIME ZONE 'Asia/Tashkent')::date < $3",
        *week,
    )
    comments = await generated.fetchval(
        "SELECT count(*) FROM bot_api_v1.v_teacher_comment WHERE student_id = $1 AND created_at::date >= $2 "
        "AND created_at::date < $3",
        *week,
    )
    assert (days >= 4, lessons >= 2, len(results) >= 2, comments) == (True, True, True, 1)
    assert max(row["share"] for row in results) >= 0.85


async def test_the_same_seed_and_day_make_the_same_school(
    postgres_server: PostgresServer, platform_template: str
) -> None:
    async def fingerprint(seed: int) -> str:
        dsn = await postgres_server.create("twin", platform_template)
        await school.seed(dsn, students=12, seed=seed, now=NOW)
        connection = await asyncpg.connect(dsn)
        made: str = await connection.fetchval(
            "SELECT md5(string_agg(row::text, ';')) FROM (SELECT * FROM bot_api_v1.v_student JOIN "
            "bot_api_v1.v_activity_day USING (student_id) JOIN bot_api_v1.v_test_attempt USING (student_id) "
            "ORDER BY student_id, day, attempt_id) AS row"
        )
        await connection.close()
        await postgres_server.drop(dsn)
        return made

    assert await fingerprint(7) == await fingerprint(7)
    assert await fingerprint(7) != await fingerprint(8)


async def test_a_school_is_known_to_be_seeded(platform_dsn: str) -> None:
    assert not await school.is_seeded(platform_dsn)
    await school.seed(platform_dsn, students=3, now=NOW)
    assert await school.is_seeded(platform_dsn)
