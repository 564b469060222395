"""`mentorium reports run weekly`: make the reports of the last finished week (or month) now.

After an outage that was too long, or to try it out. It makes what the schedule would have made, and nothing twice: who
has a report of that period keeps it. The worker's senders carry the messages. `--dry-run` tells what it would do.

`mentorium reports pay weekly --stars 5000 --reason "…"` lets the messages of a run be paid for, which Telegram carries
faster than the free rate, until so many Stars are spent or `mentorium reports stop weekly` says so; `mentorium reports
show weekly` tells how far the run is, and what was spent.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from mentorium_core.identity.queries import find_parent
from mentorium_core.reports.batches import A_BATCH, count_wanting, list_wanting
from mentorium_core.reports.calendar import SCHEDULES, Run, run_for, run_of
from mentorium_core.reports.paid_broadcast import allow_payment, show_run, stop_payment
from mentorium_core.reports.period_run import MakePeriodReports, Prospect
from mentorium_domain.enums import ReportType
from mentorium_kit import clock
from mentorium_kit.errors import ConfigurationError, MentoriumError, NotFoundError
from mentorium_observability import configure_logging
from mentorium_operator.command_line import MISUSE, OK, Subparsers, complain, explained, status_of
from mentorium_operator.config import ReportsSettings
from mentorium_operator.container import make_period_reports
from mentorium_operator.databases import open_databases
from mentorium_operator.giving import telegram_id
from mentorium_operator.terminal import end_progress, show_progress
from mentorium_runtime.settings import load

_TYPES: Final = {"weekly": ReportType.WEEKLY, "monthly": ReportType.MONTHLY}
_FREE_A_SECOND: Final = 27
_BAR: Final = 30
_DRAWN_EVERY_S: Final = 0.2

Opened = Callable[[ReportsSettings], AbstractAsyncContextManager[None]]


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("reports", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    actions = parser.add_subparsers(dest="action", required=True)
    run_parser = _action(actions, "run", "make them now")
    run_parser.add_argument("--parent", type=telegram_id, metavar="TELEGRAM_ID", help="for this parent only")
    run_parser.add_argument("--dry-run", action="store_true", help="tell what would be made, and make nothing")
    run_parser.set_defaults(run=run)
    pay = _action(actions, "pay", "let its messages be paid for, a tenth of a Star each")
    pay.add_argument("--stars", type=int, required=True, help="spend no more than that")
    pay.add_argument("--reason", required=True, help="kept with it")
    pay.set_defaults(run=lambda given: _answer(given, _pay))
    _action(actions, "stop", "pay for no more of its messages").set_defaults(run=lambda given: _answer(given, _stop))
    _action(actions, "show", "how far it is").set_defaults(run=lambda given: _answer(given, _show))


def _action(actions: Subparsers, name: str, help_text: str) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=help_text)
    parser.add_argument("type", choices=sorted(_TYPES), help="of the last finished week, or month")
    parser.add_argument(
        "--period", type=date.fromisoformat, metavar="YYYY-MM-DD", help="or of the one that begins on this day"
    )
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Prints how many reports are new. Exit status 1 where they could not all be made."""
    return _answer(arguments, _run, "; what was made is kept, run it again")


def _answer(
    arguments: argparse.Namespace,
    ask: Callable[[ReportsSettings, Run, argparse.Namespace], Awaitable[str]],
    consolation: str = "",
) -> int:
    settings = load(ReportsSettings)
    configure_logging("WARNING", json_logs=settings.json_logs, dev_mode=settings.dev_mode)
    named = _named(_TYPES[arguments.type], arguments.period)
    if named is None:
        return complain(f"no finished {arguments.type} period begins on {arguments.period}", MISUSE)
    try:
        told = asyncio.run(_with_databases(settings, named, arguments, ask))
    except ConfigurationError:
        raise
    except MentoriumError as error:
        return complain(f"{explained(error)}{consolation}", status_of(error))
    sys.stdout.write(f"{told}\n")
    return OK


