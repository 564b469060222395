"""What the school's control calls refuse, and that a refusal changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from mentorium_sandbox.school.copy_format import Connection
from sandbox_tests.school.caller import CHILD, GUARDIAN, Caller

_STUDENT = object()
_BAD = [
    ({"kind": "lesson"}, 400, "student_id"),
    ({"kind": "lesson", "student_id": 1}, 404, "student 1"),
    ({"kind": "lesson", "student_id": 2**70}, 400, ""),
    ({"kind": "lesson", "student_id": "10001"}, 400, "student_id"),
    ({"kind": "lesson", "student_id": _STUDENT, "lesson_id": 1}, 404, "lesson 1"),
    ({"kind": "dance", "student_id": _STUDENT}, 400, "kind"),
    ({"student_id": _STUDENT}, 400, "kind"),
    ({"kind": "attempt", "student_id": _STUDENT, "max_score": 10}, 400, "score"),
    ({"kind": "attempt", "student_id": _STUDENT, "score": 11, "max_score": 10}, 400, "score"),
    ({"kind": "attempt", "student_id": _STUDENT, "score": -1, "max_score": 10}, 400, "score"),
    ({"kind": "attempt", "student_id": _STUDENT, "score": 0, "max_score": 0}, 400, "max_score"),
    ({"kind": "attempt", "student_id": _STUDENT, "score": "9", "max_score": 10}, 400, "score"),
    ({"kind": "attempt", "student_id": _STUDENT, "score": 1, "max_score": 2, "title": "a\0b"}, 400, ""),
    ({"kind": "award", "student_id": _STUDENT}, 400, "code"),
    ({"kind": "comment", "student_id": _STUDENT, "body": " "}, 400, "body"),
    ({"kind": "activity_day", "student_id": _STUDENT, "active_seconds": 60}, 400, "day"),
    ({"kind": "activity_day", "student_id": _STUDENT, "day": "2026-11-25"}, 400, "active_seconds"),
    ({"kind": "activity_day", "student_id": _STUDENT, "day": "2026-11-25", "active_seconds": 86401}, 400, "active_sec"),
    ({"kind": "activity_day", "student_id": _STUDENT, "day": "2026-11-26", "active_seconds": 60}, 400, "future"),
    ({"kind": "activity_day", "student_id": _STUDENT, "day": "today", "active_seconds": 60}, 400, "day"),
    ({"kind": "enrollment", "student_id": _STUDENT, "course": "cooking", "status": "active"}, 404, "cooking"),
    ({"kind": "enrollment", "student_id": _STUDENT, "course": "build-your-ai", "status": "asleep"}, 400, "status"),
    ({"kind": "material"}, 400, "course"),
    ({"kind": "material", "course": "cooking"}, 404, "cooking"),
    ({"kind": "lesson", "student_id": _STUDENT, "at": "2026-11-25T10:00:00"}, 400, "offset"),
    ({"kind": "lesson", "student_id": _STUDENT, "at": "2026-11-25T15:00:00+05:00"}, 400, "future"),
    ({"kind": "lesson", "student_id": _STUDENT, "at": "soon"}, 400, "at"),
    ({"kind": "lesson", "student_id": _STUDENT, "at": "0001-01-01T00:00:00+14:00"}, 400, "before 2000"),
    ({"kind": "lesson", "student_id": _STUDENT, "lesson": 105}, 400, "unknown field 'lesson'"),
    ({"kind": "lesson", "student_id": True}, 400, "student_id"),
    ({"kind": "lesson", "student_id": -1}, 400, "student_id"),
    ({"kind": "attempt", "student_id": _STUDENT, "score": 10**400, "max_score": 10**400}, 400, "score"),
    ({"kind": "attempt", "student_id": _STUDENT, "score": 0, "max_score": 0.001}, 400, "max_score"),
    ({"kind": "attempt", "student_id": _STUDENT, "score": 1, "max_score": 2, "topic": "t" * 9000}, 400, "topic"),
    ({"kind": "comment", "student_id": _STUDENT, "body": "b" * 4001}, 400, "body"),
    ({"kind": "comment", "student_id": _STUDENT, "body": "half \ud800"}, 400, "body"),
    ({"kind": "activity_day", "student_id": _STUDENT, "day": "0001-01-01", "active_seconds": 60}, 400, "before 2000"),
    ({"kind": ["lesson"], "student_id": _STUDENT}, 400, "kind"),
]


@pytest.mark.parametrize(("body", "status", "word"), _BAD)
async def test_a_wrong_activity_is_refused_and_changes_nothing(
    call: Caller, seen: Connection, child: int, body: dict[str, Any], status: int, word: str
) -> None:
    filled = {key: child if value is _STUDENT else value for key, value in body.items()}
    got, answer = await call.refused("activity", **filled)
    assert (got, list(answer)) == (status, ["error"])
    assert word in answer["error"]
    assert await seen.fetchval("SELECT count(*) FROM bot_api_v1.v_activity_day WHERE student_id = $1", child) == 0


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"first_name": ""}, "first_name"),
        ({"last_name": None}, "last_name"),
        ({"guardian": None}, "guardian"),
        ({"guardian": {"email": "a@b.example"}}, "full_name"),
        ({"guardian": {"full_name": "A", "email": "nobody"}}, "email"),
        ({"guardian": {"full_name": "A", "phone": "12"}}, "phone"),
        ({"courses": "build-your-ai"}, "courses"),
        ({"courses": ["cooking"]}, "cooking"),
        ({"courses": ["half \ud800"]}, "courses"),
        ({"courses": ["build-your-ai"] * 21}, "courses"),
        ({"middle_name": "B"}, "middle_name"),
        ({"guardian": {**GUARDIAN, "mail": "a@b.example"}}, "mail"),
        ({"guardian": {**GUARDIAN, "locale": "de"}}, "locale"),
        ({"first_name": "S" * 201}, "first_name"),
    ],
)
async def test_a_wrong_child_is_refused_and_not_made(
    call: Caller, seen: Connection, change: dict[str, Any], word: str
) -> None:
    status, answer = await call.refused("students", **{**CHILD, **change})
    assert status in {400, 404}
    assert word in answer["error"]
    assert await seen.fetchval("SELECT count(*) FROM bot_api_v1.v_student") == 8


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("links", {}, 400),
        ("links", {"guardian_id": 1}, 404),
        ("rights", {"guardian_id": 50_001, "student_id": 10_001}, 400),
        ("rights", {"guardian_id": 50_001, "student_id": 10_003, "can_view": False}, 404),
    ],
)
async def test_a_wrong_link_or_right_is_refused(call: Caller, name: str, body: dict[str, Any], status: int) -> None:
    got, answer = await call.refused(name, **body)
    assert (got, list(answer)) == (status, ["error"])
