"""The nineteen mistakes of a platform's team (operators A4): seventeen are named, two that SQL cannot see are shown.

A school that keeps the contract is failed at nothing, however small or large it is (operators A4, A12).
"""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from mentorium_db.platform_check import Level
from mentorium_kit.clock import TASHKENT
from mentorium_sandbox import school
from tests.fixtures.servers import PostgresServer
from tests.integration.db.platform_check.breaking import break_school, changed, findings_of, view_in_place

_EVERYWHERE_BLANK = {"title_uz": "' '::text", "title_ru": "NULL::text", "title_en": "NULL::text"}

NAMED = {
    "nobody studies": (
        view_in_place("v_student", "*").replace("AS old;", "AS old WHERE false;"),
        ("v_student.status", "nobody is active"),
    ),
    "minutes for seconds": (
        changed("v_activity_day", active_seconds="active_seconds / 60"),
        ("v_activity_day.active_seconds", "looks like minutes"),
    ),
    "a share for percent": (
        changed("v_lesson_progress", percent="(percent / 100)::smallint"),
        ("v_lesson_progress.percent", "looks like a share"),
    ),
    "a phone without +": (
        changed("v_guardian", phone_e164="substr(phone_e164, 2)"),
        ("v_guardian", "phone_e164 is +, country, number"),
    ),
    "an e-mail in capitals": (
        changed("v_guardian", email="initcap(email)"),
        ("v_guardian", "email is in small letters"),
    ),
    "a score above the maximum": (
        changed("v_test_attempt", score="score + max_score"),
        ("v_test_attempt", "score is 0 to max_score"),
    ),
    "guardians are ACTIVE": (
        changed("v_guardian", status="upper(status)"),
        ("v_guardian.status", "the word is 'active'; it says 'ACTIVE'"),
    ),
    "guardians are 1": (
        changed("v_guardian", status="CASE status WHEN 'active' THEN '1' ELSE '0' END"),
        ("v_guardian.status", "the word is 'active'; it says '1'"),
    ),
    "students are ACTIVE": (
        changed("v_student", status="upper(status)"),
        ("v_student.status", "the word is 'active'; it says 'ACTIVE'"),
    ),
    "nobody may view": (
        changed("v_guardian_student", can_view_progress="false"),
        ("v_guardian_student.can_view_progress", "nobody may see a child"),
    ),
    "nobody's e-mail is verified": (
        changed("v_guardian", email_verified="false"),
        ("v_guardian.email_verified", "nobody is recognised by e-mail"),
    ),
    "every link ends as it begins": (
        changed("v_guardian_student", valid_to="valid_from"),
        ("v_guardian_student.valid_to", "has passed in all"),
    ),
    "every link begins in a year": (
        changed("v_guardian_student", valid_from="valid_from + interval '1 year'"),
        ("v_guardian_student.valid_from", "lies in the future in all"),
    ),
    "all lessons of one course": (
        changed("v_lesson", course_id="(SELECT min(course_id) FROM platform.course)"),
        ("v_lesson_progress.course_id", "is the course of its row in v_lesson"),
    ),
    "no required lessons are counted": (
        changed("v_course", required_lessons="0"),
        ("v_course.required_lessons", "is the number of required lessons"),
    ),
    "nobody is enrolled": (
        "DELETE FROM platform.enrollment",
        ("v_enrollment", "who makes progress in a course is enrolled in it"),
    ),
    "comments of another zone": (
        changed("v_teacher_comment", created_at="created_at + interval '15 hours'"),
        ("v_teacher_comment", "created_at is not after updated_at"),
    ),
    "students of another zone": (
        changed("v_student", created_at="created_at + interval '15 hours'"),
        ("v_student", "created_at is not after updated_at"),
    ),
    "titles of one blank": (
        changed("v_course", **_EVERYWHERE_BLANK),
        ("v_course", "a title that is there is not blank"),
    ),
}
"""Seventeen, two of them in two forms: the mistake, and the failure that names it."""

ODD = {
    "a year of two digits": (
        changed("v_teacher_comment", created_at="created_at - interval '2000 years'"),
        ("v_teacher_comment.created_at", "is within the years 2000 to 2100"),
    ),
    "a feed of never": (
        changed("v_student", updated_at="'-infinity'::timestamptz"),
        ("v_student.updated_at", "is within the years 2000 to 2100"),
    ),
    "an end that never comes": (
        changed("v_guardian_student", valid_to="'infinity'::timestamptz"),
        ("v_guardian_student.valid_to", "it counts as absent"),
    ),
    "a maximum that is no number": (
        changed("v_test", max_score="'NaN'::numeric"),
        ("v_test.max_score", "is a finite number"),
    ),
    "nobody is recognised": (
        changed("v_guardian", email="NULL::text", email_verified="false", phone_verified="false"),
        ("v_guardian.email_verified", "nobody is recognised by either"),
    ),
    "a right of nobody": ("DELETE FROM platform.guardian_student", ("v_guardian_student", "is empty")),
    "strangers' rights": (
        "UPDATE platform.guardian SET status = 'blocked' WHERE guardian_id IN "
        "(SELECT guardian_id FROM platform.guardian_student WHERE can_view_progress);"
        "INSERT INTO platform.guardian (full_name, email, email_verified, locale)"
        " VALUES ('Alone', 'alone@mail.example', true, 'en')",
        ("entrance", "nobody could log in"),
    ),
    "attempts at another course's test": (
        changed("v_test_attempt", course_id="course_id + 1"),
        ("v_test_attempt.course_id", "is the course of its row in v_test"),
    ),
}

