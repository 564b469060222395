"""One odd row of the platform costs the figure it belongs to, at most that child's report, never another family's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from mentorium_core.alerts.feeds import ReadFeeds
from mentorium_core.billing.model import Access
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.identity.queries import list_children
from mentorium_core.progress.model import last_finished_week
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.calendar import WEEKLY
from mentorium_core.reports.on_demand import MakeReportOnDemand
from mentorium_core.reports.period_run import MakePeriodReports
from mentorium_core.reports.pictures import ReportPictures
from mentorium_db import get_session
from mentorium_db.platform_check import Level, check_platform
from mentorium_domain.enums import Language
from mentorium_kit import clock
from mentorium_kit.errors import UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_rendering.picture import render_picture
from mentorium_runtime import probes
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.core.household import Household, register
from tests.integration.core.reports.odd_school import OddValue, enrol, odd_values, spoil, unlock

FIRST = 200_000_000
GOOD_FAMILIES = 5
COSTS_THE_REPORT = {"v_student", "v_guardian", "v_guardian_student"}
"""Where an odd value may hide the child from its parent: nobody knows any more who they are or what they may see."""


async def reported() -> set[int]:
    """Numbers of the families that have a report waiting."""
    async with get_session() as session:
        found = await session.scalars(
            text("SELECT DISTINCT parent_telegram_id FROM notifications WHERE notification_type = 'REPORT'")
        )
        return {telegram_id - FIRST for telegram_id in found}


async def register_all(count: int) -> list[ParentView]:
    parents: list[ParentView] = []
    for first in range(1, count + 1, 5):
        numbers = range(first, min(first + 5, count + 1))
        registered = await asyncio.gather(*(register(FIRST + number, number, Language.EN) for number in numbers))
        parents += [one.parent for one in registered]
    return parents


@pytest.mark.own_databases
async def test_an_odd_value_of_any_column_costs_no_other_family_its_report(household: Household) -> None:
    """inputs A, L, S, 18: every column of the contract, every kind of value that its type allows."""
    cases = dict(enumerate(odd_values(), GOOD_FAMILIES + 1))
    families = GOOD_FAMILIES + len(cases)
    async with household.school() as school:
        await unlock(school)
        await enrol(school, families, last_finished_week(clock.today()).first_day)
        parents = await register_all(families)
        for number, odd in cases.items():
            await spoil(school, number, odd)
    make = MakePeriodReports(ReadFacts(), CheckAccess())
    await make.for_parents(parents, WEEKLY.run_of(clock.today()))
    told = await reported()
    assert set(range(1, GOOD_FAMILIES + 1)) <= told
    without = [cases[number] for number in cases if number not in told]
    assert [str(odd) for odd in without if odd.view not in COSTS_THE_REPORT] == []
    assert len(without) < len(cases) / 8
    await _all_are_named(cases)
    await _the_check_finds(household, cases)


async def _all_are_named(cases: dict[int, OddValue]) -> None:
    async with get_session() as session:
        rules = set(
            await session.scalars(
                text(
                    "SELECT metadata->>'view' || '.' || (metadata->>'rule') FROM event_logs "
                    "WHERE event_name = 'platform_row_odd'"
                )
            )
        )
    for odd in cases.values():
        if odd.value in {"infinity", "NaN"}:
            assert any(rule.startswith(f"{odd.view}.{odd.column} is") for rule in rules), odd


async def _the_check_finds(household: Household, cases: dict[int, OddValue]) -> None:
    async with household.school() as school:
        found = [finding async for finding in check_platform(school)]
    failed = {finding.subject for finding in found if finding.level is Level.FAILURE}
    for odd in cases.values():
        if odd.value in {"infinity", "NaN", None}:
            assert f"{odd.view}.{odd.column}" in failed, odd


@pytest.mark.own_databases
@pytest.mark.parametrize("age", ["infinity", "-infinity", "20261-12-31", "0044-03-15 BC", None])
async def test_an_odd_age_of_the_data_costs_nobody_a_report(household: Household, age: str | None) -> None:
    async with household.school() as school:
        await unlock(school)
        await enrol(school, 2, last_finished_week(clock.today()).first_day)
        await school.execute(
            "CREATE OR REPLACE VIEW bot_api_v1.v_meta AS SELECT 1 AS contract_major, 0 AS contract_minor, "
            "'Asia/Tashkent'::text AS day_tz, now() AS db_now, "
            + ("NULL" if age is None else f"'{age}'")
            + "::timestamptz AS activity_as_of"
        )
    make = MakePeriodReports(ReadFacts(), CheckAccess())
    assert await make.for_parents(await register_all(2), WEEKLY.run_of(clock.today())) == 2


@pytest.mark.own_databases
@pytest.mark.parametrize("now", ["NULL", "'infinity'", "'-infinity'", "'20261-12-31'", "'1999-12-31'"])
async def test_a_platform_without_a_clock_is_an_outage_and_the_check_says_so(household: Household, now: str) -> None:
    """No parent is told that there is no child, no run is over with nothing made: all of it is tried again."""
    async with household.school() as school:
        await unlock(school)
        await enrol(school, 1, last_finished_week(clock.today()).first_day)
        (parent,) = await register_all(1)
        await school.execute(
            "CREATE OR REPLACE VIEW bot_api_v1.v_meta AS SELECT 1 AS contract_major, 0 AS contract_minor, "
            f"'Asia/Tashkent'::text AS day_tz, {now}::timestamptz AS db_now, now() AS activity_as_of"
        )
        found = [finding async for finding in check_platform(school)]
    assert "v_meta.db_now" in {finding.subject for finding in found if finding.level is Level.FAILURE}
    make = MakePeriodReports(ReadFacts(), CheckAccess())
    reads: list[Callable[[], Awaitable[object]]] = [probes.check_platform, ReadFeeds()]
    if now not in {"'infinity'", "'20261-12-31'"}:  # then only what has an end is seen no more
        reads += [lambda: list_children(parent), lambda: make.for_parents([parent], WEEKLY.run_of(clock.today()))]
    for read in reads:
        with pytest.raises(UnavailableError, match="platform_contract_broken"):
            await read()


@pytest.mark.own_databases
async def test_a_statement_that_fails_as_a_whole_is_asked_about_each_half(household: Household) -> None:
    """Whatever nobody has thought of: here a view that cannot compute one learner's row."""
    async with household.school() as school:
        await unlock(school)
        monday = last_finished_week(clock.today()).first_day
        await enrol(school, 9, monday)
        await school.execute(
            "ALTER TABLE bot_api_v1.v_achievement RENAME TO kept; "
            "CREATE VIEW bot_api_v1.v_achievement AS SELECT award_id, student_id, code, kind, title_uz, title_ru, "
            "title_en, course_id, earned_at + make_interval(secs => 0 / (student_id - 7)::integer) AS earned_at, "
            "updated_at FROM bot_api_v1.kept; GRANT SELECT ON bot_api_v1.v_achievement TO PUBLIC"
        )
    facts = await ReadFacts()(range(1, 10), last_finished_week(clock.today()))
    assert sorted(facts) == [1, 2, 3, 4, 5, 6, 8, 9]
    assert facts[1].active_seconds == timedelta(hours=1).total_seconds()


