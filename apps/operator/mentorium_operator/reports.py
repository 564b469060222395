"""`mentorium reports run weekly`: make the reports of the last finished week (or month) now.

After an outage that was too long, or to try it out. It makes what the schedule would have made, and nothing twice: who
has a report of that period keeps it. The worker's senders carry the messages.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Final

from mentorium_core.identity.queries import find_parent, list_registered_after
from mentorium_core.reports.batches import A_BATCH
from mentorium_core.reports.calendar import run_of
from mentorium_core.reports.period_run import MakePeriodReports
from mentorium_domain.enums import ReportType
from mentorium_kit import clock
from mentorium_kit.errors import ConfigurationError, MentoriumError, NotFoundError
from mentorium_observability import configure_logging
from mentorium_operator.command_line import OK, Subparsers, complain, explained, status_of
from mentorium_operator.config import ReportsSettings
from mentorium_operator.container import make_period_reports
from mentorium_operator.databases import open_databases
from mentorium_runtime.settings import load

_TYPES: Final = {"weekly": ReportType.WEEKLY, "monthly": ReportType.MONTHLY}


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("reports", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    run_parser = parser.add_subparsers(dest="action", required=True).add_parser("run", help="make them now")
    run_parser.add_argument("type", choices=sorted(_TYPES), help="of the last finished week, or month")
    run_parser.add_argument("--parent", type=int, metavar="TELEGRAM_ID", help="for this parent only")
    run_parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints how many reports are new. Exit status 1 where they could not all be made."""
    settings = load(ReportsSettings)
    configure_logging("WARNING", json_logs=settings.json_logs, dev_mode=settings.dev_mode)
    try:
        made = asyncio.run(_run(settings, _TYPES[arguments.type], arguments.parent))
    except ConfigurationError:
        raise
    except MentoriumError as error:
        return complain(f"{explained(error)}; what was made is kept, run it again", status_of(error))
    sys.stdout.write(f"{made} new reports\n")
    return OK


async def _run(settings: ReportsSettings, report_type: ReportType, telegram_id: int | None) -> int:
    async with open_databases(settings):
        make = make_period_reports(settings)
        if telegram_id is None:
            return await _for_everybody(make, report_type)
        return await _for_one(make, report_type, telegram_id)


async def _for_one(make: MakePeriodReports, report_type: ReportType, telegram_id: int) -> int:
    parent = await find_parent(telegram_id)
    if parent is None or not parent.registered:
        raise NotFoundError("parent_unknown")
    return await make.for_parents([parent], run_of(report_type, clock.today()))


async def _for_everybody(make: MakePeriodReports, report_type: ReportType) -> int:
    now = clock.now()
    due = run_of(report_type, clock.local_day(now))
    made, after = 0, 0
    while parents := await list_registered_after(after, now, A_BATCH):
        made += await make.for_parents(parents, due)
        after = parents[-1].parent_id
        sys.stderr.write(f"\r{made} reports made")
    sys.stderr.write("\n")
    return made
