"""Families who come to the school, as lines for its tables: made piece by piece, so that any number fits in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count, cycle
from typing import NamedTuple

from mentorium_sandbox.school import rows
from mentorium_sandbox.school.calendar import local_day
from mentorium_sandbox.school.copying import line, lines_of, lines_of_somebody
from mentorium_sandbox.school.curriculum import Curriculum
from mentorium_sandbox.school.demo import DEMO_FAMILIES
from mentorium_sandbox.school.lives import life_of
from mentorium_sandbox.school.people import Adult, Child, Family

_STUDENTS_A_PIECE = 2_000
_TABLE_OF = {kind: table for table, kind in rows.DEEDS}
_LIVES_TOLD_ONCE = sum(len(demo.student_ids) for demo in DEMO_FAMILIES)


class Household(NamedTuple):
    """A family and the ids of its first child and first adult; the others' follow."""

    family: Family
    first_student: int
    first_guardian: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines by table of so many students."""

    students: int
    lines: dict[str, bytearray]


class Led(NamedTuple):
    """A life as it stands on record; `story` where nobody has led it before."""

    life_no: int
    joined_at: datetime
    lines: dict[str, bytes]
    story: rows.LifeStory | None


@dataclass(slots=True)
class Lives:
    """Lives to lead, told up to `now`: each child has its own until `most` are told; later ones share those."""

    curriculum: Curriculum
    seed: int
    now: datetime
    first_no: int
    most: int
    _told: dict[str, list[Led]] = field(default_factory=lambda: defaultdict(list))
    _again: dict[str, Iterator[Led]] = field(default_factory=dict)
    _number: int = 0

    def for_child(self, language: str) -> Led:
        if self._number < self.most or not self._told[language]:
            return self._tell(language)
        if language not in self._again:
            self._again[language] = cycle(self._told[language])
        return next(self._again[language])

    def _tell(self, language: str) -> Led:
        story = rows.LifeStory(self.first_no + self._number, self.seed, language, local_day(self.now))
        self._number += 1
        life = life_of(story, self.curriculum)
        record = rows.latest(life.live(self.now))
        lines = {_TABLE_OF[kind]: lines_of_somebody(deeds) for kind, deeds in record.items()}
        led = Led(story.life_no, life.joined_at, lines, story)
        if story.life_no > _LIVES_TOLD_ONCE:
            self._told[language].append(led._replace(story=None))
        return led


def households(families: Iterable[Family], students: int, student: int, guardian: int) -> Iterator[Household]:
    """Households of `students` children in all, ids from `student` and `guardian` on; the last family may be cut."""
    end = student + students
    for family in families:
        left = end - student
        if left <= 0:
            return
        kept = Family(family.language, family.adults, family.children[:left])
        yield Household(kept, student, guardian)
        student += len(kept.children)
        guardian += len(kept.adults)


def pieces(homes: Iterable[Household], lives: Lives) -> Iterator[Piece]:
    anchor = local_day(lives.now)
    students, lines = 0, defaultdict[str, bytearray](bytearray)
    for home in homes:
        _write(home, lives, anchor, lines)
        students += len(home.family.children)
        if students >= _STUDENTS_A_PIECE:
            yield Piece(students, lines)
            students, lines = 0, defaultdict(bytearray)
    if students:
        yield Piece(students, lines)


def _write(home: Household, lives: Lives, anchor: date, lines: dict[str, bytearray]) -> None:
    joined = []
    for child, student_id in zip(home.family.children, count(home.first_student)):
        led = lives.for_child(home.family.language)
        joined.append((student_id, led.joined_at))
        if led.story is not None:
            lines["life"] += line(led.story)
        lines["student"] += line(_student(student_id, child, led, anchor))
        for table, deeds in led.lines.items():
            lines[table] += lines_of(student_id, deeds)
    since = min(moment for _, moment in joined)
    for place, (adult, guardian_id) in enumerate(zip(home.family.adults, count(home.first_guardian))):
        lines["guardian"] += line(_guardian(guardian_id, adult, home.family.language, since))
        for student_id, moment in joined:
            primary = place == 0
            link = rows.GuardianStudent(guardian_id, student_id, adult.relation, primary, True, primary, moment, moment)
            lines["guardian_student"] += line(link)


def _student(student_id: int, child: Child, led: Led, anchor: date) -> rows.Student:
    birth_year = anchor.year - child.age
    return rows.Student(student_id, child.display_name, birth_year, led.life_no, led.joined_at, led.joined_at)


def _guardian(guardian_id: int, adult: Adult, locale: str, since: datetime) -> rows.Guardian:
    return rows.Guardian(
        *(guardian_id, adult.full_name, adult.email, adult.verified and adult.email is not None),
        *(adult.phone, adult.verified and adult.phone is not None, locale, since),
    )
