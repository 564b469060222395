"""Paid broadcast from the operator's command to Telegram's bill, in real processes, with Telegram's limits.

The bot has 1 Star: 10 messages beyond the free rate. The first run may spend no more than that, the second would spend
more.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

from mentorium_core.reports.calendar import Run, run_for, run_of
from mentorium_domain.enums import ReportType
from mentorium_kit import clock
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.operator.command import mentorium
from tests.integration.reporting_worker import chaos
from tests.integration.reporting_worker.telegram_server import FIRST_PARENT, line_of

FIRST_RUN, SECOND_RUN, STARS = 60, 80, 1
_RUN = """
    WITH run AS (
        INSERT INTO period_runs (report_type, report_period, day, started_at, opens_at, listed_at, stored_at)
        VALUES ('WEEKLY', '{period}', current_date, now(), now(), now(), now()) RETURNING id
    )
    INSERT INTO notifications (
        parent_telegram_id, notification_type, message, dedup_key, priority, send_at, expires_at, created_at, run_id
    )
    SELECT telegram_id, 'REPORT', 'week {period}', 'w:{period}:' || telegram_id, 2, now(), now() + interval '1 day',
        now(), run.id FROM run, (SELECT telegram_id FROM parents ORDER BY telegram_id LIMIT {count}) readers
"""


async def send_run(world: chaos.World, run: Run, count: int, stars: int) -> None:
    """As the operator allows it: a message to each parent, until all have an end."""
    environment = {name: world.processes["worker"].environment[name] for name in ("BOT_DB_URL", "PLATFORM_DB_URL")}
    day = run.period.first_day.isoformat()
    pay = ("reports", "pay", "weekly", "--period", day, "--stars", str(stars), "--reason", "a big school")
    assert await mentorium(*pay, **environment) == (0, f"up to {stars} Stars for WEEKLY {run.period.code}\n")
    await world.fetch(_RUN.format(period=run.period.code, count=count))
    await world.fetch("NOTIFY mentorium_outbox")
    await chaos.until_settled(world, HANGS_AFTER_S)


async def told(world: chaos.World, name: str) -> list[dict[str, object]]:
    rows = await world.fetch(f"SELECT metadata FROM event_logs WHERE event_name = '{name}' ORDER BY id")
    return [json.loads(row["metadata"]) for row in rows]


async def test_a_run_is_paid_for_up_to_its_budget_and_to_what_the_bot_has(tmp_path: Path) -> None:
    last = run_of(ReportType.WEEKLY, clock.today())
    runs = [run_for(ReportType.WEEKLY, last.period.first_day - timedelta(days=7)), last]
    async with chaos.world(tmp_path, SECOND_RUN, rate=27.0, limits=True, stars=STARS) as world:
        for name in chaos.SENDERS:
            await world.processes[name].start()
        await send_run(world, runs[0], FIRST_RUN, STARS)
        (first,) = await world.fetch("SELECT taken, stopped_at FROM paid_broadcasts")
        assert tuple(first) == (STARS * 10, None), "and the others went at the free rate"
        assert await told(world, "paid_broadcast_refused") == []
        await send_run(world, runs[1], SECOND_RUN, SECOND_RUN)
        (refused,) = await told(world, "paid_broadcast_refused")
        assert "BALANCE_TOO_LOW" in str(refused["reason"])
        assert refused["period"] == runs[1].period.code
        await world.processes["worker"].start()
        async with asyncio.timeout(HANGS_AFTER_S):
            while not (reconciled := await told(world, "paid_broadcast_reconciled")):
                await asyncio.sleep(0.2)
        (bill,) = reconciled
        assert (bill["requests"], bill["stars"]) == (STARS * 10, str(STARS)), "all that the bot had"
        assert await world.states() == {"sent": FIRST_RUN + SECOND_RUN}
        wanted = [
            line_of(FIRST_PARENT + number, f"week {run.period.code}")
            for run, count in zip(runs, (FIRST_RUN, SECOND_RUN), strict=True)
            for number in range(count)
        ]
        carried = world.delivered()
        del carried["429"]
        assert carried == Counter(wanted), "nothing is lost or doubled"