async def _with_databases(
    settings: ReportsSettings,
    named: Run,
    arguments: argparse.Namespace,
    ask: Callable[[ReportsSettings, Run, argparse.Namespace], Awaitable[str]],
) -> str:
    async with open_databases(settings):
        return await ask(settings, named, arguments)


def _named(report_type: ReportType, first_day: date | None) -> Run | None:
    """The run that is meant; None where no period of this type begins on that day, or it is not over."""
    last = run_of(report_type, clock.today())
    if first_day is None:
        return last
    if SCHEDULES[report_type].period_of(first_day).first_day != first_day or first_day > last.period.first_day:
        return None
    return run_for(report_type, first_day)


async def _run(settings: ReportsSettings, named: Run, given: argparse.Namespace) -> str:
    make = make_period_reports(settings)
    if given.parent is None:
        return await (_rehearse(make, named) if given.dry_run else _for_everybody(make, named))
    parent = await find_parent(given.parent)
    if parent is None or not parent.registered:
        raise NotFoundError("parent_unknown")
    if given.dry_run:
        return _rehearsed(1, await make.look_ahead([parent], named))
    return f"{await make.for_parents([parent], named)} new reports"


async def _for_everybody(make: MakePeriodReports, named: Run) -> str:
    now, made, after = clock.now(), 0, 0
    bar = ProgressBar(await count_wanting(named, now), "reports made")
    while parents := await list_wanting(named, after, now, A_BATCH):
        made += await make.for_parents(parents, named)
        after = parents[-1].parent_id
        bar.show(len(parents), made)
    bar.end(made)
    return f"{made} new reports"


async def _rehearse(make: MakePeriodReports, named: Run) -> str:
    now, seen, after = clock.now(), Prospect(0, 0, 0), 0
    bar, wanting = ProgressBar(await count_wanting(named, now), "reports to make"), 0
    while parents := await list_wanting(named, after, now, A_BATCH):
        seen += await make.look_ahead(parents, named)
        after, wanting = parents[-1].parent_id, wanting + len(parents)
        bar.show(len(parents), seen.pairs - seen.made_before)
    bar.end(seen.pairs - seen.made_before)
    return _rehearsed(wanting, seen)


def _rehearsed(parents: int, seen: Prospect) -> str:
    to_make = seen.pairs - seen.made_before
    minutes = -(-to_make // (60 * _FREE_A_SECOND))
    return (
        f"{parents} parents who want it, {seen.pairs} reports: {seen.made_before} made before, {to_make} to make,"
        f" {seen.covered} of them whole\nnothing was made; sending takes {minutes} min at {_FREE_A_SECOND} a second"
    )


async def _pay(_: ReportsSettings, named: Run, given: argparse.Namespace) -> str:
    if given.stars < 1 or not given.reason.strip():
        raise ConfigurationError("paid_broadcast_needs_stars_and_a_reason")
    await allow_payment(named, given.stars, given.reason)
    return f"up to {given.stars} Stars for {named.report_type} {named.period.code}"


async def _stop(_: ReportsSettings, named: Run, __: argparse.Namespace) -> str:
    return f"stopped; {(await stop_payment(named)).spent} Stars were spent at the most"


async def _show(_: ReportsSettings, named: Run, __: argparse.Namespace) -> str:
    return await show_run(named)


@dataclass(slots=True)
class ProgressBar:
    """A progress bar on stderr, with the time that is left; where nobody watches, its last line alone."""

    total: int
    what: str
    done: int = 0
    _began: float = field(default_factory=time.monotonic)
    _drawn: float = 0.0

    def show(self, more: int, count: int) -> None:
        """So many more parents are done; `count` of `what` by now."""
        self.done += more
        now = time.monotonic()
        if now - self._drawn >= _DRAWN_EVERY_S:
            self._drawn = now
            share = min(self.done / max(self.total, 1), 1.0)
            left_s = (now - self._began) * (1 - share) / max(share, 1e-9)
            filled = "█" * round(share * _BAR)
            show_progress(f"{filled:░<{_BAR}} {share:4.0%}  {count} {self.what}, {left_s:.0f} s left")

    def end(self, count: int) -> None:
        end_progress()
        sys.stderr.write(f"{count} {self.what}\n")
