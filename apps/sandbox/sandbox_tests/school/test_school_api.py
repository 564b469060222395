"""The control calls of the school, end to end: real HTTP, and what the product's role then sees."""

from __future__ import annotations

import asyncio
import base64
from datetime import date, timedelta
from typing import Any

import pytest

from mentorium_sandbox import school
from mentorium_sandbox.school import School
from mentorium_sandbox.school.copy_format import Connection
from sandbox_tests.school.caller import CHILD, GUARDIAN, KEY, Caller, serve
from sandbox_tests.school.conftest import NOW

TODAY = NOW.date()


async def _seconds(seen: Connection, child: int, day: date = TODAY) -> int | None:
    seconds: int | None = await seen.fetchval(
        "SELECT active_seconds FROM bot_api_v1.v_activity_day WHERE student_id = $1 AND day = $2", child, day
    )
    return seconds


async def test_a_new_child_is_enrolled_and_its_guardian_may_look(call: Caller, seen: Connection) -> None:
    made = await call("students", **CHILD)
    row = await seen.fetchrow(
        "SELECT display_name, full_name, email, email_verified, phone_e164, phone_verified, can_view_progress, "
        "array_agg(slug || ' ' || e.status) AS courses FROM bot_api_v1.v_student s "
        "JOIN bot_api_v1.v_guardian_student gs USING (student_id) JOIN bot_api_v1.v_guardian USING (guardian_id) "
        "JOIN bot_api_v1.v_enrollment e USING (student_id) JOIN bot_api_v1.v_course USING (course_id) "
        "WHERE student_id = $1 AND guardian_id = $2 AND s.status = 'active' GROUP BY 1, 2, 3, 4, 5, 6, 7",
        *(made["student_id"], made["guardian_id"]),
    )
    assert row is not None
    assert tuple(row) == (
        *("Sabina Oripova", "Laylo Oripova", "laylo@mail.example", True, "+998907770011", True, True),
        ["neural-networks-start active"],
    )
    assert int.from_bytes(base64.urlsafe_b64decode(made["link_code"] + "=")[1:9]) == made["guardian_id"]


@pytest.mark.parametrize("known_by", ["email", "phone"])
async def test_a_known_guardian_gets_one_more_child(call: Caller, seen: Connection, known_by: str) -> None:
    first = await call("students", **CHILD)
    guardian = {"full_name": "L. Oripova", known_by: GUARDIAN[known_by]}
    second = await call(
        "students", first_name="Temur", last_name="Oripov", guardian=guardian, courses=["build-your-ai"]
    )
    assert second["guardian_id"] == first["guardian_id"]
    assert second["student_id"] != first["student_id"]
    children = "SELECT count(*) FROM bot_api_v1.v_guardian_student WHERE guardian_id = $1"
    assert await seen.fetchval(children, first["guardian_id"]) == 2
    assert await seen.fetchval("SELECT count(*) FROM bot_api_v1.v_guardian WHERE email = 'laylo@mail.example'") == 1


async def test_a_child_gets_a_second_guardian(call: Caller, seen: Connection) -> None:
    first = await call("students", **CHILD)
    father = {"full_name": "Anvar Oripov", "phone": "+998907770022"}
    second = await call("students", student_id=first["student_id"], guardian=father)
    again = await call("students", student_id=first["student_id"], guardian=father, courses=["build-your-ai"])
    assert second["student_id"] == again["student_id"] == first["student_id"]
    assert second["guardian_id"] == again["guardian_id"] != first["guardian_id"]
    links = await seen.fetch(
        "SELECT full_name, is_primary, can_view_progress FROM bot_api_v1.v_guardian_student "
        "JOIN bot_api_v1.v_guardian USING (guardian_id) WHERE student_id = $1 ORDER BY guardian_id",
        first["student_id"],
    )
    assert [tuple(row) for row in links] == [("Laylo Oripova", True, True), ("Anvar Oripov", False, True)]
    courses = "SELECT count(*) FROM bot_api_v1.v_enrollment WHERE student_id = $1"
    assert await seen.fetchval(courses, first["student_id"]) == 2
    assert int.from_bytes(base64.urlsafe_b64decode(second["link_code"] + "=")[1:9]) == second["guardian_id"]


