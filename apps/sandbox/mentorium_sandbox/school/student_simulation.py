"""Simulation of one student, from the day of joining to any moment.

A pure function of who the child is and what the school teaches: however often it is stopped and gone on with, the
same things happen at the same moments.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from heapq import heappop, heappush
from importlib import resources
from itertools import count
from random import Random
from typing import NamedTuple

from mentorium_sandbox.school.calendar import WEEK, at, local_day, monday_of
from mentorium_sandbox.school.curriculum import Course, Curriculum, Lesson, Test
from mentorium_sandbox.school.demo import DemoScript
from mentorium_sandbox.school.persona import Mood, Persona, moods
from mentorium_sandbox.school.rows import ActivityDay, Award, Enrollment, LessonProgress, TeacherComment, TestAttempt

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
_ONE_SESSION_S = 45 * 60


@dataclass(frozen=True, slots=True)
class Pupil:
    """Who lives: `joined` is the day of enrolment, `script` what is settled in advance, by week from `anchor`."""

    life_no: int
    language: str
    joined: date
    anchor: date
    first_course: int
    script: DemoScript | None = None


@dataclass(slots=True)
class _Study:
    """The way through one course so far."""

    course: Course
    enrolled_at: datetime
    steps: deque[Lesson | Test]
    status: str = "active"
    started_at: datetime | None = None
    completed_at: datetime | None = None
    worked: float = 0.0
    lesson_began: datetime | None = None
    tries: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, course: Course, enrolled_at: datetime) -> _Study:
        return cls(course, enrolled_at, deque(course.steps))


class StudentSimulation:
    """Simulates week after week; what happened is handed out as its moments come."""

    def __init__(self, pupil: Pupil, curriculum: Curriculum, rng: Random) -> None:
        self._pupil, self._curriculum, self._rng = pupil, curriculum, rng
        self._persona = _persona_of(pupil, curriculum, rng)
        self._studies: list[_Study] = []
        self._awarded: set[str] = set()
        self._lessons_done = 0
        self._busy_weeks = 0
        self._idle_weeks = 0
        self._to_come: list[tuple[datetime, int, NamedTuple]] = []
        self._number = count()
        self._weeks_ahead = self._weeks()
        self._next_monday = monday_of(pupil.joined)
        self._enrol(self._course(pupil.first_course), at(pupil.joined, 9, rng.randrange(60)))

    @property
    def next_at(self) -> datetime:
        """Before this moment nothing more happens."""
        monday = at(self._next_monday, 0)
        return min(monday, self._to_come[0][0]) if self._to_come else monday

    @property
    def joined_at(self) -> datetime:
        return at(self._pupil.joined, 9)

    def run_until(self, until: datetime) -> list[NamedTuple]:
        """What has come on record since the last time, up to `until`, in its order; a later row replaces an earlier."""
        while at(self._next_monday, 0) <= until:
            self._simulate_week(*next(self._weeks_ahead))
        happened = []
        while self._to_come and self._to_come[0][0] <= until:
            happened.append(heappop(self._to_come)[2])
        return happened

    def _happens(self, moment: datetime, row: NamedTuple) -> None:
        heappush(self._to_come, (moment, next(self._number), row))

    def _weeks(self) -> Iterator[tuple[date, Mood, tuple[int, ...]]]:
        first, script = monday_of(self._pupil.joined), self._pupil.script
        this_week = monday_of(self._pupil.anchor)
        for number, mood in zip(count(), moods(self._rng)):
            monday = first + number * WEEK
            drawn = self._persona.week(mood, self._rng)
            if script is None:
                yield monday, mood, drawn if self._persona.came else (0,) * 7
            else:
                yield monday, Mood.STEADY, script.weeks.get((monday - this_week).days // 7, script.usual_week)

    def _simulate_week(self, monday: date, mood: Mood, minutes: tuple[int, ...]) -> None:
        self._next_monday = monday + WEEK
        days = [monday + timedelta(days=offset) for offset in range(7)]
        busy = [day for day, length in zip(days, minutes, strict=True) if length and day >= self._pupil.joined]
        for day, length in zip(days, minutes, strict=True):
            start = at(day, self._rng.randint(10, 17) if day.weekday() > 4 else self._rng.randint(15, 18))
            start += timedelta(minutes=self._rng.randrange(60))
            if day in busy:
                self._study(start, length)
        self._write_comment(monday, mood, learned=any(day.weekday() < 5 for day in busy))
        self._close_week(monday, mood, len(busy))

    def _study(self, began: datetime, minutes: int) -> None:
        end = began + timedelta(minutes=minutes)
        study, moment = self._studies[-1], began
        if study.started_at is None or study.status in {"paused", "dropped"}:
            study.started_at = study.started_at or began
            self._change(study, "active", began)
        self._take_challenge(study, began)
        while study.steps and moment < end:
            step = study.steps[0]
            if isinstance(step, Lesson):
                moment = self._work(study, step, moment, end)
            elif moment + _TEST_LENGTH <= end:
                moment = self._sit(study, step, moment)
            else:
                break
            self._be_active(began, moment)
        if not study.steps and study.completed_at is None:
            self._complete(study, moment)
        self._be_active(began, end, seconds=minutes * 60 + self._rng.randrange(60))

    def _be_active(self, began: datetime, moment: datetime, seconds: int | None = None) -> None:
        """The day's roll-up as it stands at a moment of the day's session."""
        length = (moment - began) // timedelta(seconds=1) if seconds is None else seconds
        sessions = 1 + (length > _ONE_SESSION_S)
        self._happens(moment, ActivityDay(self._pupil.life_no, began.date(), length, sessions, moment))

    def _work(self, study: _Study, lesson: Lesson, moment: datetime, end: datetime) -> datetime:
        study.lesson_began = study.lesson_began or moment
        effort = lesson.minutes * self._persona.effort
        done = moment + timedelta(minutes=effort - study.worked)
        if done > end:
            study.worked += (end - moment) / timedelta(minutes=1)
            self._progress(study, lesson, min(99, round(100 * study.worked / effort)), end)
            return end
        self._progress(study, lesson, 100, done)
        study.steps.popleft()
        study.worked, study.lesson_began = 0.0, None
        self._lessons_done += 1
        self._award_lessons(study, done)
        return done

    def _progress(self, study: _Study, lesson: Lesson, percent: int, moment: datetime) -> None:
        completed = percent == 100
        row = LessonProgress(
            life_no=self._pupil.life_no,
            lesson_id=lesson.lesson_id,
            course_id=study.course.course_id,
            status="completed" if completed else "in_progress",
            percent=percent,
            started_at=study.lesson_began or moment,
            completed_at=moment if completed else None,
            updated_at=moment,
        )
        self._happens(moment, row)

    def _sit(self, study: _Study, test: Test, moment: datetime) -> datetime:
        done = moment + _TEST_LENGTH
        score = self._attempt(study, test, moment, done, done)
        study.steps.popleft()
        if score < test.pass_score and study.tries[test.test_id] == 1 and self._rng.random() < _TRIES_AGAIN:
            study.steps.insert(min(1, len(study.steps)), test)
        return done

    def _attempt(self, study: _Study, test: Test, began: datetime, submitted: datetime, graded: datetime) -> int:
        number = study.tries[test.test_id] = study.tries.get(test.test_id, 0) + 1
        score = round(self._persona.share(test.topic_id, number, self._rng) * test.max_score)
        voided = self._pupil.script is None and self._rng.random() < _VOIDED
        what = (self._pupil.life_no, test.test_id, study.course.course_id, test.topic_id, number, began, submitted)
        if graded > submitted:
            self._happens(submitted, TestAttempt(*what, None, None, test.max_score, "submitted", voided, submitted))
        self._happens(graded, TestAttempt(*what, graded, score, test.max_score, "graded", voided, graded))
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
                self._be_active(moment, submitted)

    def _complete(self, study: _Study, moment: datetime) -> None:
        study.completed_at = moment
        self._change(study, "completed", moment)
        self._award("course_completed", study.course, moment)
        more = study.course.course_id < len(self._curriculum.courses)
        if more and self._rng.random() < _ONE_MORE_COURSE:
            self._enrol(self._course(study.course.course_id), moment + timedelta(minutes=5))

    def _course(self, index: int) -> Course:
        return self._curriculum.courses[index]

    def _enrol(self, course: Course, moment: datetime) -> None:
        study = _Study.of(course, moment)
        self._studies.append(study)
        self._change(study, "active", moment)

    def _change(self, study: _Study, status: str, moment: datetime) -> None:
        study.status = status
        row = Enrollment(
            life_no=self._pupil.life_no,
            course_id=study.course.course_id,
            cohort_id=study.course.course_id,
            status=status,
            enrolled_at=study.enrolled_at,
            started_at=study.started_at,
            completed_at=study.completed_at,
            due_on=local_day(study.enrolled_at) + _COURSE_WEEKS * WEEK,
            updated_at=moment,
        )
        self._happens(moment, row)

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
        row = Award(self._pupil.life_no, code, kind.kind, *kind.titles, course.course_id, moment, moment)
        self._happens(moment, row)

    def _write_comment(self, monday: date, mood: Mood, *, learned: bool) -> None:
        friday = at(monday + timedelta(days=4), 19, self._rng.randrange(60))
        drawn, private = self._rng.random() < _COMMENTED, self._rng.random() < _PRIVATE_COMMENT
        author, body = _comment(self._pupil.language, mood in {Mood.STRONG, Mood.STEADY}, self._rng)
        script = self._pupil.script
        if script is not None:
            drawn, private, body = (monday == monday_of(self._pupil.anchor) - WEEK), False, script.comment
        if drawn and learned:
            course = [study.course.course_id for study in self._studies if study.enrolled_at <= friday][-1]
            row = TeacherComment(self._pupil.life_no, course, author, body, not private, friday, friday)
            self._happens(friday, row)

    def _close_week(self, monday: date, mood: Mood, days: int) -> None:
        self._busy_weeks = self._busy_weeks + 1 if days >= 2 else 0
        if self._busy_weeks == 4:
            self._award("four_weeks", self._studies[-1].course, at(monday + timedelta(days=6), 21))
        self._idle_weeks = 0 if days else self._idle_weeks + 1
        self._note_absence(self._studies[-1], mood, at(monday + WEEK, 9))

    def _note_absence(self, study: _Study, mood: Mood, moment: datetime) -> None:
        """The school marks who has been away: a pause is announced, a drop-out found out."""
        if self._idle_weeks < _OFFICIAL_PAUSE_WEEKS or study.status == "completed":
            return
        status = "dropped" if mood is Mood.GONE else "paused"
        if status != study.status:
            self._change(study, status, moment)


def _persona_of(pupil: Pupil, curriculum: Curriculum, rng: Random) -> Persona:
    drawn = Persona.drawn(rng, [topic.topic_id for topic in curriculum.topics])
    if pupil.script is None:
        return drawn
    talent = {topic.topic_id: pupil.script.talent.get(topic.code, 0.78) for topic in curriculum.topics}
    return replace(drawn, came=True, effort=1.0, talent=talent, noise=0.04)


def _comment(language: str, good: bool, rng: Random) -> tuple[str, str]:
    texts = _comments()
    return rng.choice(texts["authors"][language]), rng.choice(texts["good" if good else "bad"][language])


@cache
def _comments() -> dict[str, dict[str, list[str]]]:
    texts: dict[str, dict[str, list[str]]] = json.loads(
        resources.files(__package__).joinpath("comments.json").read_text(encoding="utf-8")
    )
    return texts
