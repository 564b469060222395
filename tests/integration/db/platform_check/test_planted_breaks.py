"""A school that keeps the contract passes; each way of breaking it is found and named."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from pathlib import Path

import pytest

from mentorium_db.platform_check import Level
from mentorium_sandbox import school
from tests.integration.db.platform_check.breaking import READER, break_school, findings_of, view_in_place

_SCRIPT = Path(__file__).parents[4] / "scripts" / "verify_setup.py"


_ACTIVITY = "student_id, day, {} AS active_seconds, sessions, updated_at"
_ATTEMPT = (
    "{attempt_id} AS attempt_id, test_id, {student_id} AS student_id, course_id, topic_id, attempt_no, started_at, "
    "submitted_at, graded_at, {score} AS score, max_score, status, updated_at"
)
_SAME_ATTEMPT = {"attempt_id": "attempt_id", "student_id": "student_id", "score": "score"}

BREAKS = {
    "minutes for seconds": (
        view_in_place("v_activity_day", _ACTIVITY.format("active_seconds / 60")),
        ("v_activity_day.active_seconds", "looks like minutes"),
    ),
    "milliseconds for seconds": (
        view_in_place("v_activity_day", _ACTIVITY.format("active_seconds * 1000")),
        ("v_activity_day", "0 to 86,400"),
    ),
    "a renamed column": (
        "ALTER VIEW bot_api_v1.v_lesson_progress RENAME COLUMN completed_at TO finished_at",
        ("v_lesson_progress.completed_at", "is missing"),
    ),
    "another type": (
        view_in_place("v_activity_day", _ACTIVITY.format("active_seconds::bigint")),
        ("v_activity_day.active_seconds", "is bigint; the contract says integer"),
    ),
    "a score above the maximum": (
        view_in_place("v_test_attempt", _ATTEMPT.format(**{**_SAME_ATTEMPT, "score": "score + max_score"})),
        ("v_test_attempt", "score is 0 to max_score"),
    ),
    "a share in place of percents": (
        view_in_place(
            "v_lesson_progress",
            "student_id, lesson_id, course_id, status, (percent / 100)::smallint AS percent, started_at, completed_at,"
            " updated_at",
        ),
        ("v_lesson_progress.percent", "looks like a share"),
    ),
    "stale data": (
        view_in_place(
            "v_meta",
            "contract_major, contract_minor, day_tz, db_now, activity_as_of - interval '2 days' AS activity_as_of",
        ),
        ("v_meta.activity_as_of", "is stale"),
    ),
    "another version": (
        view_in_place("v_meta", "2 AS contract_major, contract_minor, day_tz, db_now, activity_as_of"),
        ("v_meta", "is version 2"),
    ),
    "days of another zone": (
        view_in_place("v_meta", "contract_major, contract_minor, 'UTC'::text AS day_tz, db_now, activity_as_of"),
        ("v_meta.day_tz", "UTC is not Asia/Tashkent"),
    ),
    "an extra grant": (
        f"GRANT USAGE ON SCHEMA platform TO {READER}; GRANT SELECT ON platform.student TO {READER}",
        ("role", "sees nothing else: but for platform.student"),
    ),
    "a grant on one column": (
        f"GRANT USAGE ON SCHEMA platform TO {READER}; GRANT SELECT (email) ON platform.guardian TO {READER}",
        ("role", "sees nothing else: but for platform.guardian"),
    ),
    "a role that may write": (
        f"GRANT UPDATE ON bot_api_v1.v_student TO {READER}",
        ("role", "cannot write: but for bot_api_v1.v_student"),
    ),
    "a function with its owner's rights": (
        f"""
        CREATE FUNCTION bot_api_v1.drop_all() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT';
        GRANT EXECUTE ON FUNCTION bot_api_v1.drop_all() TO {READER}
        """,
        ("role", "borrows nobody's rights: but for bot_api_v1.drop_all"),
    ),
    "a dropped index": (
        "DROP INDEX platform.award_student_id_earned_at_idx",
        ("v_achievement", "by learners: no index serves, all of award is read"),
    ),
    "a missing required view": (
        "DROP VIEW bot_api_v1.v_guardian_student",
        ("v_guardian_student", "is required"),
    ),
    "an unknown word": (
        view_in_place(
            "v_enrollment",
            "enrollment_id, student_id, course_id, cohort_id, upper(status) AS status, enrolled_at, started_at, "
            "completed_at, due_on, updated_at",
        ),
        ("v_enrollment", "status is active, completed, dropped or paused"),
    ),
    "a key that stands twice": (
        view_in_place("v_test_attempt", _ATTEMPT.format(**{**_SAME_ATTEMPT, "attempt_id": "attempt_id / 2"})),
        ("v_test_attempt", "(attempt_id) is unique"),
    ),
    "a link to nobody": (
        view_in_place("v_test_attempt", _ATTEMPT.format(**{**_SAME_ATTEMPT, "student_id": "student_id + 1000000"})),
        ("v_test_attempt.student_id", "leads to a row of v_student"),
    ),
    "a null where none may be": (
        "ALTER TABLE platform.student ALTER display_name DROP NOT NULL;"
        "UPDATE platform.student SET display_name = NULL",
        ("v_student.display_name", "is never null"),
    ),
    "two guardians with one e-mail": (
        """
        ALTER TABLE platform.guardian DROP CONSTRAINT guardian_email_key;
        UPDATE platform.guardian SET email = 'both@example.uz', email_verified = true
        WHERE guardian_id IN (SELECT guardian_id FROM platform.guardian LIMIT 2)
        """,
        ("v_guardian.email", "belongs to one active guardian"),
    ),
    "a day in the future": (
        """
        UPDATE platform.activity_day SET day = day + 10000
        WHERE (student_id, day) IN (SELECT student_id, max(day) FROM platform.activity_day GROUP BY 1)
        """,
        ("v_activity_day", "day is not in the future"),
    ),
}


@pytest.mark.parametrize(("statements", "expected"), BREAKS.values(), ids=BREAKS.keys())
async def test_a_planted_break_is_named(kept: str, statements: str, expected: tuple[str, str]) -> None:
    await break_school(kept, statements)
    failures = [f for f in await findings_of(await school.read_only_dsn(kept)) if f.level is Level.FAILURE]
    subject, text = expected
    assert any(finding.subject == subject and text in finding.text for finding in failures), failures


async def test_the_demo_school_keeps_the_contract(kept: str) -> None:
    findings = await findings_of(await school.read_only_dsn(kept))
    assert [finding for finding in findings if finding.level not in {Level.OK, Level.NOTE}] == []
    assert len(findings) > 250


async def test_a_missing_optional_view_costs_a_named_block(kept: str) -> None:
    await break_school(kept, "DROP VIEW bot_api_v1.v_achievement")
    troubles = [f for f in await findings_of(await school.read_only_dsn(kept)) if f.level not in {Level.OK, Level.NOTE}]
    assert [(finding.level, finding.subject) for finding in troubles] == [(Level.WARNING, "v_achievement")]
    assert "awards" in troubles[0].text


async def test_the_owner_is_no_role_for_the_bot(kept: str) -> None:
    texts = [f.text for f in await findings_of(kept) if f.level is Level.FAILURE and f.subject == "role"]
    assert any(text.startswith("cannot write") for text in texts)
    assert any(text.startswith("sees nothing else") for text in texts)


async def _verify(dsn: str, *options: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(_SCRIPT), "--platform", *options),
        env={**os.environ, "PLATFORM_DB_URL": dsn},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def test_the_command(kept: str) -> None:
    dsn = await school.read_only_dsn(kept)
    status, output = await _verify(dsn, "--quiet")
    assert (status, output.strip().rpartition("hold, ")[2]) == (0, "0 warnings, 0 failures.")
    await break_school(kept, BREAKS["a renamed column"][0])
    status, output = await _verify(dsn, "--quiet")
    assert status == 1
    assert re.search(r"^FAIL +v_lesson_progress\.completed_at +is missing$", output, flags=re.MULTILINE)
    status, output = await _verify(dsn, "--json")
    assert status == 1
    assert {json.loads(line)["level"] for line in output.splitlines()} == {"ok", "note", "failure"}


async def test_a_database_that_is_not_there() -> None:
    status, output = await _verify("postgresql://nobody:secret@127.0.0.1:1/nothing")
    assert status == 1
    assert "cannot be reached" in output
    assert "secret" not in output