async def test_a_child_who_is_not_there_gets_no_guardian(call: Caller, seen: Connection) -> None:
    before = await seen.fetchval("SELECT count(*) FROM bot_api_v1.v_guardian")
    status, answer = await call.refused("students", student_id=4, guardian=GUARDIAN)
    assert (status, answer) == (404, {"error": "there is no student 4"})
    assert await seen.fetchval("SELECT count(*) FROM bot_api_v1.v_guardian") == before


async def test_a_new_guardian_of_two_calls_at_once_is_one(call: Caller) -> None:
    phone = {"full_name": "Botir Saidov", "phone": "+998907770033"}
    made = await asyncio.gather(
        *(call("students", first_name=f"Child {n}", last_name="Saidov", guardian=phone) for n in range(4))
    )
    assert len({answer["guardian_id"] for answer in made}) == 1
    assert len({answer["student_id"] for answer in made}) == 4


async def test_an_email_and_a_phone_of_two_guardians_do_not_make_one(call: Caller) -> None:
    await call("students", **CHILD)
    other = {"full_name": "Botir Saidov", "email": GUARDIAN["email"], "phone": school.DEMO_FAMILIES[0].phone}
    status, answer = await call.refused("students", first_name="A", last_name="B", guardian=other)
    assert (status, "different guardians" in answer["error"]) == (409, True)


async def test_a_lesson_is_finished_in_its_order(call: Caller, seen: Connection, child: int) -> None:
    first = await call("activity", student_id=child, kind="lesson")
    second = await call("activity", student_id=child, kind="lesson")
    assert [first["lesson_id"], second["lesson_id"]] == [101, 102]
    done = await seen.fetch(
        "SELECT lesson_id, percent, completed_at FROM bot_api_v1.v_lesson_progress WHERE student_id = $1", child
    )
    assert sorted(tuple(row) for row in done) == [(101, 100, NOW), (102, 100, NOW)]
    assert await _seconds(seen, child) == 2 * 600
    started = "SELECT started_at FROM bot_api_v1.v_enrollment WHERE student_id = $1"
    assert await seen.fetchval(started, child) == NOW


async def test_a_named_lesson_is_finished_once(call: Caller, child: int) -> None:
    assert await call("activity", student_id=child, kind="lesson", lesson_id=105) == {"lesson_id": 105}
    status, answer = await call.refused("activity", student_id=child, kind="lesson", lesson_id=105)
    assert (status, answer) == (409, {"error": "lesson 105 was finished before"})


async def test_an_attempt_is_graded_at_once(call: Caller, seen: Connection, child: int) -> None:
    yesterday = NOW - timedelta(days=1)
    body = {"title": "Yakshanba testi", "score": 17.5, "max_score": 20, "topic": "fact_checking"}
    made = await call("activity", student_id=child, kind="attempt", at=yesterday.isoformat(), **body)
    again = await call("activity", student_id=child, kind="attempt", at=yesterday.isoformat(), **body)
    assert again["test_id"] == made["test_id"]
    row = await seen.fetchrow(
        "SELECT a.score, a.max_score, a.status, a.graded_at, a.attempt_no, code, t.title_uz "
        "FROM bot_api_v1.v_test_attempt a JOIN bot_api_v1.v_test t USING (test_id) "
        "JOIN bot_api_v1.v_topic topic ON topic.topic_id = a.topic_id WHERE attempt_id = $1",
        again["attempt_id"],
    )
    assert row is not None
    assert tuple(row) == (17.5, 20, "graded", yesterday, 2, "fact_checking", "Yakshanba testi")
    assert await _seconds(seen, child, yesterday.date()) == 2 * 600


