"""Families in batches of COPY lines for the school's tables, so that any number of students fits in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count, cycle
from typing import NamedTuple

from mentorium_sandbox.school import rows
from mentorium_sandbox.school.calendar import local_day
from mentorium_sandbox.school.copy_format import line, lines_of, lines_of_somebody
from mentorium_sandbox.school.curriculum import Curriculum
from mentorium_sandbox.school.demo import DEMO_FAMILIES
from mentorium_sandbox.school.people import Adult, GeneratedChild, GeneratedFamily
from mentorium_sandbox.school.simulation_replay import new_simulation

_STUDENTS_A_BATCH = 2_000
_TABLE_OF = {kind: table for table, kind in rows.ACTIVITY_TABLES}
_DEMO_SIMULATIONS = sum(len(demo.student_ids) for demo in DEMO_FAMILIES)


class Household(NamedTuple):
    """A family and the ids of its first child and first adult; the others' follow."""

    family: GeneratedFamily
    first_student: int
    first_guardian: int


@dataclass(frozen=True, slots=True)
class FamilyBatch:
    """Lines by table of so many students."""

    students: int
    lines: dict[str, bytearray]


class RecordedHistory(NamedTuple):
    """What a simulation has put on record; `origin` where no student has been given it before."""

    life_no: int
    joined_at: datetime
    lines: dict[str, bytes]
    origin: rows.SimulationSeed | None


@dataclass(slots=True)
class SimulationPool:
    """Simulations run up to `now`: each child has its own until there are `most`; later ones share those."""

    curriculum: Curriculum
    seed: int
    now: datetime
    first_no: int
    most: int
    _histories: dict[str, list[RecordedHistory]] = field(default_factory=lambda: defaultdict(list))
    _reused: dict[str, Iterator[RecordedHistory]] = field(default_factory=dict)
    _number: int = 0

    def for_child(self, language: str) -> RecordedHistory:
        if self._number < self.most or not self._histories[language]:
            return self._simulate(language)
        if language not in self._reused:
            self._reused[language] = cycle(self._histories[language])
        return next(self._reused[language])

    def _simulate(self, language: str) -> RecordedHistory:
        origin = rows.SimulationSeed(self.first_no + self._number, self.seed, language, local_day(self.now))
        self._number += 1
        simulation = new_simulation(origin, self.curriculum)
        record = rows.latest(simulation.run_until(self.now))
        lines = {_TABLE_OF[kind]: lines_of_somebody(activity) for kind, activity in record.items()}
        history = RecordedHistory(origin.life_no, simulation.joined_at, lines, origin)
        if origin.life_no > _DEMO_SIMULATIONS:
            self._histories[language].append(history._replace(origin=None))
        return history


def households(families: Iterable[GeneratedFamily], students: int, student: int, guardian: int) -> Iterator[Household]:
    """Households of `students` children in all, ids from `student` and `guardian` on; the last family may be cut."""
    end = student + students
    for family in families:
        left = end - student
        if left <= 0:
            return
        kept = GeneratedFamily(family.language, family.adults, family.children[:left])
        yield Household(kept, student, guardian)
        student += len(kept.children)
        guardian += len(kept.adults)


def family_batches(homes: Iterable[Household], simulations: SimulationPool) -> Iterator[FamilyBatch]:
    anchor = local_day(simulations.now)
    students, lines = 0, defaultdict[str, bytearray](bytearray)
    for home in homes:
        _write(home, simulations, anchor, lines)
        students += len(home.family.children)
        if students >= _STUDENTS_A_BATCH:
            yield FamilyBatch(students, lines)
            students, lines = 0, defaultdict(bytearray)
    if students:
        yield FamilyBatch(students, lines)


def _write(home: Household, simulations: SimulationPool, anchor: date, lines: dict[str, bytearray]) -> None:
    joined = []
    for child, student_id in zip(home.family.children, count(home.first_student)):
        history = simulations.for_child(home.family.language)
        joined.append((student_id, history.joined_at))
        if history.origin is not None:
            lines["life"] += line(history.origin)
        lines["student"] += line(_student(student_id, child, history, anchor))
        for table, activity in history.lines.items():
            lines[table] += lines_of(student_id, activity)
    since = min(moment for _, moment in joined)
    for place, (adult, guardian_id) in enumerate(zip(home.family.adults, count(home.first_guardian))):
        lines["guardian"] += line(_guardian(guardian_id, adult, home.family.language, since))
        for student_id, moment in joined:
            primary = place == 0
            link = rows.GuardianStudent(guardian_id, student_id, adult.relation, primary, True, primary, moment, moment)
            lines["guardian_student"] += line(link)


def _student(student_id: int, child: GeneratedChild, history: RecordedHistory, anchor: date) -> rows.Student:
    birth_year = anchor.year - child.age
    return rows.Student(
        student_id, child.display_name, birth_year, history.life_no, history.joined_at, history.joined_at
    )


def _guardian(guardian_id: int, adult: Adult, locale: str, since: datetime) -> rows.Guardian:
    return rows.Guardian(
        *(guardian_id, adult.full_name, adult.email, adult.verified and adult.email is not None),
        *(adult.phone, adult.verified and adult.phone is not None, locale, since),
    )
