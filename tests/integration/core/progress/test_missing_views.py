from __future__ import annotations

from dataclasses import fields
from datetime import date

import asyncpg
import pytest

from mentorium_core.progress.model import LearnerFacts, month_of
from mentorium_core.progress.queries import ReadFacts
from mentorium_db.repositories.platform import OPTIONAL_VIEWS, REQUIRED_VIEWS
from mentorium_kit.errors import UnavailableError
from tests.integration.core.progress.storing import store
from tests.unit.core.progress.random_school import Maker

pytestmark = pytest.mark.own_databases

PERIOD = month_of(date(2026, 10, 1))
BORDER_DAYS = [PERIOD.first_day, PERIOD.last_day]
LEARNERS = range(1, 61)

ACTIVITY = {
    "day_seconds",
    "before_day_seconds",
    "first_active_day",
    "streak_weeks",
}
RESULTS = {"tests", "earlier_tests", "before_score", "before_max_score", "topics"}
DUE = {"overdue", "before_overdue", "due_next", "late"}
# Which facts a missing view may change; all others stay as they are.
HIDES = {
    "v_activity_day": ACTIVITY,
    "v_enrollment": {"courses", "new_materials", "topics", *DUE},
    "v_course": {"courses"},
    "v_lesson": {"lesson_titles", "courses"},
    "v_lesson_progress": {"lessons_done", "before_lessons_done", "lesson_titles", "courses"},
    "v_topic": {"tests", "earlier_tests", "topics"},
    "v_test": {*RESULTS, *DUE},
    "v_test_attempt": {*RESULTS, *DUE},
    "v_achievement": {"awards"},
    "v_teacher_comment": {"comments"},
    "v_new_material": {"new_materials"},
}
EMPTY = LearnerFacts(
    student_id=0,
    display_name="",
    period=PERIOD,
    day_seconds=(0,) * PERIOD.days,
    before_day_seconds=(0,) * PERIOD.previous().days,
)
# These views name what stands elsewhere: without them a block is thinner, not gone.
THINNED = {
    ("v_enrollment", "topics"),
    ("v_lesson", "courses"),
    ("v_lesson_progress", "courses"),
    ("v_topic", "tests"),
    ("v_topic", "earlier_tests"),
}


async def execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def test_each_missing_view_hides_its_own_facts_and_nothing_else(configured_platform: str) -> None:
    await store(Maker(3, BORDER_DAYS).make(len(LEARNERS)), configured_platform)
    whole = await ReadFacts()(LEARNERS, PERIOD)
    assert HIDES.keys() == OPTIONAL_VIEWS.keys()
    for view, hidden in HIDES.items():
        await execute(configured_platform, f"ALTER VIEW bot_api_v1.{view} RENAME TO hidden")
        thinner = await ReadFacts()(LEARNERS, PERIOD)
        await execute(configured_platform, f"ALTER VIEW bot_api_v1.hidden RENAME TO {view}")
        assert thinner.keys() == whole.keys()
        for student_id, facts in thinner.items():
            assert facts.missing_views == {view}
            for name in {field.name for field in fields(LearnerFacts)} - {"missing_views"}:
                if name not in hidden:
                    assert getattr(facts, name) == getattr(whole[student_id], name), (view, name)
                elif (view, name) not in THINNED:
                    assert getattr(facts, name) == getattr(EMPTY, name), (view, name)


@pytest.mark.parametrize("view", ["v_lesson", "v_lesson_progress"])
async def test_what_cannot_be_counted_is_not_shown_as_undone(configured_platform: str, view: str) -> None:
    await store(Maker(4, BORDER_DAYS).make(len(LEARNERS)), configured_platform)
    await execute(configured_platform, f"DROP VIEW bot_api_v1.{view}")
    courses = [course for facts in (await ReadFacts()(LEARNERS, PERIOD)).values() for course in facts.courses]
    assert courses
    assert {(c.required_lessons, c.done_lessons, c.next_lessons) for c in courses} == {(0, 0, ())}


async def test_without_topics_results_keep_their_scores(configured_platform: str) -> None:
    await store(Maker(5, BORDER_DAYS).make(len(LEARNERS)), configured_platform)
    whole = await ReadFacts()(LEARNERS, PERIOD)
    await execute(configured_platform, "DROP VIEW bot_api_v1.v_topic")
    facts = await ReadFacts()(LEARNERS, PERIOD)
    assert {id_: fact.score for id_, fact in facts.items()} == {id_: fact.score for id_, fact in whole.items()}
    assert {test.topic for fact in facts.values() for test in fact.tests} == {None}


async def test_all_optional_views_may_be_missing(configured_platform: str) -> None:
    await store(Maker(6, BORDER_DAYS).make(2), configured_platform)
    await execute(configured_platform, f"DROP VIEW {', '.join(f'bot_api_v1.{view}' for view in OPTIONAL_VIEWS)}")
    facts = (await ReadFacts()([1], PERIOD))[1]
    assert facts.missing_views == OPTIONAL_VIEWS.keys()
    for field in fields(LearnerFacts):
        if field.name not in {"student_id", "display_name", "data_as_of", "missing_views"}:
            assert getattr(facts, field.name) == getattr(EMPTY, field.name), field.name


async def test_a_view_that_lacks_a_column_or_may_not_be_read_counts_as_missing(configured_platform: str) -> None:
    await store(Maker(7, BORDER_DAYS).make(2), configured_platform)
    await execute(configured_platform, "ALTER VIEW bot_api_v1.v_achievement RENAME COLUMN earned_at TO earned")
    await execute(configured_platform, "REVOKE SELECT ON bot_api_v1.v_topic FROM mentorium_reader")
    assert (await ReadFacts()([1], PERIOD))[1].missing_views == {"v_achievement", "v_topic"}


@pytest.mark.parametrize("view", sorted(REQUIRED_VIEWS))
async def test_a_missing_required_view_is_told_and_heals(configured_platform: str, view: str) -> None:
    await store(Maker(8, BORDER_DAYS).make(2), configured_platform)
    read_facts = ReadFacts()
    await execute(configured_platform, f"ALTER VIEW bot_api_v1.{view} RENAME TO hidden")
    with pytest.raises(UnavailableError, match=view) as refused:
        await read_facts([1], PERIOD)
    assert refused.value.code == "platform_contract_broken"
    await execute(configured_platform, f"ALTER VIEW bot_api_v1.hidden RENAME TO {view}")
    assert (await read_facts([1], PERIOD)).keys() == {1}


async def test_a_view_that_vanishes_while_we_run_is_told_once_and_then_left_out(configured_platform: str) -> None:
    await store(Maker(9, BORDER_DAYS).make(2), configured_platform)
    read_facts = ReadFacts()
    await read_facts([1], PERIOD)
    await execute(configured_platform, "DROP VIEW bot_api_v1.v_teacher_comment")
    with pytest.raises(UnavailableError):
        await read_facts([1], PERIOD)
    assert (await read_facts([1], PERIOD))[1].missing_views == {"v_teacher_comment"}