async def test_an_attempt_needs_no_title_and_may_bring_a_topic(call: Caller, seen: Connection, child: int) -> None:
    bare = await call("activity", student_id=child, kind="attempt", score=8, max_score=10)
    by_title = await call("activity", student_id=child, kind="attempt", score=8, max_score=10, topic="проверка фактов")
    new = await call("activity", student_id=child, kind="attempt", score=8, max_score=10, topic="Shaxmat va AI")
    codes = await seen.fetch(
        "SELECT code FROM unnest($1::bigint[]) WITH ORDINALITY AS made(attempt_id, place) "
        "JOIN bot_api_v1.v_test_attempt USING (attempt_id) LEFT JOIN bot_api_v1.v_topic USING (topic_id) "
        "ORDER BY place",
        [bare["attempt_id"], by_title["attempt_id"], new["attempt_id"]],
    )
    assert [row["code"] for row in codes] == [None, "fact_checking", "shaxmat_va_ai"]


async def test_an_award_and_a_comment_are_seen(call: Caller, seen: Connection, child: int) -> None:
    award = await call("activity", student_id=child, kind="award", code="perfect_test")
    comment = await call("activity", student_id=child, kind="comment", body="Ajoyib ish.")
    title = "SELECT title_uz FROM bot_api_v1.v_achievement WHERE award_id = $1 AND earned_at = $2 AND student_id = $3"
    assert await seen.fetchval(title, award["award_id"], NOW, child) == "Bexato test"
    body = "SELECT body FROM bot_api_v1.v_teacher_comment WHERE comment_id = $1 AND created_at = $2 AND student_id = $3"
    assert await seen.fetchval(body, comment["comment_id"], NOW, child) == "Ajoyib ish."


async def test_an_activity_day_sets_the_days_value(call: Caller, seen: Connection, child: int) -> None:
    await call("activity", student_id=child, kind="lesson")
    for seconds in (3000, 1200, 0, 4500):
        await call(
            "activity", student_id=child, kind="activity_day", day=NOW.date().isoformat(), active_seconds=seconds
        )
        assert await _seconds(seen, child) == seconds
    await call("activity", student_id=child, kind="lesson")
    assert await _seconds(seen, child) == 4500


async def test_an_enrolment_changes_its_status(call: Caller, seen: Connection, child: int) -> None:
    query = "SELECT status, completed_at FROM bot_api_v1.v_enrollment WHERE enrollment_id = $1"
    for course, status in (
        ("ai-tools-studio", "paused"),
        ("ai-tools-studio", "completed"),
        ("build-your-ai", "active"),
    ):
        made = await call("activity", student_id=child, kind="enrollment", course=course, status=status)
        row = await seen.fetchrow(query, made["enrollment_id"])
        assert row is not None
        assert tuple(row) == (status, NOW if status == "completed" else None)


async def test_a_material_comes_out(call: Caller, seen: Connection, child: int) -> None:
    made = await call(
        "activity", student_id=child, kind="material", course="neural-networks-start", title="Yangi video"
    )
    row = await seen.fetchrow(
        "SELECT title_uz, title_ru, published_at FROM bot_api_v1.v_new_material WHERE lesson_id = $1", made["lesson_id"]
    )
    assert row is not None
    assert tuple(row) == ("Yangi video", "Yangi video", NOW)
    required = "SELECT required_lessons FROM bot_api_v1.v_course WHERE slug = 'neural-networks-start'"
    assert await seen.fetchval(required) == 24


async def test_rights_change_at_once(call: Caller, seen: Connection) -> None:
    made = await call("students", **CHILD)
    link = {"guardian_id": made["guardian_id"], "student_id": made["student_id"]}
    query = "SELECT can_view_progress FROM bot_api_v1.v_guardian_student WHERE guardian_id = $1 AND student_id = $2"
    for can_view in (False, True):
        await call("rights", **link, can_view=can_view)
        assert await seen.fetchval(query, *link.values()) is can_view


