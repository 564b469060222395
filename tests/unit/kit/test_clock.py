from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mentorium_kit import clock
from mentorium_kit.errors import ConfigurationError
from tests.fixtures.patience import HANGS_AFTER_S


@pytest.fixture
def clock_file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "clock"
    clock.configure(path)
    yield path
    clock.configure(None)


def test_time_is_aware_and_in_tashkent() -> None:
    assert clock.now().utcoffset() == timedelta(hours=5)


def test_a_day_begins_at_midnight_in_tashkent() -> None:
    assert clock.local_day(datetime(2026, 11, 22, 18, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert clock.local_day(datetime(2026, 11, 22, 19, 0, tzinfo=UTC)) == date(2026, 11, 23)
    assert clock.start_of_day(date(2026, 11, 23)) == datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


def test_a_naive_moment_has_no_day() -> None:
    with pytest.raises(ValueError, match="aware"):
        clock.local_day(datetime(2026, 11, 22, 12, 0))


def test_the_clock_file_moves_time_and_is_read_again_when_it_changes(clock_file: Path) -> None:
    machine = datetime.now(UTC)
    assert abs(clock.now() - machine) < timedelta(seconds=5)
    clock_file.write_text("86400")
    assert abs(clock.now() - machine - timedelta(days=1)) < timedelta(seconds=5)
    clock_file.write_text("172800.5")
    assert abs(clock.now() - machine - timedelta(days=2)) < timedelta(seconds=5)


def test_a_malformed_clock_file_is_a_clear_error(clock_file: Path) -> None:
    clock_file.write_text("tomorrow")
    with pytest.raises(ConfigurationError, match="clock_file_malformed"):
        clock.now()


async def test_a_sleeper_wakes_when_the_clock_is_moved(clock_file: Path) -> None:
    sleeper = clock.sleep_until(clock.now() + timedelta(days=7))
    waiting = asyncio.ensure_future(sleeper)
    await asyncio.sleep(0)
    assert not waiting.done()
    clock_file.write_text(str(timedelta(days=8).total_seconds()))
    await asyncio.wait_for(waiting, timeout=HANGS_AFTER_S)


async def test_who_watches_the_clock_learns_of_each_move(clock_file: Path) -> None:
    known = clock.offset()
    for days in (1, 2):
        clock_file.write_text(str(timedelta(days=days).total_seconds()))
        known = await asyncio.wait_for(clock.moved(known), timeout=HANGS_AFTER_S)
        assert known == timedelta(days=days)
    waiting = asyncio.ensure_future(clock.moved(known))
    await asyncio.sleep(0.3)
    assert not waiting.done(), "nobody has moved it again"
    waiting.cancel()
