"""Between reports: what happens at school reaches the parent, by the sandbox's control API and clock, once.

What happens on a Wednesday happens to several families on the same one: what costs is moving the clock.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from mentorium_sandbox.client import Child, FakeParent
from tests.e2e.sandbox import Sandbox
from tests.e2e.week import TASHKENT

DAY = timedelta(days=1)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(1, 5)
FINISHED, WITH_WORK_DUE, WITH_MATERIALS = "neural-networks-start", "ai-tools-studio", "build-your-ai"


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


async def family(
    world: Sandbox, name: str, language: str = "en", course: str = "neural-networks-start"
) -> tuple[FakeParent, Child]:
    child = await world.child(name, "Karimov", course=course)
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


async def test_words_written_at_night_come_in_the_morning(world: Sandbox) -> None:
    await until(world, TUESDAY, hour=22)
    parent, child = await family(world, "Bobur", "uz")
    await child.did("comment", body="Bobur yaxshi savol berdi.")
    await world.advance_clock("PT15M")
    assert await news(world, parent) == []
    await until(world, WEDNESDAY, hour=9)
    (told,) = await news(world, parent)
    assert "Bobur: oʻqituvchining soʻzlari" in told


@dataclass(slots=True)
class Wednesday:
    """From ten o'clock to Thursday evening; `told`: the news in each family's chat by the moments that are named."""

    world: Sandbox
    families: dict[str, tuple[FakeParent, Child]] = field(default_factory=dict)
    told: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    async def joined_by(self, name: str, language: str = "en", course: str = "neural-networks-start") -> Child:
        """A family, which is the only one in its course where that matters to the others."""
        self.families[name] = await family(self.world, name, language, course)
        return self.families[name][1]

    async def look(self, moment: str) -> None:
        self.told[moment] = {name: await news(self.world, parent) for name, (parent, _) in self.families.items()}

    async def passes(self) -> None:
        await self.world.advance_clock("PT15M")
        await self.look("10:15")
        await self.world.advance_clock("PT15M")
        await self.look("10:30")
        for hour in (17, 18, 20):
            await until(self.world, WEDNESDAY, hour)
            await self.look(f"{hour}:00")
        await until(self.world, THURSDAY, hour=19)
        await self.look("Thursday")


async def full_marks_milestones_and_an_award(world: Sandbox, child: Child) -> None:
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


async def work_is_due(world: Sandbox, child: Child, at: datetime) -> None:
    await world.rows(
        "INSERT INTO platform.test (course_id, kind, title_uz, title_ru, title_en, max_score, due_at)"
        " SELECT course_id, 'assignment', 'Plakat', 'Плакат', 'A poster', 20, $2 FROM platform.enrollment"
        " WHERE student_id = $1 AND status = 'active' LIMIT 1",
        child.student_id,
        at,
        database="platform",
    )


@pytest_asyncio.fixture(scope="module")
async def wednesday(moving_world: Sandbox) -> AsyncIterator[Wednesday]:
    world = moving_world
    now = await until(world, WEDNESDAY)
    lived = Wednesday(world)
    await (await lived.joined_by("Aziza", "ru")).did("comment", body="Aziza сегодня объяснила нейрон всему классу.")
    finished = await lived.joined_by("Dilnoza", course=FINISHED)
    await finished.did("enrollment", course=FINISHED, status="completed")
    await full_marks_milestones_and_an_award(world, await lived.joined_by("Elyor"))
    await work_is_due(world, await lived.joined_by("Farrux", course=WITH_WORK_DUE), now.replace(hour=20) + DAY)
    with_materials = await lived.joined_by("Gulnora", course=WITH_MATERIALS)
    for title in ("A trip to the lab", "A glossary"):
        await with_materials.did("material", course=WITH_MATERIALS, title=title)
    await lived.passes()
    yield lived
    for parent, _ in lived.families.values():
        await parent.block()


async def test_a_teachers_words_come_by_day(wednesday: Wednesday) -> None:
    """parents A20"""
    (told,) = wednesday.told["10:15"]["Aziza"]
    assert "Aziza: слова преподавателя" in told
    assert "объяснила нейрон" in told
    assert len(wednesday.told["10:30"]["Aziza"]) == 1


async def test_a_finished_course_is_told(wednesday: Wednesday) -> None:
    (told,) = wednesday.told["10:15"]["Dilnoza"]
    assert "Dilnoza has finished the course" in told


async def test_full_marks_milestones_and_awards_of_a_day_come_together_at_19(wednesday: Wednesday) -> None:
    assert wednesday.told["10:15"]["Elyor"] == wednesday.told["18:00"]["Elyor"] == []
    (told,) = wednesday.told["20:00"]["Elyor"]
    assert "full marks: “Prompts”" in told
    assert "an award: “10 lessons”" in told
    assert "a quarter of the course" in told
    assert "Facts" not in told


async def test_work_due_tomorrow_is_told_at_18(wednesday: Wednesday) -> None:
    assert wednesday.told["17:00"]["Farrux"] == []
    (told,) = wednesday.told["18:00"]["Farrux"]
    assert "Farrux has to hand in “A poster”" in told


async def test_new_materials_are_told_on_thursday(wednesday: Wednesday) -> None:
    assert wednesday.told["20:00"]["Gulnora"] == []
    (told,) = wednesday.told["Thursday"]["Gulnora"]
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
