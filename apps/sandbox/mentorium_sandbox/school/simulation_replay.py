"""Replays a child's simulation from its seed: nothing of it is stored but that and what came on record."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from mentorium_sandbox.school.calendar import HISTORY_WEEKS, WEEK, monday_of
from mentorium_sandbox.school.curriculum import Curriculum
from mentorium_sandbox.school.demo import DEMO_FAMILIES
from mentorium_sandbox.school.rows import SimulationSeed
from mentorium_sandbox.school.student_simulation import Pupil, StudentSimulation

_BEGINNERS = 0.7
# The demo families come first, so theirs are the first simulations.
_SCRIPTS = dict(enumerate((script for family in DEMO_FAMILIES for script in family.scripts), 1))


def new_simulation(origin: SimulationSeed, curriculum: Curriculum) -> StudentSimulation:
    """The simulation at its beginning; the same seed makes the same simulation."""
    rng = Random(f"{origin.seed}/life/{origin.life_no}")
    return StudentSimulation(_pupil(origin, rng, len(curriculum.courses)), curriculum, rng)


def _pupil(origin: SimulationSeed, rng: Random, courses: int) -> Pupil:
    script = _SCRIPTS.get(origin.life_no)
    if script is not None:
        joined = monday_of(origin.anchor) - script.joined_weeks_ago * WEEK
        return Pupil(origin.life_no, origin.language, joined, origin.anchor, script.first_course, script)
    joined = origin.anchor - timedelta(days=rng.randint(3, HISTORY_WEEKS * 7))
    first_course = 0 if rng.random() < _BEGINNERS else rng.randrange(courses)
    return Pupil(origin.life_no, origin.language, joined, origin.anchor, first_course)
