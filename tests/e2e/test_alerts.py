"""Between reports: what happens at school reaches the parent, by the sandbox's control API and clock, once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from mentorium_sandbox.client import Child, FakeParent
from tests.e2e.sandbox import Sandbox
from tests.e2e.week import TASHKENT

pytestmark = pytest.mark.asyncio(loop_scope="session")
DAY = timedelta(days=1)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(1, 5)


@pytest.fixture
def world(moving_world: Sandbox) -> Sandbox:
    return moving_world


async def until(world: Sandbox, weekday: int, hour: int = 10) -> datetime:
    """Move the clock on to the next such weekday and hour; days around the 1st belong to the report of the month."""
    now = (await world.now()).astimezone(TASHKENT)
    moment = now.replace(hour=hour, minute=0, second=0, microsecond=0) + ((weekday - now.weekday()) % 7) * DAY
    while moment <= now or (moment - now > DAY and 1 in [(moment + days * DAY).day for days in range(10)]):
        moment += 7 * DAY
    await world.move_clock_to(moment)
    return moment


async def family(world: Sandbox, name: str, language: str = "en") -> tuple[FakeParent, Child]:
    child = await world.child(name, "Karimov")
    parent = await world.parent(language)
    await parent.register(child)
    today = (await world.now()).astimezone(TASHKENT).date()
    await child.did("activity_day", day=today.isoformat(), active_seconds=1800)
    return parent, child


async def news(world: Sandbox, parent: FakeParent) -> list[str]:
    """What came by itself and is no report, in the words in which it stands in the chat."""
    told = await world.rows(
        "SELECT message FROM notifications WHERE parent_telegram_id = $1 AND status = 'sent'"
        " AND notification_type IN ('ACHIEVEMENT', 'REMINDER')",
        parent.id,
    )
    texts = [message.get("text") or "" for message in await parent.messages()]
    found = [text for text in texts if any(text.startswith(row["message"]) for row in told)]
    assert len(found) == len(told), (told, texts)
    return [text.replace("\u00a0", " ") for text in found]


async def test_a_teachers_words_come_by_day(world: Sandbox) -> None:
    """parents A20"""
    await until(world, WEDNESDAY)
    parent, child = await family(world, "Aziza", "ru")
    await child.did("comment", body="Aziza сегодня объяснила нейрон всему классу.")
    await world.advance_clock("PT15M")
    (told,) = await news(world, parent)
    assert "Aziza: слова преподавателя" in told
    assert "объяснила нейрон" in told
    await world.advance_clock("PT15M")
    assert len(await news(world, parent)) == 1


async def test_words_written_at_night_come_in_the_morning(world: Sandbox) -> None:
    await until(world, TUESDAY, hour=22)
    parent, child = await family(world, "Bobur", "uz")
    await child.did("comment", body="Bobur yaxshi savol berdi.")
    await world.advance_clock("PT15M")
    assert await news(world, parent) == []
    await until(world, WEDNESDAY, hour=9)
    (told,) = await news(world, parent)
    assert "Bobur: oʻqituvchining soʻzlari" in told


async def test_a_finished_course_is_told(world: Sandbox) -> None:
    await until(world, WEDNESDAY)
    parent, child = await family(world, "Dilnoza")
    (row,) = await world.rows(
        "SELECT slug FROM platform.course JOIN platform.enrollment USING (course_id) WHERE student_id = $1",
        child.student_id,
        database="platform",
    )
    await child.did("enrollment", course=row["slug"], status="completed")
    await world.advance_clock("PT15M")
    (told,) = await news(world, parent)
    assert "Dilnoza has finished the course" in told


async def test_full_marks_milestones_and_awards_of_a_day_come_together_at_19(world: Sandbox) -> None:
    await until(world, WEDNESDAY)
    parent, child = await family(world, "Elyor")
    await child.did("attempt", title="Prompts", score=20, max_score=20, topic="text_prompts")
    await child.did("attempt", title="Facts", score=19, max_score=20, topic="fact_checking")
    await child.did("award", code="lessons_10")
    (row,) = await world.rows(
        "SELECT required_lessons FROM bot_api_v1.v_course JOIN platform.enrollment USING (course_id)"
        " WHERE student_id = $1",
        child.student_id,
        database="platform",
    )
    for _ in range(-(-row["required_lessons"] // 4)):
        await child.did("lesson")
    await world.advance_clock("PT15M")
    assert await news(world, parent) == []
    await until(world, WEDNESDAY, hour=20)
    (told,) = await news(world, parent)
    assert "full marks: “Prompts”" in told
    assert "an award: “10 lessons”" in told
    assert "a quarter of the course" in told
    assert "Facts" not in told


async def test_work_due_tomorrow_is_told_at_18(world: Sandbox) -> None:
    now = await until(world, WEDNESDAY)
    parent, child = await family(world, "Farrux")
    await world.rows(
        "INSERT INTO platform.test (course_id, kind, title_uz, title_ru, title_en, max_score, due_at)"
        " SELECT course_id, 'assignment', 'Plakat', 'Плакат', 'A poster', 20, $2 FROM platform.enrollment"
        " WHERE student_id = $1 AND status = 'active' LIMIT 1",
        child.student_id,
        now.replace(hour=20) + DAY,
        database="platform",
    )
    await until(world, WEDNESDAY, hour=17)
    assert await news(world, parent) == []
    await until(world, WEDNESDAY, hour=18)
    (told,) = await news(world, parent)
    assert "Farrux has to hand in “A poster”" in told


async def test_new_materials_are_told_on_thursday(world: Sandbox) -> None:
    await until(world, WEDNESDAY)
    parent, child = await family(world, "Gulnora")
    (row,) = await world.rows(
        "SELECT slug FROM platform.course JOIN platform.enrollment USING (course_id) WHERE student_id = $1",
        child.student_id,
        database="platform",
    )
    for title in ("A trip to the lab", "A glossary"):
        await child.did("material", course=row["slug"], title=title)
    await until(world, THURSDAY, hour=19)
    (told,) = await news(world, parent)
    assert "“A trip to the lab” and “A glossary”" in told


async def test_an_idle_child_is_told_of_after_7_days_and_not_by_a_dead_feed(world: Sandbox) -> None:
    """On a Friday: the report of Monday tells of study still."""
    start = await until(world, FRIDAY)
    parent, _ = await family(world, "Hasan")
    await world.move_clock_to(start + 6 * DAY)
    as_of = (await world.now()).isoformat()
    assert await news(world, parent) == []
    await world.call("POST", "platform/freeze", {"activity_as_of": as_of})
    await world.move_clock_to(start.replace(hour=19) + 7 * DAY)
    assert await news(world, parent) == [], "data of more than a day ago say nothing of today"
    await world.call("POST", "platform/freeze", {"activity_as_of": None})
    await world.move_clock_to(start.replace(hour=20) + 7 * DAY)
    (told,) = await news(world, parent)
    assert "Hasan: no study for 7 days" in told
    await world.move_clock_to(start.replace(hour=19) + 8 * DAY)
    assert len(await news(world, parent)) == 1