async def test_a_link_code_is_signed_with_the_key(call: Caller) -> None:
    guardian = school.DEMO_FAMILIES[1].guardian_id
    payload = (await call("links", guardian_id=guardian))["payload"]
    nonce = base64.urlsafe_b64decode(payload + "=")[13:19]
    assert payload == school.link_code(KEY, guardian, NOW, nonce)


async def test_the_views_show_the_sandboxs_time(small_school: str, seen: Connection) -> None:
    times = [NOW, NOW + timedelta(days=40)]
    state = School(KEY, lambda: times[-1], small_school)
    async with state.open():
        pass
    row = await seen.fetchrow("SELECT db_now, activity_as_of FROM bot_api_v1.v_meta")
    assert row is not None
    assert abs(row["db_now"] - times[-1]) < timedelta(seconds=30)
    assert row["activity_as_of"] == row["db_now"]


async def test_a_foreign_platform_is_left_alone() -> None:
    async with await serve(School(KEY, lambda: NOW, foreign=True)) as client:
        call = Caller(client)
        assert (await call.refused("students", **CHILD))[0] == 409
        assert (await call.refused("activity", kind="lesson", student_id=1))[0] == 409
        assert (await call.refused("rights", guardian_id=1, student_id=1, can_view=True))[0] == 409
        assert (await call.refused("generate", students=10))[0] == 409
        assert (await call.refused("freeze"))[0] == 409
        assert len((await call("links", guardian_id=42))["payload"]) == 47


async def test_a_school_that_is_not_open_yet_says_so() -> None:
    async with await serve(School(KEY, lambda: NOW)) as client:
        call = Caller(client)
        assert (await call.refused("students", **CHILD))[0] == 503
        assert (await call.refused("links", guardian_id=42))[0] == 503


async def test_calls_at_the_same_moment_do_not_collide(call: Caller, seen: Connection, child: int) -> None:
    answers = await asyncio.gather(*(call("activity", student_id=child, kind="lesson") for _ in range(5)))
    assert len({answer["lesson_id"] for answer in answers}) == 5
    assert await _seconds(seen, child) == 5 * 600


async def test_a_bigger_school_keeps_who_is_there(call: Caller, seen: Connection) -> None:
    before = await seen.fetch("SELECT * FROM bot_api_v1.v_student ORDER BY student_id")
    assert await call("generate", students=40) == {"students": 40}
    after = await seen.fetch("SELECT * FROM bot_api_v1.v_student ORDER BY student_id")
    assert after[: len(before)] == before
    assert len(after) == 40
    emails = await seen.fetch("SELECT email FROM bot_api_v1.v_guardian WHERE email IS NOT NULL")
    assert len(set(emails)) == len(emails)
    assert await call("generate", students=12, seed=7) == {"students": 40}
    assert await call("generate", students=60, seed=7) == {"students": 60}


async def test_a_frozen_feed_and_one_that_flows_again(call: Caller, seen: Connection) -> None:
    stopped = NOW - timedelta(hours=30)
    await call("freeze", activity_as_of=stopped.isoformat())
    assert await seen.fetchval("SELECT activity_as_of FROM bot_api_v1.v_meta") == stopped
    await call("freeze")
    assert await seen.fetchval("SELECT activity_as_of = db_now FROM bot_api_v1.v_meta")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("generate", {}),
        ("generate", {"students": 0}),
        ("generate", {"students": 2_000_000}),
        ("generate", {"students": 10, "seed": 2**80}),
        ("generate", {"students": 10, "size": 3}),
        ("freeze", {"activity_as_of": "now"}),
        ("freeze", {"activity_as_of": "2026-11-26T10:00:00+05:00"}),
        ("freeze", {"until": "2026-11-24T10:00:00+05:00"}),
    ],
)
async def test_a_school_that_cannot_be(call: Caller, name: str, body: dict[str, Any]) -> None:
    status, answer = await call.refused(name, **body)
    assert status == 400
    assert answer["error"]
