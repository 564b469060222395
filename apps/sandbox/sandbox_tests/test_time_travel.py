"""Moving the clock step by step, whatever the parts have due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_sandbox.clock import TASHKENT, SandboxClock
from mentorium_sandbox.time_travel import TimeTraveller, duration


@dataclass(slots=True)
class Worker:
    """A part as the time_traveller sees it: it acts at its moments, once the clock shows them."""

    clock: SandboxClock
    due: list[datetime]
    held: bool = False
    acted: list[tuple[datetime, datetime]] = field(default_factory=list)

    async def health(self, _: object) -> Mapping[str, object]:
        now = self.clock.now()
        ran = [moment for moment in self.due if moment <= now]
        self.acted += [(moment, now) for moment in ran]
        self.due = [moment for moment in self.due if moment > now]
        return {
            "busy": 0,
            "next_due": min(self.due).isoformat() if self.due else None,
            "ran": {f"job at {moment.isoformat()}": now.isoformat() for moment in ran},
        }


async def nothing() -> None:
    return None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("P1D", 86_400), ("PT90M", 5400), ("P1W", 604_800), ("P3DT1H", 262_800), ("P1DT1H1M1S", 90_061), ("P1DT", 86_400)],
)
def test_durations(text: str, seconds: int) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "P",
            "PT",
            "P1",
            "1D",
            "5",
            "1 day",
            "01:00:00",
            "p1d",
            "P1D ",
            "-P1D",
            "+P1D",
            "P1.5D",
            "PT1,5S",
            "P1Y",
            "P1M",
        ),
        *(
            "P1Y",
            "P1M",
            "P1M1D",
            "P1DT1H1",
            "P1D1W",
            "PT1H1H",
            "PT1S1H",
            "P3D1H",
            "PDT1H",
            "P\u0663D",
            "P99999999999D",
            "PT1M1M",
        ),
    ],
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        duration(text)


@given(st.text(alphabet="PTDHMSW0123456789-+. ", max_size=12))
def test_a_duration_never_points_back(text: str) -> None:
    try:
        found = duration(text)
    except ValueError:
        return
    assert text.startswith("P")
    assert found >= timedelta()


@given(minutes=st.lists(st.integers(1, 10_000), max_size=12, unique=True), distance=st.integers(1, 12_000))
async def test_each_moment_is_met_when_it_is_due(
    tmp_path_factory: pytest.TempPathFactory, minutes: list[int], distance: int
) -> None:
    path: Path = tmp_path_factory.mktemp("clock") / "clock"
    clock = SandboxClock(path)
    start = clock.now()
    worker = Worker(clock, [start + timedelta(minutes=m) for m in minutes])
    idle = Worker(clock, [start + timedelta(minutes=m) for m in minutes], held=True)
    time_traveller = TimeTraveller(clock, {"worker": worker, "stopped": idle}, nothing)  # type: ignore[dict-item]
    ran = await time_traveller.to(start + timedelta(minutes=distance))
    met = {moment for moment, _ in worker.acted}
    assert met >= {start + timedelta(minutes=m) for m in minutes if m < distance}
    assert all(seen - moment < timedelta(seconds=30) for moment, seen in worker.acted), "none was stepped over"
    assert len(ran) == len(set(ran))
    assert idle.acted == []
    assert clock.now() - (start + timedelta(minutes=distance)) < timedelta(seconds=30)


async def test_the_clock_goes_neither_back_nor_too_far(tmp_path: Path) -> None:
    clock = SandboxClock(tmp_path / "clock")
    time_traveller = TimeTraveller(clock, {}, nothing)
    for moment in (clock.now() - timedelta(hours=1), clock.now() + timedelta(days=5000)):
        with pytest.raises(ValueError):
            await time_traveller.to(moment)
    assert abs(clock.now() - datetime.now(TASHKENT)) < timedelta(seconds=1)


async def test_what_happens_outside_happens_at_its_own_moment(tmp_path: Path) -> None:
    """A subscription is charged every ten minutes; the worker acts at twenty-five; nothing is skipped or late."""
    clock = SandboxClock(tmp_path / "clock")
    start = clock.now()
    worker = Worker(clock, [start + timedelta(minutes=25)])
    charges = [start + timedelta(minutes=10 * number) for number in (1, 2, 3, 4)]
    charged: list[tuple[datetime, int]] = []

    async def charge_what_is_due() -> None:
        while charges and charges[0] <= clock.now():
            charged.append((charges.pop(0), len(worker.acted)))

    time_traveller = TimeTraveller(
        clock, {"worker": worker}, charge_what_is_due, lambda: charges[0] if charges else None  # type: ignore[dict-item]
    )
    await time_traveller.to(start + timedelta(minutes=35))
    assert [moment - start for moment, _ in charged] == [timedelta(minutes=10 * number) for number in (1, 2, 3)]
    assert [acted for _, acted in charged] == [0, 0, 1], "the worker acted between the second and the third"
    assert len(worker.acted) == 1
