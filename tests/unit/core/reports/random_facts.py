"""Random learners: new and old, busy and idle, with much data or hardly any, with titles far too long.

No title, name or comment holds a digit, so that every figure of a report must come from the facts.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from mentorium_core.advice.rules import TOPIC_CODES
from mentorium_core.progress.model import (
    Award,
    Comment,
    CourseProgress,
    CourseStatus,
    DueTest,
    LearnerFacts,
    NextLesson,
    Period,
    TestResult,
    Titles,
    TopicResult,
    month_of,
    week_of,
)
from mentorium_kit.clock import TASHKENT, start_of_day

_WORDS = ("нейросеть", "промпт", "oʻzbek", "maʼlumot", "picture", "тест", "{ $x }", "#let", "\\n\n", "🎉🎉", "«цитата»")
_CODES = (*sorted(TOPIC_CODES), "unknown_topic", "")
_VIEWS = ("v_activity_day", "v_lesson_progress", "v_test_attempt", "v_achievement", "v_teacher_comment")
NAMES = ("Азиза", "Oʻgʻiloy Karimova", "Emma Brown", "Абдурахмонов" * 6, "  ", "李雷", "A\u202eB", "🎈" * 50)


class RandomLearner:
    """The learner of one seed: `facts` and the moment `now` of asking."""

    def __init__(self, seed: int, period: Period | None = None) -> None:
        self._random = Random(seed)
        day = date(2026, 1, 1) + timedelta(days=self._random.randrange(700))
        self._period = period or self._random.choice((week_of, month_of))(day)
        self.now = datetime.combine(
            self._period.last_day + timedelta(days=self._random.randint(1, 12)),
            time(self._random.randrange(24), self._random.randrange(60)),
            TASHKENT,
        )
        self.facts = self._facts()

    def _facts(self) -> LearnerFacts:
        period, random = self._period, self._random
        is_idle = random.random() < 0.15
        first = period.first_day - timedelta(days=random.choice((-3, 0, 5, 10, 40, 400)))
        tests = () if is_idle else self._tests(random.choice((0, 0, 1, 2, 9)))
        return LearnerFacts(
            student_id=random.randint(1, 10**12),
            display_name=random.choice(NAMES),
            period=period,
            day_seconds=(0,) * period.days if is_idle else self._days(period),
            before_day_seconds=self._days(period.previous()),
            first_active_day=random.choice((None, first)),
            streak_weeks=random.choice((0, 1, 2, 3, 21)),
            lessons_done=0 if is_idle else random.choice((0, 1, 2, 5, 11, 1234)),
            before_lessons_done=random.choice((0, 1, 3, 22)),
            lesson_titles=self._titles(random.randrange(3)),
            tests=tests,
            earlier_tests=self._tests(random.randrange(3)),
            before_score=Decimal(random.randrange(50)),
            before_max_score=Decimal(random.choice((0, 50, 80))),
            topics=self._topics(random.randrange(5)),
            overdue=random.choice((0, 0, 1, 2, 5, 31)),
            before_overdue=random.choice((0, 0, 1, 4)),
            late=tuple(
                DueTest(self._title(), self.now.date() - timedelta(n)) for n in range(random.choice((0, 0, 1, 7)))
            ),
            due_next=tuple(DueTest(self._title(), self.now.date() + timedelta(n)) for n in range(random.randrange(4))),
            courses=self._courses(random.choice((0, 1, 1, 2, 3))),
            awards=tuple(
                Award("code", "badge", title, period.first_day) for title in self._titles(random.randrange(5))
            ),
            comments=self._comments(),
            new_materials=self._titles(random.randrange(3)),
            data_as_of=random.choice((None, self.now, start_of_day(period.last_day))),
            missing_views=frozenset(random.sample(_VIEWS, random.choice((0, 0, 0, 1, 5)))),
        )

    def _lates(self) -> int:
        return self._random.choice((0, 0, 1, 7))

    def _title(self) -> Titles:
        words = self._random.choices(_WORDS, k=self._random.choice((1, 2, 3, 40)))
        text = " ".join(words)
        return self._random.choice((Titles(uz=text, ru=text, en=text), Titles(ru=text), Titles(en=text, uz=text)))

    def _titles(self, count: int) -> tuple[Titles, ...]:
        return tuple(self._title() for _ in range(count))

    def _days(self, period: Period) -> tuple[int, ...]:
        longest = self._random.choice((40, 3600, 86_400))
        return tuple(self._random.choice((0, self._random.randrange(longest))) for _ in range(period.days))

    def _points(self) -> tuple[Decimal, Decimal]:
        best = self._random.choice((Decimal(10), Decimal(20), Decimal("37.5"), Decimal(1000)))
        return (best * self._random.choice((0, 30, 55, 80, 95, 100)) / 100).quantize(Decimal("0.1")), best

    def _tests(self, count: int) -> tuple[TestResult, ...]:
        days = self._period.dates()
        return tuple(self._test(n, self._random.choice(days)) for n in range(count))

    def _test(self, test_id: int, day: date) -> TestResult:
        score, best = self._points()
        before = self._random.choice((None, None, (best / 2).quantize(Decimal("0.1"))))
        code = self._random.choice(_CODES)
        return TestResult(self._title(), None, score, best, day, test_id, 1, code, before)

    def _topics(self, count: int) -> tuple[TopicResult, ...]:
        codes = self._random.sample(_CODES, count)
        return tuple(
            TopicResult(
                n, code, self._title(), *self._points(), self._random.randint(1, 5), self._random.choice((0, 1, 2))
            )
            for n, code in enumerate(codes)
        )

    def _courses(self, count: int) -> tuple[CourseProgress, ...]:
        return tuple(self._course(n) for n in range(count))

    def _course(self, course_id: int) -> CourseProgress:
        random = self._random
        required = random.choice((0, 12, 40))
        status = random.choice((CourseStatus.ACTIVE, CourseStatus.ACTIVE, *CourseStatus))
        done = required if status is CourseStatus.COMPLETED else random.randint(0, required)
        return CourseProgress(
            course_id,
            f"course-{course_id}",
            self._title(),
            status,
            required,
            done,
            completed_on=self._period.first_day if status is CourseStatus.COMPLETED and random.random() < 0.5 else None,
            next_lessons=tuple(NextLesson(done + n, self._title()) for n in range(1, random.randint(1, 3))),
            done_in_period=random.randint(0, done),
            done_last_28_days=random.randint(0, done),
            busy_weeks_of_4=random.randint(0, 4),
            enrolled_on=self._period.first_day - timedelta(days=random.choice((-40, -5, 0, 30, 400))),
        )

    def _comments(self) -> tuple[Comment, ...]:
        author = self._random.choice((None, "Нодира", "Учитель " * 30))
        body = self._title().get("ru")
        return tuple(Comment(author, body, self._period.last_day) for _ in range(self._random.choice((0, 1, 1, 2, 5))))
