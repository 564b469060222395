"""The worker's duty of watching the platform: when it looks, and what it says of itself to whoever moves the clock."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mentorium_core.alerts.checks import CheckChildren
from mentorium_core.alerts.feeds import ReadFeeds
from mentorium_core.alerts.telling import TellAlerts
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.progress.queries import ReadFacts
from mentorium_kit import clock
from mentorium_kit.errors import UnavailableError
from mentorium_reporting.alerts import AlertWatch, alert_duty
from tests.integration.core.alerts.watched import WEDNESDAY, Watched

HOUR = timedelta(hours=1)


@pytest.fixture
def watch() -> AlertWatch:
    return AlertWatch(ReadFeeds(), CheckChildren(), TellAlerts(ReadFacts(), CheckAccess()))


async def look(watch: AlertWatch) -> None:
    while await watch():
        pass


async def test_it_looks_when_the_clock_was_moved_or_something_is_due(world: Watched, watch: AlertWatch) -> None:
    family = await world.family()
    assert watch.has_to_look, "it has not looked yet"
    await look(watch)
    assert (watch.rests(), watch.has_to_look) == (True, False)
    assert await watch.next_moment(clock.now()) == WEDNESDAY.replace(hour=18)
    await world.comment(family.student, "Good")
    await world.later(HOUR)
    assert (watch.rests(), watch.has_to_look) == (False, True)
    await look(watch)
    assert len(await family.messages()) == 1
    await world.at(WEDNESDAY.replace(hour=18))
    assert watch.has_to_look
    await look(watch)
    assert await watch.next_moment(clock.now()) == WEDNESDAY.replace(hour=18) + timedelta(days=1)


async def test_a_check_that_falls_due_while_it_looks_is_done_on_its_day(world: Watched) -> None:
    """What is looked at at 18:00 was once put off to the next day where a look begun before ended after it."""
    await world.family()
    check = CheckChildren()

    async def slow_check() -> bool:
        more = await check()
        await world.at(WEDNESDAY.replace(hour=18))
        return more

    await world.at(WEDNESDAY.replace(hour=17, minute=59, second=55))
    watch = AlertWatch(ReadFeeds(), slow_check, TellAlerts(ReadFacts(), CheckAccess()))  # type: ignore[arg-type]
    await watch()
    assert (watch.rests(), watch.has_to_look) == (False, True)


async def test_what_waits_for_19_is_told_of_to_whoever_moves_the_clock(world: Watched, watch: AlertWatch) -> None:
    family = await world.family()
    await world.award(family.student, "Ten lessons")
    await world.at(WEDNESDAY.replace(hour=18, minute=30))
    await look(watch)
    assert await watch.next_moment(clock.now()) == WEDNESDAY.replace(hour=19)


async def test_what_fails_keeps_nothing_from_being_told(
    world: Watched, watch: AlertWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = await world.family()
    await world.comment(family.student, "Good")
    monkeypatch.setattr("mentorium_core.alerts.checks.checks_of", None)
    await world.at(WEDNESDAY.replace(hour=18))
    with pytest.raises(TypeError):
        await watch()
    assert len(await family.messages()) == 1


async def test_a_slow_platform_keeps_nothing_from_being_told(world: Watched) -> None:
    family = await world.family()
    await world.comment(family.student, "Good")
    await world.read()

    async def hangs() -> bool:
        await asyncio.sleep(3600)
        return True

    watch = AlertWatch(hangs, CheckChildren(), TellAlerts(ReadFacts(), CheckAccess()), read_s=0.5)  # type: ignore[arg-type]
    with pytest.raises(UnavailableError):
        await watch()
    assert len(await family.messages()) == 1


async def test_two_looks_at_once_are_one_where_there_is_nothing_more_to_do(world: Watched) -> None:
    began = 0

    async def reads() -> bool:
        nonlocal began
        began += 1
        await asyncio.sleep(0.05)
        return True

    await world.family()
    watch = AlertWatch(reads, CheckChildren(), TellAlerts(ReadFacts(), CheckAccess()))  # type: ignore[arg-type]
    assert list(await asyncio.gather(watch(), watch())) == [False, False]
    assert began == 1
    assert alert_duty(watch).follows


async def test_what_was_told_is_no_reason_to_look_again(world: Watched, watch: AlertWatch) -> None:
    family = await world.family()
    await world.comment(family.student, "Good")
    assert await watch() is False
    assert len(await family.messages()) == 1
    assert (watch.rests(), watch.has_to_look) == (True, False)


@pytest.mark.own_databases
async def test_while_the_platform_is_away_nothing_can_be_done(world: Watched, watch: AlertWatch) -> None:
    await look(watch)
    await world.does("ALTER SCHEMA bot_api_v1 RENAME TO gone")
    await world.later(HOUR)
    with pytest.raises(UnavailableError):
        await watch()
    assert (watch.has_to_look, watch.rests()) == (False, True)
    assert await watch.next_moment(clock.now()) is None
    await world.does("ALTER SCHEMA gone RENAME TO bot_api_v1")
    await look(watch)
    assert await watch.next_moment(clock.now()) == WEDNESDAY.replace(hour=18)
