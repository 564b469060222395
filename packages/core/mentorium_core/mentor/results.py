"""What the tools tell the model: facts as compact JSON, with units and periods, titles in the parent's language.

Titles are the school's free text: cleaned, cut, and searched for the family's names like everything that is sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from mentorium_core.advice.model import (
    GivenAdvice,
    HardTest,
    Improvement,
    LessStudy,
    Memory,
    OverdueWork,
    Shortfall,
    WeakTopic,
)
from mentorium_core.advice.rules import TOPIC_CODES, choose_improvement, choose_question
from mentorium_core.i18n import clip, one_line, t, whole_minutes
from mentorium_core.progress.model import (
    CourseProgress,
    DueTest,
    LearnerFacts,
    NextLesson,
    Period,
    TestResult,
    Titles,
    TopicResult,
    percent,
)
from mentorium_core.progress.rules import forecast, has_before, topic_verdict, verdict
from mentorium_core.pseudonymisation.tokens import CLOSE, OPEN, Tokens, normalise
from mentorium_kit.clock import local_day

LONGEST_TEXT = 500
TITLES_NAMED = 5
_ONE = Decimal(1)
COMMENTS_TOLD = 3
_KINDS = {WeakTopic: "topic", HardTest: "test", OverdueWork: "overdue_work", LessStudy: "less_study"}
_REASONS = {WeakTopic: "why-topic", HardTest: "why-test", OverdueWork: "why-overdue", LessStudy: "why-less"}
_DAYS_OF_A_WEEK = 7

Json = dict[str, Any]


def compact(result: Json) -> str:
    return json.dumps(result, ensure_ascii=False, separators=(",", ":"))


def trouble(error: str, message: str) -> str:
    """`message` is one English sentence for the model."""
    return compact({"error": error, "message": message})


def period_result(name: str, period: Period) -> Json:
    return {"name": name, "first_day": period.first_day.isoformat(), "last_day": period.last_day.isoformat()}


def topic_result(code: str, language: str) -> str:
    """What a topic of the curriculum means, in plain words."""
    return compact(
        {
            "topic": code,
            "title": t(language, f"topic-{code}"),
            "meaning": t(language, f"meaning-{code}"),
            "question_for_child": t(language, f"question-{code}-1"),
            "ten_minutes": t(language, f"action-{code}-1"),
        }
    )


@dataclass(frozen=True, slots=True)
class Results:
    """The results about one child, who is called by the bare token `child`."""

    child: str
    language: str
    tokens: Tokens

    def progress(self, name: str, facts: LearnerFacts, now: datetime) -> str:
        """A period that is not over has no verdict, and is compared with the same days of the one before: by name."""
        began = has_before(facts)
        timed = "v_activity_day" not in facts.missing_views
        is_over = facts.period.last_day < local_day(now)
        return self._about(
            period={**period_result(name, facts.period), "is_over": is_over},
            before=period_result("before", facts.period.previous()) if began else None,
            verdict=verdict(facts, now).value if is_over else None,
            study_minutes=whole_minutes(facts.active_seconds) if timed else None,
            study_minutes_before=whole_minutes(facts.before_active_seconds) if timed and began else None,
            study_minutes_by_day=_by_day(facts) if timed and facts.period.days <= _DAYS_OF_A_WEEK else None,
            active_days=facts.active_days if timed else None,
            active_days_before=facts.before_active_days if timed and began else None,
            days_in_period=facts.period.days,
            lessons_done=facts.lessons_done,
            lessons_done_before=facts.before_lessons_done if began else None,
            lesson_titles=[self._title(title) for title in facts.lesson_titles[:TITLES_NAMED]],
            tests_taken=len(facts.tests),
            average_percent=_percent(facts.average_percent),
            average_percent_before=_percent(facts.before_average_percent) if began else None,
            streak_weeks=facts.streak_weeks,
            overdue=facts.overdue,
            late=self._due(facts.late[:TITLES_NAMED]),
            awards=[
                {"title": self._title(award.title), "earned_on": award.earned_on.isoformat()} for award in facts.awards
            ],
            courses=[self._course(course) for course in facts.courses],
        )

    def topics(self, name: str, period: Period, facts: LearnerFacts, advice: GivenAdvice | None = None) -> str:
        judged = topic_verdict(facts.topics)
        best_first = sorted(facts.topics, key=lambda topic: topic.percent or Decimal(), reverse=True)
        return self._about(
            period=period_result(name, period),
            strongest=self._topic(judged.strongest) if judged else None,
            weakest=self._topic(judged.weakest) if judged else None,
            topics=[self._topic(topic) for topic in best_first],
            last_report=self._advice(advice) if advice else None,
        )

    def tests(self, name: str, facts: LearnerFacts) -> str:
        began = has_before(facts)
        return self._about(
            period=period_result(name, facts.period),
            tests=[self._test(test) for test in facts.tests],
            average_percent=_percent(facts.average_percent),
            before=period_result("before", facts.period.previous()) if began else None,
            average_percent_before=_percent(facts.before_average_percent) if began else None,
            due=self._due(facts.due_next),
        )

    def next_steps(self, facts: LearnerFacts, today: date) -> str:
        return self._about(
            courses=[
                {
                    **self._course(course),
                    "next_lessons": [self._title(lesson.title) for lesson in course.next_lessons],
                    "forecast": _forecast(course, today),
                }
                for course in facts.courses
            ],
            due=self._due(facts.due_next),
            overdue=len(facts.late),
            late=self._due(facts.late[:TITLES_NAMED]),
        )

    def advice(self, facts: LearnerFacts, now: datetime, given: GivenAdvice | None) -> str:
        """Of the last finished week: why the verdict is what it is, and ten minutes for tonight.

        What a report of that week advised stays until it is done; else the same rules choose now, and another action.
        """
        judged = verdict(facts, now)
        memory = Memory(action_ids=(given.improvement.action_id,)) if given is not None else Memory()
        if given is not None and (given.done or last_day_of(given) < facts.period.first_day):
            given = None
        told = given.improvement if given is not None else None
        improvement = told or choose_improvement(facts, topic_verdict(facts.topics), judged, memory)
        question_id = given.question_id if given is not None else None
        question = question_id or choose_question(_topic_of(improvement), facts.period.first_day, memory).question_id
        next_lessons = [lesson for course in facts.courses for lesson in course.next_lessons]
        began = has_before(facts)
        timed = "v_activity_day" not in facts.missing_views
        return self._about(
            period=period_result("last_week", facts.period),
            before=period_result("before", facts.period.previous()) if began else None,
            verdict=judged.value,
            verdict_means=t(self.language, f"why-{judged.value}"),
            study_minutes=whole_minutes(facts.active_seconds) if timed else None,
            study_minutes_before=whole_minutes(facts.before_active_seconds) if timed and began else None,
            lessons_done=facts.lessons_done,
            lessons_done_before=facts.before_lessons_done if began else None,
            to_improve=self._shortfall(improvement.shortfall) if improvement else None,
            ten_minutes=self._ten_minutes(improvement, next_lessons),
            question_for_child=t(self.language, f"question-{question}"),
            advised_by_report=given.period if given is not None else None,
            next_lesson=self._title(next_lessons[0].title) if next_lessons else None,
            late=self._due(facts.late[:TITLES_NAMED]),
            due=self._due(facts.due_next[:TITLES_NAMED]),
        )

    def comments(self, name: str, facts: LearnerFacts) -> str:
        """The newest first; who wrote them is a person's name, and nobody's business but the parent's."""
        newest = sorted(facts.comments, key=lambda comment: comment.day, reverse=True)[:COMMENTS_TOLD]
        return self._about(
            period=period_result(name, facts.period),
            comments=[
                {"day": comment.day.isoformat(), "teacher_wrote": self._text(comment.body)} for comment in newest
            ],
            reach_teacher=t(self.language, "mentor-reach-teacher"),
        )

    def _about(self, **result: Any) -> str:
        return compact({"child": f"{OPEN}{self.child}{CLOSE}", **result})

    def _title(self, titles: Titles) -> str:
        return self.tokens.hide(normalise(titles.get(self.language))[:LONGEST_TEXT])

    def _text(self, text: str) -> str:
        """Free text of a person, on one line and cut."""
        return clip(self.tokens.hide(one_line(normalise(text)[:LONGEST_TEXT])), LONGEST_TEXT)

    def _course(self, course: CourseProgress) -> Json:
        counted = course.required_lessons > 0
        return {
            "title": self._title(course.title),
            "status": course.status.value,
            "lessons_done": course.done_lessons if counted else None,
            "lessons_required": course.required_lessons if counted else None,
        }

    def _topic(self, topic: TopicResult) -> Json:
        return {
            "title": self._title(topic.title),
            "code": topic.code if topic.code in TOPIC_CODES else None,
            "percent": _percent(topic.percent),
            "results": topic.results,
        }

    def _test(self, test: TestResult) -> Json:
        return {
            "title": self._title(test.title),
            "topic": self._title(test.topic) if test.topic is not None else None,
            "score": _points(test.score),
            "max_score": _points(test.max_score),
            "percent": _percent(percent(test.score, test.max_score)),
            "day": test.day.isoformat(),
            **({"pass_score": _points(test.pass_score)} if test.pass_score is not None else {}),
            **({"passed": test.score >= test.pass_score} if test.pass_score is not None else {}),
            **({"retaken_from": _points(test.retaken_from)} if test.retaken_from is not None else {}),
        }

    def _advice(self, advice: GivenAdvice) -> Json:
        """What the report told to improve, in its own figures and words."""
        question_id = advice.question_id
        return {
            "period": advice.period,
            **self._shortfall(advice.improvement.shortfall),
            "ten_minutes": t(self.language, f"action-{advice.improvement.action_id}"),
            "question_for_child": t(self.language, f"question-{question_id}") if question_id else None,
            "done": advice.done,
        }

    def _shortfall(self, shortfall: Shortfall) -> Json:
        graded = shortfall if isinstance(shortfall, WeakTopic | HardTest) else None
        return {
            "to_improve": _KINDS[type(shortfall)],
            "title": self._title(graded.title) if graded else None,
            "percent": _percent(graded.percent) if graded else None,
            "why": t(self.language, _REASONS[type(shortfall)]),
        }

    def _ten_minutes(self, improvement: Improvement | None, next_lessons: Sequence[NextLesson]) -> str:
        if improvement is not None:
            return t(self.language, f"action-{improvement.action_id}")
        if next_lessons:
            return t(self.language, "tonight-lesson", title=self._title(next_lessons[0].title))
        return t(self.language, "tonight-recall")

    def _due(self, tests: Iterable[DueTest]) -> Sequence[Json]:
        return [{"title": self._title(test.title), "due_on": test.due_on.isoformat()} for test in tests]


def _percent(share: Decimal | None) -> int | None:
    """Whole, as a report writes it: nobody is told 83 there and 83.1 here."""
    return int(share.quantize(_ONE, ROUND_HALF_UP)) if share is not None else None


def last_day_of(given: GivenAdvice) -> date:
    return date.fromisoformat(given.period.rpartition("/")[2])


def _topic_of(improvement: Improvement | None) -> str | None:
    match improvement.shortfall if improvement is not None else None:
        case WeakTopic(code=code) | HardTest(topic_code=code):
            return code
        case _:
            return None


def _by_day(facts: LearnerFacts) -> Json:
    """Minutes of the days with study; a day that is not named had none."""
    days = zip(facts.period.dates(), facts.day_seconds, strict=False)
    return {day.isoformat(): whole_minutes(seconds) for day, seconds in days if seconds}


def _points(points: Decimal) -> int | float:
    return int(points) if points == points.to_integral_value() else float(points)


def _forecast(course: CourseProgress, today: date) -> Json | None:
    expected = forecast(course, today)
    if expected is None:
        return None
    return {"first_month": f"{expected.first_month:%Y-%m}", "last_month": f"{expected.last_month:%Y-%m}"}
