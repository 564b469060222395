"""The lives that children of the school lead: told anew from their story whenever they are needed."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from mentorium_sandbox.school.calendar import HISTORY_WEEKS, WEEK, monday_of
from mentorium_sandbox.school.curriculum import Curriculum
from mentorium_sandbox.school.demo import DEMO_FAMILIES
from mentorium_sandbox.school.life import Life, Pupil
from mentorium_sandbox.school.rows import LifeStory

_BEGINNERS = 0.7
# The demo families come first, so theirs are the first lives.
_SCRIPTS = dict(enumerate((script for family in DEMO_FAMILIES for script in family.scripts), 1))


def life_of(story: LifeStory, curriculum: Curriculum) -> Life:
    """The life from its beginning; the same story makes the same life."""
    rng = Random(f"{story.seed}/life/{story.life_no}")
    return Life(_pupil(story, rng, len(curriculum.courses)), curriculum, rng)


def _pupil(story: LifeStory, rng: Random, courses: int) -> Pupil:
    script = _SCRIPTS.get(story.life_no)
    if script is not None:
        joined = monday_of(story.anchor) - script.joined_weeks_ago * WEEK
        return Pupil(story.life_no, story.language, joined, story.anchor, script.first_course, script)
    joined = story.anchor - timedelta(days=rng.randint(3, HISTORY_WEEKS * 7))
    first_course = 0 if rng.random() < _BEGINNERS else rng.randrange(courses)
    return Pupil(story.life_no, story.language, joined, story.anchor, first_course)
