"""One learner whose every figure is known by heart."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from mentorium_core.progress.model import (
    Award,
    Comment,
    CourseProgress,
    CourseStatus,
    DueTest,
    LearnerFacts,
    NextLesson,
    TestResult,
    Titles,
    TopicResult,
    last_finished_week,
)
from mentorium_kit.clock import TASHKENT

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TASHKENT)  # a Monday

FACT_CHECKING = Titles(uz="Faktlarni tekshirish", ru="Проверка фактов", en="Checking facts")
IMAGE_PROMPTS = Titles(uz="Rasm uchun promptlar", ru="Промпты для картинок", en="Prompts for images")
TITLE = Titles(en="A test")
COURSE = CourseProgress(
    1,
    "neural-networks",
    Titles(uz="Neyrotarmoqlar asoslari", ru="Основы нейросетей", en="Neural network basics"),
    CourseStatus.ACTIVE,
    required_lessons=40,
    done_lessons=16,
    next_lessons=(NextLesson(17, Titles(uz="Rasm va matn", ru="Картинка и текст", en="Picture and text")),),
    done_in_period=3,
    done_last_28_days=9,
    busy_weeks_of_4=4,
)


def aziza() -> LearnerFacts:
    """A good week, 16 to 22 November 2026: one strong topic, one weak, a test due on Friday."""
    return LearnerFacts(
        student_id=42,
        display_name="Азиза Каримова",
        period=last_finished_week(NOW.date()),
        day_seconds=(420, 2160, 2160, 3360, 1200, 2400, 300),
        before_day_seconds=(1200, 0, 2400, 3000, 0, 3000, 0),
        first_active_day=date(2026, 8, 1),
        lessons_done=3,
        before_lessons_done=2,
        lesson_titles=(Titles(en="Light", ru="Свет", uz="Yorugʻlik"),),
        tests=(
            TestResult(IMAGE_PROMPTS, IMAGE_PROMPTS, Decimal(18), Decimal(20), date(2026, 11, 18)),
            TestResult(
                Titles(uz="Faktlar", ru="Факты", en="Facts"), FACT_CHECKING, Decimal(6), Decimal(10), date(2026, 11, 20)
            ),
        ),
        earlier_tests=(TestResult(IMAGE_PROMPTS, IMAGE_PROMPTS, Decimal(15), Decimal(20), date(2026, 11, 8)),),
        before_score=Decimal(15),
        before_max_score=Decimal(20),
        topics=(
            TopicResult(1, "fact_checking", FACT_CHECKING, Decimal(11), Decimal(20), 2, 1),
            TopicResult(2, "image_prompts", IMAGE_PROMPTS, Decimal(36), Decimal(40), 2, 1),
        ),
        due_next=(DueTest(Titles(uz="Promptlar", ru="Промпты", en="Prompts"), date(2026, 11, 27)),),
        courses=(COURSE,),
        awards=(Award("first", "badge", Titles(uz="Ilk loyiha", ru="Первый проект", en="First project"), NOW.date()),),
        comments=(Comment("Нодира", "Хорошая неделя!", date(2026, 11, 20)),),
        data_as_of=NOW,
    )


def graded(score: int, best: int = 20) -> TestResult:
    """A test of no topic, graded inside that week."""
    return TestResult(TITLE, None, Decimal(score), Decimal(best), date(2026, 11, 18))
