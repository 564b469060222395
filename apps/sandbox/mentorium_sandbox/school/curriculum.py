"""What the school teaches: topics, courses, lessons, tests and awards, laid out around an anchor day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Any

from mentorium_sandbox.school.calendar import WEEK, at, monday_of
from mentorium_sandbox.school.rows import Titles

_LESSON_KINDS = ("video", "reading", "video", "practice")
_LESSON_MINUTES = (40, 45, 45, 60)
_QUIZ, _MODULE_TEST, _CHALLENGE = 10, 20, 20
_PASS_SHARE = 0.6
_GOOD_SHARE = 0.75
_ESTABLISHED = timedelta(days=200)
# Weeks from the anchor's week in which a challenge is due, and in which an extra material comes out. Children made by
# hand begin in the first course: nothing is to come up there by itself. From the third course on there is work to come.
_PAST_CHALLENGES = (-9, -7, -5, -4, -2, -1)
_CHALLENGES = (-9, -6, -4, -2, -1, 1)
_LATER_CHALLENGES = (-5, -2, 1, 3, 5, 7)
_MATERIAL_WEEKS = (-11, -5, -3, -1)


@dataclass(frozen=True, slots=True)
class Topic:
    topic_id: int
    code: str
    titles: Titles


@dataclass(frozen=True, slots=True)
class Lesson:
    lesson_id: int
    course_id: int
    module_id: int
    topic_id: int
    position: int
    kind: str
    titles: Titles
    minutes: int
    is_required: bool
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Test:
    test_id: int
    course_id: int
    lesson_id: int | None
    topic_id: int
    kind: str
    titles: Titles
    max_score: int
    due_at: datetime | None = None

    @property
    def pass_score(self) -> int:
        return round(self.max_score * _PASS_SHARE)

    @property
    def good_score(self) -> int:
        """Below it an ambitious child tries again."""
        return round(self.max_score * _GOOD_SHARE)


@dataclass(frozen=True, slots=True)
class Course:
    """`steps` is the way through the course; challenges have a date instead of a place, materials neither."""

    course_id: int
    slug: str
    level: str
    titles: Titles
    steps: tuple[Lesson | Test, ...]
    challenges: tuple[Test, ...]
    materials: tuple[Lesson, ...]

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        return tuple(step for step in self.steps if isinstance(step, Lesson)) + self.materials

    @property
    def tests(self) -> tuple[Test, ...]:
        return tuple(step for step in self.steps if isinstance(step, Test)) + self.challenges


@dataclass(frozen=True, slots=True)
class AwardKind:
    code: str
    kind: str
    titles: Titles


@dataclass(frozen=True, slots=True)
class Curriculum:
    topics: tuple[Topic, ...]
    courses: tuple[Course, ...]
    awards: dict[str, AwardKind]


def load(anchor: date) -> Curriculum:
    """The curriculum as it stands on the anchor day: challenges are due and materials come out around it."""
    data = json.loads(resources.files(__package__).joinpath("curriculum.json").read_text(encoding="utf-8"))
    topics = tuple(
        Topic(number, topic["code"], Titles(*topic["title"])) for number, topic in enumerate(data["topics"], 1)
    )
    by_code = {topic.code: topic for topic in topics}
    courses = tuple(_course(number, course, by_code, anchor) for number, course in enumerate(data["courses"], 1))
    awards = {
        award["code"]: AwardKind(award["code"], award["kind"], Titles(*award["title"])) for award in data["awards"]
    }
    return Curriculum(topics, courses, awards)


def _course(course_id: int, data: dict[str, Any], topics: dict[str, Topic], anchor: date) -> Course:
    steps: list[Lesson | Test] = []
    challenges: list[Test] = []
    opened = at(anchor - _ESTABLISHED, 9)
    this_monday = monday_of(anchor)
    challenge_weeks = {1: _PAST_CHALLENGES, 2: _CHALLENGES}.get(course_id, _LATER_CHALLENGES)
    for number, module in enumerate(data["modules"]):
        topic, base = topics[module["topic"]], course_id * 100 + number * 10
        lessons = [
            Lesson(
                course_id * 100 + number * 4 + place,
                course_id,
                base,
                topic.topic_id,
                number * 4 + place,
                _LESSON_KINDS[place - 1],
                Titles(*title),
                _LESSON_MINUTES[place - 1],
                True,
                opened,
            )
            for place, title in enumerate(module["lessons"], 1)
        ]
        name = Titles(*module["title"])
        practice = Titles(f"Mashq: {name.uz}", f"Практика: {name.ru}", f"Practice: {name.en}")
        quiz = Test(base + 1, course_id, lessons[1].lesson_id, topic.topic_id, "quiz", practice, _QUIZ)
        exam = Test(base + 2, course_id, lessons[3].lesson_id, topic.topic_id, "exam", name, _MODULE_TEST)
        steps += [*lessons[:2], quiz, *lessons[2:], exam]
        dare = Titles(f"Haftalik topshiriq: {name.uz}", f"Задание недели: {name.ru}", f"Challenge: {name.en}")
        due = at(this_monday + challenge_weeks[number] * WEEK + timedelta(days=4), 18)
        challenges.append(Test(base + 3, course_id, None, topic.topic_id, "assignment", dare, _CHALLENGE, due))
    materials = tuple(_materials(course_id, data, steps, this_monday))
    return Course(
        course_id, data["slug"], data["level"], Titles(*data["title"]), tuple(steps), tuple(challenges), materials
    )


def _materials(course_id: int, data: dict[str, Any], steps: list[Lesson | Test], monday: date) -> list[Lesson]:
    lessons = [step for step in steps if isinstance(step, Lesson)]
    last = lessons[-1]
    return [
        Lesson(
            course_id * 100 + last.position + place,
            course_id,
            last.module_id,
            last.topic_id,
            last.position + place,
            "material",
            Titles(*title),
            15,
            False,
            at(monday + _MATERIAL_WEEKS[place - 1] * WEEK + timedelta(days=2), 12),
        )
        for place, title in enumerate(data["materials"], 1)
    ]