WARNED = {
    "positions by chapter": (
        changed("v_lesson", position="1000 + position"),
        ("v_lesson.position", "begins 1001, 1002, 1003"),
    ),
    "a test of no points": (
        changed("v_test", max_score="0::numeric", pass_score="NULL::numeric"),
        ("v_test", "told without a result"),
    ),
    "no index for news, which nobody asks for yet": (
        "DROP INDEX platform.award_updated_at_award_id_idx",
        ("v_achievement", "what is new: no index serves"),
    ),
}


@pytest.mark.parametrize(("statements", "expected"), [*NAMED.values(), *ODD.values()], ids=[*NAMED, *ODD])
async def test_a_planted_mistake_is_named(kept: str, statements: str, expected: tuple[str, str]) -> None:
    await break_school(kept, statements)
    failures = [f for f in await findings_of(await school.read_only_dsn(kept)) if f.level is Level.FAILURE]
    subject, text = expected
    assert any(finding.subject == subject and text in finding.text for finding in failures), failures


@pytest.mark.parametrize(("statements", "expected"), WARNED.values(), ids=WARNED.keys())
async def test_what_costs_little_is_a_warning(kept: str, statements: str, expected: tuple[str, str]) -> None:
    await break_school(kept, statements)
    findings = await findings_of(await school.read_only_dsn(kept))
    assert [finding for finding in findings if finding.level is Level.FAILURE] == []
    warned = [(finding.subject, finding.text) for finding in findings if finding.level is Level.WARNING]
    assert any(subject == expected[0] and expected[1] in text for subject, text in warned), warned


async def _notes(dsn: str) -> dict[str, str]:
    findings = await findings_of(await school.read_only_dsn(dsn))
    return {finding.subject: finding.text for finding in findings if finding.level is Level.NOTE}


async def test_names_are_shown_to_a_person(kept: str) -> None:
    def names(note: str) -> list[str]:
        return re.findall(r'"([^"]+)"', note)

    right = names((await _notes(kept))["v_student.display_name"])
    await break_school(
        kept, "UPDATE platform.student SET display_name = regexp_replace(display_name, '(.*) (.*)', '\\2 \\1')"
    )
    wrong = names((await _notes(kept))["v_student.display_name"])
    assert len(right) == 3
    assert wrong == [" ".join(reversed(name.split())) for name in right]


async def test_the_age_of_the_activity_is_shown_to_a_person(kept: str) -> None:
    assert "the same moment as db_now" in (await _notes(kept))["v_meta.activity_as_of"]
    await break_school(kept, changed("v_meta", activity_as_of="activity_as_of - interval '7 minutes'"))
    note = (await _notes(kept))["v_meta.activity_as_of"]
    assert "420 s before db_now" in note
    assert "the newest row of v_activity_day is of 20" in note


@pytest.mark.parametrize("students", [3, 200])
async def test_a_school_that_keeps_the_contract_is_failed_at_nothing(
    students: int, postgres_server: PostgresServer, platform_template: str
) -> None:
    async with postgres_server.copy("right", platform_template) as dsn:
        await school.install(dsn)  # rights on a database are not copied with it
        await school.seed(dsn, students=students, seed=students, now=datetime.now(TASHKENT))
        findings = await findings_of(await school.read_only_dsn(dsn))
    assert [finding for finding in findings if finding.level not in {Level.OK, Level.NOTE}] == []


async def test_a_small_table_beside_the_one_that_an_index_serves_is_no_failure(kept: str) -> None:
    """As docs/PLATFORM.md has it: the course of progress is looked up in the lessons."""
    await break_school(
        kept,
        view_in_place("v_lesson_progress", "{}")
        .format(
            "old.student_id, old.lesson_id, lesson.course_id, old.status, old.percent, old.started_at,"
            " old.completed_at, old.updated_at"
        )
        .replace("AS old;", "AS old JOIN platform.lesson AS lesson ON lesson.lesson_id = old.lesson_id;")
        + "ANALYZE platform.lesson",
    )
    findings = await findings_of(await school.read_only_dsn(kept))
    assert [finding for finding in findings if finding.level not in {Level.OK, Level.NOTE}] == []


async def test_an_index_on_an_expression_serves(kept: str) -> None:
    await break_school(
        kept,
        """
        ALTER TABLE platform.guardian DROP CONSTRAINT guardian_email_key;
        CREATE UNIQUE INDEX ON platform.guardian (lower(email));
        """ + changed("v_guardian", email="lower(email)"),
    )
    findings = await findings_of(await school.read_only_dsn(kept))
    assert [finding for finding in findings if finding.level not in {Level.OK, Level.NOTE}] == []
