"""Simulation of one student, from the day of joining to any moment.

A pure function of who the child is and what the school teaches: however often it is stopped and gone on with, the
same things happen at the same moments.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import NamedTuple

from mentorium_sandbox.school.calendar import WEEK, at, local_day, monday_of
from mentorium_sandbox.school.comments import LIKELY, Occasion, comment
from mentorium_sandbox.school.curriculum import Course, Curriculum, Lesson, Test
from mentorium_sandbox.school.demo import DemoScript
from mentorium_sandbox.school.persona import Mood, Persona, moods
from mentorium_sandbox.school.rows import ActivityDay, Award, Enrollment, LessonProgress, TeacherComment, TestAttempt

_COURSE_WEEKS = 20
_TEST_LENGTH = timedelta(minutes=10)
_GRADING = timedelta(hours=16)
_ONE_MORE_COURSE = 0.7
_LOOKS_IN = 0.15
_TRIES_AGAIN = 0.6
_WANTS_MORE = 0.2
_CHALLENGE_OPEN = timedelta(days=10)
_TAKEN_LATE = timedelta(days=21)
_LATE_AT_ALL = 0.3
_PRIVATE_COMMENT = 0.15
_READ_BY_NEWCOMERS = 2
_VOIDED = 0.01
_OFFICIAL_PAUSE_WEEKS = 2
_ONE_SESSION_S = 45 * 60
_FRIDAY = 4
_ONE_SHORT_DAY = (0, 0, 0, 0, 0, 25, 0)


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
    scores: dict[int, int] = field(default_factory=dict)

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
        self._mood = Mood.STEADY
        self._has_mended = False
        self._said = ""
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
        for number, mood in zip(count(), moods(self._rng, stays=script is not None)):
            monday = first + number * WEEK
            settled = script.settled_week(self._weeks_from_anchor(monday)) if script else None
            if settled is not None:
                yield monday, Mood.STEADY, settled
                continue
            minutes = self._persona.outside_holidays(monday, self._persona.week(mood, self._rng), self._rng)
            if script is not None and not any(minutes):
                minutes = _ONE_SHORT_DAY
            yield monday, mood, minutes if self._persona.came else (0,) * 7

    def _weeks_from_anchor(self, monday: date) -> int:
        return (monday - monday_of(self._pupil.anchor)).days // 7

    def _simulate_week(self, monday: date, mood: Mood, minutes: tuple[int, ...]) -> None:
        self._next_monday = monday + WEEK
        self._mood, self._has_mended = mood, False
        learned = 0
        for offset, length in enumerate(minutes):
            day = monday + timedelta(days=offset)
            start = at(day, self._rng.randint(10, 17) if offset > 4 else self._rng.randint(15, 18))
            start += timedelta(minutes=self._rng.randrange(60))
            if length and day >= self._pupil.joined and self._has_work():
                learned += 1
                self._study(start, length)
            if offset == _FRIDAY:
                self._write_comment(at(day, 19, self._rng.randrange(60)), learned=learned > 0)
        self._close_week(monday, mood, learned)

    def _has_work(self) -> bool:
        """Who has finished everything looks in now and then."""
        return self._studies[-1].status != "completed" or self._rng.random() < _LOOKS_IN

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
        wish = _TRIES_AGAIN if score < test.pass_score else _WANTS_MORE if score < test.good_score else 0.0
        if study.tries[test.test_id] == 1 and self._rng.random() < wish:
            study.steps.insert(min(1, len(study.steps)), test)
        return done

    def _attempt(self, study: _Study, test: Test, began: datetime, submitted: datetime, graded: datetime) -> int:
        number = study.tries[test.test_id] = study.tries.get(test.test_id, 0) + 1
        score = round(self._persona.share(test.topic_id, number, self._mood, self._rng) * test.max_score)
        voided = self._pupil.script is None and self._rng.random() < _VOIDED
        self._has_mended |= not voided and score > study.scores.get(test.test_id, score)
        study.scores[test.test_id] = score
        what = (self._pupil.life_no, test.test_id, study.course.course_id, test.topic_id, number, began, submitted)
        if graded > submitted:
            self._happens(submitted, TestAttempt(*what, None, None, test.max_score, "submitted", voided, submitted))
        self._happens(graded, TestAttempt(*what, graded, score, test.max_score, "graded", voided, graded))
        if score == test.max_score and not voided:
            self._award("perfect_test", study.course, graded)
        return score

    def _take_challenge(self, study: _Study, moment: datetime) -> None:
        """Handed in before its date, or after it, or never: as the child is."""
        for test in study.course.challenges:
            if test.due_at is None or test.test_id in study.tries or study.enrolled_at > test.due_at:
                continue
            left = test.due_at - moment
            if not -_TAKEN_LATE < left < _CHALLENGE_OPEN:
                continue
            likely = self._persona.punctual * (1.0 if left > timedelta() else _LATE_AT_ALL)
            if self._rng.random() < likely:
                submitted = moment + timedelta(minutes=5)
                self._attempt(study, test, moment, submitted, submitted + _GRADING)
                self._be_active(moment, submitted)

    def _complete(self, study: _Study, moment: datetime) -> None:
        study.completed_at = moment
        self._change(study, "completed", moment)
        self._award("course_completed", study.course, moment)
        more = study.course.course_id < len(self._curriculum.courses)
        wish = _ONE_MORE_COURSE if self._pupil.script is None else 1.0
        if more and self._rng.random() < wish:
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

    def _write_comment(self, friday: datetime, *, learned: bool) -> None:
        script, study = self._pupil.script, self._study_at(friday)
        if study is None:
            return
        occasion = self._occasion(study, friday, learned=learned)
        teacher, body = comment(self._pupil.language, occasion, study.course.course_id, self._said, self._rng)
        likely = LIKELY[occasion] * (1 if script is None else _READ_BY_NEWCOMERS)
        drawn, private = self._rng.random() < likely, self._rng.random() < _PRIVATE_COMMENT
        if script is not None:
            private, weeks = False, self._weeks_from_anchor(monday_of(friday.date()))
            if weeks <= 0:
                drawn, body = weeks == -1 and learned, script.comment
        if drawn:
            self._said = body
            row = TeacherComment(
                self._pupil.life_no, study.course.course_id, teacher, body, not private, friday, friday
            )
            self._happens(friday, row)

    def _study_at(self, moment: datetime) -> _Study | None:
        return next((study for study in reversed(self._studies) if study.enrolled_at <= moment), None)

    def _occasion(self, study: _Study, friday: datetime, *, learned: bool) -> Occasion:
        """What a teacher has to write about at the end of the week."""
        if not learned:
            return Occasion.MISSED if self._persona.came and self._mood is not Mood.GONE else Occasion.NOTHING
        if self._has_mended:
            return Occasion.RETAKEN
        if any(_is_waited_for(test, study, friday) for test in study.course.challenges):
            return Occasion.LATE
        if self._idle_weeks and self._lessons_done and self._mood is not Mood.WEAK:
            return Occasion.BACK
        return Occasion.BAD if self._mood is Mood.WEAK else Occasion.GOOD

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
    return replace(drawn, came=True, days_a_week=3.6, minutes=38.0, effort=1.0, talent=talent, noise=0.06)


def _is_waited_for(test: Test, study: _Study, moment: datetime) -> bool:
    """Whether its date is newly past, and nothing was handed in."""
    if test.due_at is None or test.test_id in study.tries or study.enrolled_at > test.due_at:
        return False
    return timedelta() < moment - test.due_at < _TAKEN_LATE
