from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import date

import pytest

from mentorium_core.progress.model import LearnerFacts, Period, last_days, month_of, week_of
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.progress.rules import verdict
from mentorium_kit.errors import UnitOfWorkError
from mentorium_kit.unit_of_work import mark_open
from tests.integration.core.progress.storing import store
from tests.unit.core.progress.random_school import NOW, TODAY, Maker
from tests.unit.core.progress.slow_facts import SlowFacts

pytestmark = pytest.mark.own_databases

LEARNERS = 400
PERIODS = (
    week_of(date(2026, 11, 16)),
    week_of(TODAY),
    week_of(TODAY).until(TODAY),
    month_of(date(2026, 10, 1)),
    month_of(TODAY).until(TODAY),
    last_days(date(2026, 11, 10), 10),
    last_days(TODAY, 100),
)
FIELDS = tuple(field.name for field in fields(LearnerFacts))
BORDER_DAYS = [
    day
    for period in PERIODS[:5]
    for stretch in (period, period.previous())
    for day in (stretch.first_day, stretch.last_day)
]


def differences(period: Period, slow: LearnerFacts, fast: LearnerFacts) -> list[str]:
    return [
        f"{period.code} learner {slow.student_id} {name}: {getattr(slow, name)} != {getattr(fast, name)}"
        for name in FIELDS
        if getattr(slow, name) != getattr(fast, name)
    ]


@pytest.mark.parametrize("seed", [1])
async def test_400_random_learners_recomputed_the_slow_way(configured_platform: str, seed: int) -> None:
    school = Maker(seed, BORDER_DAYS).make(LEARNERS)
    await store(school, configured_platform)
    read_facts = ReadFacts()
    student_ids = [row["student_id"] for row in school.student]
    found, said = [], Counter[str]()
    for period in PERIODS:
        facts = await read_facts(student_ids, period)
        assert facts.keys() == set(student_ids)
        for student_id in student_ids:
            slow = SlowFacts(school, student_id, period).facts()
            found += differences(period, slow, facts[student_id])
        said.update(verdict(fact, NOW) for fact in facts.values())
    assert found == []
    assert len(said) >= 6, "the random school is too tame: too few verdicts came up"


async def test_nobody_is_asked_for_nobody(configured_platform: str) -> None:
    assert await ReadFacts()([], PERIODS[0]) == {}


async def test_learners_who_are_spread_over_several_statements_are_read_as_by_one(configured_platform: str) -> None:
    await store(Maker(3, BORDER_DAYS).make(40), configured_platform)
    known, read_facts = list(range(1, 41)), ReadFacts()
    unknown = list(range(100_000, 101_990))
    among_unknown = [*known[:20], *unknown[:980], *known[20:21], *unknown[980:], *known[21:]]
    assert await read_facts(among_unknown, PERIODS[0]) == await read_facts(known, PERIODS[0])


async def test_unknown_learners_are_left_out_and_unknown_days_are_empty(configured_platform: str) -> None:
    school = Maker(2, BORDER_DAYS).make(3)
    await store(school, configured_platform)
    assert (await ReadFacts()([2, 999], PERIODS[0])).keys() == {2}
    long_ago = (await ReadFacts()([1], week_of(date(2020, 1, 1))))[1]
    assert long_ago.day_seconds == long_ago.before_day_seconds == (0,) * 7
    assert (long_ago.first_active_day, long_ago.streak_weeks, long_ago.tests, long_ago.topics) == (None, 0, (), ())


async def test_the_platform_is_not_waited_for_inside_a_unit_of_work(configured_platform: str) -> None:
    with mark_open(), pytest.raises(UnitOfWorkError):
        await ReadFacts()([1], PERIODS[0])
