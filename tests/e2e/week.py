"""A week at school whose every figure is known, put where the report for the last finished week will find it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from mentorium_sandbox.client import Child
from tests.e2e.sandbox import Sandbox

TASHKENT = ZoneInfo("Asia/Tashkent")
MINUTES = (40, 0, 55, 0, 25, 0, 0)  # Monday to Sunday: 2 h on three days
MINUTES_BEFORE = (30, 0, 30, 0, 0, 0, 0)


async def last_monday(sandbox: Sandbox) -> datetime:
    """Monday 00:00 of the last finished week, by the sandbox's clock."""
    now = (await sandbox.now()).astimezone(TASHKENT)
    monday = now.date() - timedelta(days=now.weekday() + 7)
    return datetime.combine(monday, time(), TASHKENT)


async def next_monday(sandbox: Sandbox) -> datetime:
    """The next Monday at 9:00, when weekly reports are due, by the sandbox's clock; on a Monday the one in a week."""
    return await last_monday(sandbox) + timedelta(days=14, hours=9)


async def by_day(sandbox: Sandbox) -> None:
    """Where it is night, the clock is moved to the next 9:00: at night no report is sent."""
    now = (await sandbox.now()).astimezone(TASHKENT)
    if not 8 <= now.hour < 20:
        day = now.date() + timedelta(days=1 if now.hour >= 20 else 0)
        await sandbox.move_clock_to(datetime.combine(day, time(9), TASHKENT))


async def believable_week(sandbox: Sandbox, child: Child) -> None:
    """Three days, 2 h in all (1 h the week before), two lessons, tests 18 of 20 and 9 of 20."""
    monday = await last_monday(sandbox)
    noon = timedelta(hours=12)
    await child.did("activity_day", day=(monday - timedelta(days=28)).date().isoformat(), active_seconds=1200)
    await child.did("lesson", at=(monday + noon).isoformat())
    await child.did("lesson", at=(monday + timedelta(days=2) + noon).isoformat())
    await _attempt(child, monday + noon, "Promptlar", 18, "text_prompts")
    await _attempt(child, monday + timedelta(days=2) + noon, "Faktlar", 9, "fact_checking")
    for offset, minutes in ((0, MINUTES), (-7, MINUTES_BEFORE)):
        for number, length in enumerate(minutes):
            day = (monday + timedelta(days=offset + number)).date().isoformat()
            if length:
                await child.did("activity_day", day=day, active_seconds=length * 60)


async def _attempt(child: Child, at: datetime, title: str, score: int, topic: str) -> None:
    await child.did("attempt", at=at.isoformat(), title=title, score=score, max_score=20, topic=topic)
