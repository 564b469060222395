"""`python -m mentorium_reporting.run weekly`: make the reports of the last finished week (or month) now.

For operators: after an outage that was too long, or to try it out. It makes what the schedule would have made, and
nothing twice: who has a report of that period keeps it. The worker's senders carry the messages.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Final

from mentorium_core.identity.queries import find_parent, list_registered_after
from mentorium_core.reports.calendar import run_of
from mentorium_core.reports.period_run import A_BATCH
from mentorium_domain.enums import ReportType
from mentorium_kit import clock
from mentorium_kit.errors import ConfigurationError, MentoriumError, NotFoundError
from mentorium_observability import configure_logging
from mentorium_reporting.config import WorkerSettings
from mentorium_reporting.container import Container, build
from mentorium_runtime.settings import load

_TYPES: Final = {"weekly": ReportType.WEEKLY, "monthly": ReportType.MONTHLY}
_MISUSE, _FAILURE = 2, 1


async def run(settings: WorkerSettings, report_type: ReportType, telegram_id: int | None) -> int:
    """How many reports are new. NotFoundError for an unknown parent, UnavailableError where a database is away."""
    container = build(settings)
    try:
        return await _make(container, report_type, telegram_id)
    finally:
        await container.close()


async def _make(container: Container, report_type: ReportType, telegram_id: int | None) -> int:
    now = clock.now()
    period = run_of(report_type, clock.local_day(now)).period
    if telegram_id is not None:
        parent = await find_parent(telegram_id)
        if parent is None or not parent.registered:
            raise NotFoundError("parent_unknown")
        return await container.make_reports.for_parents([parent], report_type, period)
    made, after = 0, 0
    while parents := await list_registered_after(after, now, A_BATCH):
        made += await container.make_reports.for_parents(parents, report_type, period)
        after = parents[-1].parent_id
        sys.stderr.write(f"\r{made} reports made")
    sys.stderr.write("\n")
    return made


def main() -> None:
    """Prints how many reports are new. Exit status 2 for a wrong setting, 1 where it could not be done."""
    parser = argparse.ArgumentParser(prog="python -m mentorium_reporting.run", description=__doc__)
    parser.add_argument("type", choices=sorted(_TYPES), help="of the last finished week, or the last finished month")
    parser.add_argument("--parent", type=int, metavar="TELEGRAM_ID", help="for this parent only")
    arguments = parser.parse_args()
    try:
        settings = load(WorkerSettings)
        configure_logging("WARNING", json_logs=settings.json_logs, dev_mode=settings.dev_mode)
        made = asyncio.run(run(settings, _TYPES[arguments.type], arguments.parent))
    except ConfigurationError as error:
        sys.stderr.write(f"mentorium_reporting.run: {error}\n")
        sys.exit(_MISUSE)
    except MentoriumError as error:
        sys.stderr.write(f"mentorium_reporting.run: {error.code}; what was made is kept, run it again\n")
        sys.exit(_FAILURE)
    print(f"{made} new reports")


if __name__ == "__main__":
    main()
