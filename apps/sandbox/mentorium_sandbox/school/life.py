"""One child's days at the school, lived from joining up to a moment.

A pure function of who the child is and what the school teaches: living further only adds to what was there, or
completes it.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from itertools import count
from random import Random
from typing import NamedTuple

from mentorium_sandbox.school.calendar import WEEK, at, local_day, monday_of
from mentorium_sandbox.school.curriculum import Course, Curriculum, Lesson, Test
from mentorium_sandbox.school.demo import Script
from mentorium_sandbox.school.rows import ActivityDay, Award, Enrollment, LessonProgress, TeacherComment, TestAttempt
from mentorium_sandbox.school.temper import Mood, Temper, moods

_COURSE_WEEKS = 20
_TEST_LENGTH = timedelta(minutes=10)
_GRADING = timedelta(hours=16)
_ONE_MORE_COURSE = 0.7
_TRIES_AGAIN = 0.6
_SUBMITS_CHALLENGE = 0.35
_CHALLENGE_OPEN = timedelta(days=10)
_COMMENTED = 0.09
_PRIVATE_COMMENT = 0.15
_VOIDED = 0.01
_OFFICIAL_PAUSE_WEEKS = 2


@dataclass(frozen=True, slots=True)
class Pupil:
    """Who lives: `joined` is the day of enrolment, `script` what is settled in advance, by week from `anchor`."""

    student_id: int
    language: str
    joined: date
    anchor: date
    first_course: int
    script: Script | None = None


@dataclass(slots=True)
class _Study:
    """The way through one course so far."""

    course: Course
    enrolled_at: datetime
    steps: deque[Lesson | Test]
    status: str = "active"
    started_at: datetime | None = None
    completed_at: datetime | None = None
    changed_at: datetime | None = None
    worked: float = 0.0
    lesson_began: datetime | None = None
    tries: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, course: Course, enrolled_at: datetime) -> _Study:
        return cls(course, enrolled_at, deque(course.steps))


class Life:
    """Lives day after day; what has been done stands in `rows`."""

    def __init__(self, pupil: Pupil, curriculum: Curriculum, rng: Random) -> None:
        self.rows: list[NamedTuple] = []
        self._pupil, self._curriculum, self._rng = pupil, curriculum, rng
        self._temper = _temper_of(pupil, curriculum, rng)
        self._studies = [_Study.of(self._course(pupil.first_course), at(pupil.joined, 9, rng.randrange(60)))]
        self._awarded: set[str] = set()
        self._lessons_done = 0
        self._busy_weeks = 0

    def live(self, until: datetime) -> list[NamedTuple]:
        """All that is on record at `until`."""
        idle = 0
        for monday, mood, minutes in self._weeks():
            if at(monday, 0) > until:
                break
            idle = 0 if any(minutes) else idle + 1
            self._note_absence(mood, idle, at(monday + WEEK, 9), until)
            days = 0
            for offset, length in enumerate(minutes):
                day = monday + timedelta(days=offset)
                days += self._live_day(day, length, until)
            self._close_week(monday, mood, days, until)
        self._record_studies(until)
        return self.rows

    def _weeks(self) -> Iterator[tuple[date, Mood, tuple[int, ...]]]:
        first, script = monday_of(self._pupil.joined), self._pupil.script
        this_week = monday_of(self._pupil.anchor)
        for number, mood in zip(count(), moods(self._rng)):
            monday = first + number * WEEK
            drawn = self._temper.week(mood, self._rng)
            if script is None:
                yield monday, mood, drawn if self._temper.came else (0,) * 7
            else:
                yield monday, Mood.STEADY, script.weeks.get((monday - this_week).days // 7, script.usual_week)

    def _live_day(self, day: date, minutes: int, until: datetime) -> int:
        """1 if the child learned on that day and the session is over by `until`, else 0."""
        start = at(day, self._rng.randint(10, 17) if day.weekday() > 4 else self._rng.randint(15, 18))
        start += timedelta(minutes=self._rng.randrange(60))
        end = start + timedelta(minutes=minutes)
        if minutes == 0 or day < self._pupil.joined or end > until:
            return 0
        self._study(start, minutes)
        seconds = minutes * 60 + self._rng.randrange(-40, 41)
        self.rows.append(ActivityDay(self._pupil.student_id, day, seconds, 1 + (minutes > 45), end))
        return 1

    def _study(self, moment: datetime, minutes: int) -> None:
        end = moment + timedelta(minutes=minutes)
        study = self._studies[-1]
        study.started_at = study.started_at or moment
        self._take_challenge(study, moment)
        while study.steps and moment < end:
            step = study.steps[0]
            if isinstance(step, Lesson):
                moment = self._work(study, step, moment, end)
            elif moment + _TEST_LENGTH <= end:
                moment = self._sit(study, step, moment)
            else:
                break
        if not study.steps and study.completed_at is None:
            self._complete(study, moment)

    def _work(self, study: _Study, lesson: Lesson, moment: datetime, end: datetime) -> datetime:
        study.lesson_began = study.lesson_began or moment
        needed = timedelta(minutes=lesson.minutes * self._temper.effort - study.worked)
        if moment + needed > end:
            study.worked += (end - moment) / timedelta(minutes=1)
            study.changed_at = end
            return end
        done = moment + needed
        self.rows.append(self._progress(study, lesson, "completed", 100, done))
        study.steps.popleft()
        study.worked, study.lesson_began, study.changed_at = 0.0, None, done
        self._lessons_done += 1
        self._award_lessons(study, done)
        return done

    def _progress(self, study: _Study, lesson: Lesson, status: str, percent: int, moment: datetime) -> LessonProgress:
        began = study.lesson_began or moment
        done = moment if status == "completed" else None
        return LessonProgress(
            self._pupil.student_id, lesson.lesson_id, study.course.course_id, status, percent, began, done, moment
        )

    def _sit(self, study: _Study, test: Test, moment: datetime) -> datetime:
        done = moment + _TEST_LENGTH
        score = self._attempt(study, test, moment, done, done)
        study.steps.popleft()
        if score < test.pass_score and study.tries[test.test_id] == 1 and self._rng.random() < _TRIES_AGAIN:
            study.steps.insert(min(1, len(study.steps)), test)
        return done

    def _attempt(self, study: _Study, test: Test, began: datetime, submitted: datetime, graded: datetime) -> int:
        number = study.tries[test.test_id] = study.tries.get(test.test_id, 0) + 1
        score = round(self._temper.share(test.topic_id, number, self._rng) * test.max_score)
        voided = self._pupil.script is None and self._rng.random() < _VOIDED
        self.rows.append(
            TestAttempt(
                test.test_id,
                self._pupil.student_id,
                study.course.course_id,
                test.topic_id,
                number,
                began,
                submitted,
                graded,
                score,
                test.max_score,
                "graded",
                voided,
                graded,
            )
        )
        if score == test.max_score and not voided:
            self._award("perfect_test", study.course, graded)
        return score

    def _take_challenge(self, study: _Study, moment: datetime) -> None:
        for test in study.course.challenges:
            if test.due_at is None or test.test_id in study.tries or study.enrolled_at + _CHALLENGE_OPEN > test.due_at:
                continue
            if timedelta() < test.due_at - moment < _CHALLENGE_OPEN and self._rng.random() < _SUBMITS_CHALLENGE:
                submitted = moment + timedelta(minutes=5)
                self._attempt(study, test, moment, submitted, submitted + _GRADING)

    def _complete(self, study: _Study, moment: datetime) -> None:
        study.status, study.completed_at, study.changed_at = "completed", moment, moment
        self._award("course_completed", study.course, moment)
        more = study.course.course_id < len(self._curriculum.courses)
        if more and self._rng.random() < _ONE_MORE_COURSE:
            self._studies.append(_Study.of(self._course(study.course.course_id), moment + timedelta(minutes=5)))

    def _course(self, index: int) -> Course:
        return self._curriculum.courses[index]

    def _award_lessons(self, study: _Study, moment: datetime) -> None:
        self._award("first_lesson", study.course, moment)
        for milestone in (10, 25):
            if self._lessons_done >= milestone:
                self._award(f"lessons_{milestone}", study.course, moment)
        if not any(isinstance(step, Lesson) for step in study.steps):
            self._award("all_lessons", study.course, moment)

    def _award(self, code: str, course: Course, moment: datetime) -> None:
        key = f"{code}/{course.course_id}" if code == "course_completed" else code
        if key in self._awarded:
            return
        self._awarded.add(key)
        kind = self._curriculum.awards[code]
        self.rows.append(Award(self._pupil.student_id, code, kind.kind, *kind.titles, course.course_id, moment, moment))

    def _note_absence(self, mood: Mood, idle: int, moment: datetime, until: datetime) -> None:
        """The school marks who has been away: a pause is announced, a drop-out found out."""
        study = self._studies[-1]
        if moment > until or study.status == "completed":
            return
        status = study.status
        if idle == 0:
            status = "active"
        elif idle >= _OFFICIAL_PAUSE_WEEKS:
            status = "dropped" if mood is Mood.GONE else "paused"
        if status != study.status:
            study.status, study.changed_at = status, moment

    def _close_week(self, monday: date, mood: Mood, days: int, until: datetime) -> None:
        self._busy_weeks = self._busy_weeks + 1 if days >= 2 else 0
        sunday = at(monday + timedelta(days=6), 20)
        if self._busy_weeks == 4 and sunday <= until:
            self._award("four_weeks", self._studies[-1].course, sunday)
        friday = at(monday + timedelta(days=4), 19, self._rng.randrange(60))
        drawn, private = self._rng.random() < _COMMENTED, self._rng.random() < _PRIVATE_COMMENT
        good = mood in {Mood.STRONG, Mood.STEADY}
        author, body = _comment(self._pupil.language, good, self._rng)
        script = self._pupil.script
        if script is not None:
            drawn, private, body = (monday == monday_of(self._pupil.anchor) - WEEK), False, script.comment
        if drawn and days and friday <= until:
            course = self._studies[-1].course.course_id
            self.rows.append(TeacherComment(self._pupil.student_id, course, author, body, not private, friday, friday))

    def _record_studies(self, until: datetime) -> None:
        self.rows = [_as_known(row, until) for row in self.rows if _happened(row, until)]
        for study in self._studies:
            if study.enrolled_at > until:
                continue
            self.rows.append(
                Enrollment(
                    self._pupil.student_id,
                    study.course.course_id,
                    study.course.course_id,
                    study.status,
                    study.enrolled_at,
                    study.started_at,
                    study.completed_at,
                    local_day(study.enrolled_at) + _COURSE_WEEKS * WEEK,
                    study.changed_at or study.started_at or study.enrolled_at,
                )
            )
            step = study.steps[0] if study.steps else None
            if isinstance(step, Lesson) and study.lesson_began is not None and study.changed_at is not None:
                percent = min(99, round(100 * study.worked / (step.minutes * self._temper.effort)))
                self.rows.append(self._progress(study, step, "in_progress", percent, study.changed_at))


def _temper_of(pupil: Pupil, curriculum: Curriculum, rng: Random) -> Temper:
    drawn = Temper.drawn(rng, [topic.topic_id for topic in curriculum.topics])
    if pupil.script is None:
        return drawn
    talent = {topic.topic_id: pupil.script.talent.get(topic.code, 0.78) for topic in curriculum.topics}
    return replace(drawn, came=True, effort=1.0, talent=talent, noise=0.04)


def _happened(row: NamedTuple, until: datetime) -> bool:
    return not isinstance(row, Award) or row.earned_at <= until


def _as_known(row: NamedTuple, until: datetime) -> NamedTuple:
    """Work that is handed in but will be graded only after `until`."""
    if isinstance(row, TestAttempt) and row.graded_at is not None and row.graded_at > until:
        return row._replace(status="submitted", graded_at=None, score=None, updated_at=row.submitted_at)
    return row


def _comment(language: str, good: bool, rng: Random) -> tuple[str, str]:
    texts = _comments()
    return rng.choice(texts["authors"][language]), rng.choice(texts["good" if good else "bad"][language])


@cache
def _comments() -> dict[str, dict[str, list[str]]]:
    texts: dict[str, dict[str, list[str]]] = json.loads(
        resources.files(__package__).joinpath("comments.json").read_text(encoding="utf-8")
    )
    return texts