async def _named() -> list[tuple[str, str]]:
    async with get_session() as session:
        rows = await session.execute(
            text(
                "SELECT metadata->>'view', metadata->>'rule' FROM event_logs WHERE event_name = 'platform_row_odd' "
                "ORDER BY id"
            )
        )
        return [(row[0], row[1].partition(" ")[0]) for row in rows]


@pytest.mark.own_databases
async def test_a_report_that_was_asked_for_names_odd_rows_too(household: Household) -> None:
    """inputs L: not the runs of Monday alone; a row is named once a day, and nobody waits for it."""
    async with household.school() as school:
        await unlock(school)
        await enrol(school, 2, last_finished_week(clock.today()).first_day)
        await spoil(school, 2, OddValue("v_test_attempt", "score", "NaN"))
    parent, other = await register_all(2)
    nursery = Nursery(on_error=lambda _, error: pytest.fail(repr(error)))
    make = MakeReportOnDemand(ReadFacts(), ReportPictures(render_picture), nursery)
    for asked_by, student_id in ((parent, 1), (other, 2), (other, 2)):
        child = Child(student_id, "Child", guardian_id=student_id)
        week = last_finished_week(clock.today())
        await make(asked_by, child, week, Language.EN, Access.FULL, clock.now())
        await nursery.drain(HANGS_AFTER_S)
    assert await _named() == [("v_test_attempt", "score")] * 2, "it breaks two rules"
