"""Twelve children of the generated school, five weeks after it was made: their reports as somebody has read them.

From the school's tables to the caption and what is drawn: nothing between is told twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio

from mentorium_core.advice.model import Memory
from mentorium_core.billing.model import Access
from mentorium_core.progress.model import LearnerFacts, last_finished_month, last_finished_week
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.model import ReportDocument, Wording
from mentorium_core.reports.rules import compose
from mentorium_domain.enums import Language
from mentorium_kit.clock import TASHKENT
from mentorium_sandbox import school
from mentorium_sandbox.school import School
from tests.unit.core.reports.golden_files import approved, caption_of
from tests.unit.rendering.picture_text import picture_text

GOLDEN = Path(__file__).parent / "golden"
MADE = datetime(2026, 11, 25, 14, 0, tzinfo=TASHKENT)
NOW = datetime(2027, 1, 1, 10, 0, tzinfo=TASHKENT)
WEEK, MONTH = last_finished_week(NOW.date()), last_finished_month(NOW.date())
TWELVE = (10_001, 10_002, 10_003, 10_004, 10_005, 10_006, 10_018, 10_020, 10_027, 10_031, 10_034, 10_040)
STUDENTS = 60
Facts = list[tuple[int, LearnerFacts]]


@pytest_asyncio.fixture
async def lived(configured_platform: str, platform_dsn: str) -> Facts:
    """Each child with its place among the twelve, its week and then its month."""
    await school.seed(platform_dsn, students=STUDENTS, seed=1, now=MADE)
    await School("key", lambda: NOW, platform_dsn).advance_school()
    read = ReadFacts()
    weeks, months = await asyncio.gather(read(TWELVE, WEEK), read(TWELVE, MONTH))
    return [(place, facts[child]) for place, child in enumerate(TWELVE) for facts in (weeks, months)]


def _documents(lived: Facts) -> Iterator[ReportDocument]:
    """Of four wordings each child has another, as if the ones before it had been read."""
    for place, facts in lived:
        read_before = Memory(template_ids=tuple(list(Wording)[: place % len(Wording)]))
        yield compose(facts, NOW, Access.FULL, read_before, asked=False)


@pytest.mark.parametrize("language", Language)
async def test_twelve_generated_children_read_as_they_were_approved(lived: Facts, language: Language) -> None:
    told, golden = approved(
        GOLDEN / f"{language}.txt", (caption_of(document, language) for document in _documents(lived))
    )
    assert told == golden


@pytest.mark.parametrize("language", Language)
async def test_their_pictures_show_what_was_approved(lived: Facts, language: Language) -> None:
    told, golden = approved(
        GOLDEN / f"pictures-{language}.txt", (picture_text(document, language) for document in _documents(lived))
    )
    assert told == golden
