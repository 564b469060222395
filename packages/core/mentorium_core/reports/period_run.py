"""Making the reports of one finished week or month: made once, told once, whoever is killed.

Set-based throughout: rights, access, choices, history and facts of a batch are read in one statement each, and written
in one commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from mentorium_core.billing.model import Access, AccessView
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.identity.queries import list_children_of
from mentorium_core.notifications.commands import notify
from mentorium_core.progress.model import LearnerFacts
from mentorium_core.progress.odd_rows import NameOddRows
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.calendar import ACTIVE_FOR, Run, asks_in_time, told_together
from mentorium_core.reports.drafts import Draft, Plan, draft
from mentorium_db import get_driver, get_session
from mentorium_db.repositories import (
    NotificationSettingsRepository,
    ParentRepository,
    ReportHistoryRepository,
    ReportRunRepository,
)
from mentorium_db.repositories.report_history import TalkedOf, add_reports, told_before
from mentorium_domain.preferences import DEFAULTS
from mentorium_kit import clock
from mentorium_kit.errors import MentoriumError
from mentorium_kit.garbage import collector_resting
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

if TYPE_CHECKING:  # operators make reports in words of ours, and do not wait for the client of a model
    from mentorium_core.reports.wording import WordReports

_REPORTS_REMEMBERED: Final = 40
"""More than a month's worth of any parent's: what was told before that counts for nothing."""
_DRAFTS_A_TURN: Final = 25
_FEW: Final = 25

logger = get_logger(__name__)

Facts = Mapping[Run, Mapping[int, LearnerFacts]]


class ReportsFailedError(MentoriumError):
    """Some reports of a batch could not be made, for faults of ours; the others are."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a run would do for some parents: pairs of parent and child, and what becomes of them."""

    pairs: int
    made_before: int
    covered: int

    def __add__(self, other: Prospect) -> Prospect:
        return Prospect(self.pairs + other.pairs, self.made_before + other.made_before, self.covered + other.covered)


@dataclass(frozen=True, slots=True)
class MakePeriodReports:
    """The reports of a run. Each report and its message stand in one commit."""

    read_facts: ReadFacts
    check_access: CheckAccess
    name_odd_rows: NameOddRows = field(default_factory=NameOddRows)
    word_reports: WordReports | None = None

    async def for_parents(self, parents: Sequence[ParentView], run: Run, run_id: int | None = None) -> int:
        """How many reports are new; what has been made already stays as it is. Rights and access are asked now.

        `run_id`: their messages wait until all of that run is stored; what tells a month and a week, for the month's.
        UnavailableError if platform or our database do not answer: try again. ReportsFailedError, after all others have
        been made, if some could not be.
        """
        now = clock.now()
        plans = await _plans(await list_children_of(parents), parents, run, now)
        if not plans:
            return 0
        facts = await self._facts(plans)
        access = await self.check_access([plan.child for plan in plans], now)
        async with get_driver() as driver:
            pairs = [(plan.parent.telegram_id, plan.child.student_id) for plan in plans]
            told = await told_before(driver, pairs, _REPORTS_REMEMBERED)
        drafts, failed = await _drafts(plans, facts, access, told, now)
        drafts = await self._worded(drafts, asks_in_time(run, now))
        run_ids = await _run_ids(plans, run, run_id) if run_id is not None else {}
        made, unstored = await _store(drafts, run_ids, now)
        logger.info("reports_made", type=run.report_type, period=run.period.code, count=made, run_id=run_id)
        if failed + unstored:
            raise ReportsFailedError("reports_failed", count=failed + unstored)
        return made

    async def look_ahead(self, parents: Sequence[ParentView], run: Run) -> Prospect:
        """What `for_parents` would do, without doing it."""
        now = clock.now()
        families = await list_children_of(parents)
        plans = await _plans(families, parents, run, now)
        access = await self.check_access([plan.child for plan in plans], now)
        covered = sum(access.of(plan.child.student_id) is Access.FULL for plan in plans)
        pairs = sum(map(len, families.values()))
        return Prospect(pairs, pairs - len(plans), covered)

    async def _worded(self, drafts: Sequence[Draft], in_time: bool) -> list[Draft]:
        """In the words of a model, as far as there is one, for those who are about; the others as they are.

        A run that is late is made no later by words: only a few are asked for then.
        """
        chosen = [one for one in drafts if one.plan.may_be_worded]
        if self.word_reports is None or not chosen:
            return list(drafts)
        asks = in_time or len(chosen) <= _FEW
        asked = [(one.documents[0], one.plan.language, one.plan.parent.parent_id) for one in chosen]
        worded = zip(chosen, await self.word_reports.word_all(asked, asks=asks), strict=True)
        reworded = {}
        for number, (one, document) in enumerate(worded):
            if document.shell is not None:
                reworded[id(one)] = one.reworded(document)
            if number % _DRAFTS_A_TURN == 0:
                await asyncio.sleep(0)
        return [reworded.get(id(one), one) for one in drafts]

    async def _facts(self, plans: Sequence[Plan]) -> Facts:
        facts = {}
        for run in {run for plan in plans for run in plan.runs}:
            student_ids = sorted({plan.child.student_id for plan in plans if run in plan.runs})
            facts[run] = await self.read_facts(student_ids, run.period)
        await self.name_odd_rows(sorted({plan.child.student_id for plan in plans}))
        return facts


async def _plans(
    families: Mapping[int, tuple[Child, ...]], parents: Sequence[ParentView], run: Run, now: datetime
) -> list[Plan]:
    """What is still to be made, for each parent and child whom the parent may view now (`families`, by parent id)."""
    telegram_ids = [parent.telegram_id for parent in parents]
    async with get_session() as session:
        chosen = await NotificationSettingsRepository(session).of_chats(telegram_ids)
        active = await ParentRepository(session).seen_since(telegram_ids, now - ACTIVE_FOR)
        together = {parent: told_together(run, chosen.get(parent.telegram_id, DEFAULTS), now) for parent in parents}
        history = ReportHistoryRepository(session)
        made = {
            one: await history.made(telegram_ids, one.report_type, one.period.code)
            for one in {one for runs in together.values() for one in runs}
        }
    plans = []
    for parent, runs in together.items():
        for child in (children := families[parent.parent_id]):
            if unmade := tuple(one for one in runs if (parent.telegram_id, child.student_id) not in made[one]):
                others = tuple(one for one in children if one != child)
                choices = chosen.get(parent.telegram_id, DEFAULTS)
                plans.append(Plan(parent, child, others, unmade, choices, parent.telegram_id in active))
    return plans


async def _run_ids(plans: Sequence[Plan], run: Run, run_id: int) -> dict[Run, int]:
    """Those of the runs of these plans that have begun; `run_id` is that of `run`."""
    run_ids = {run: run_id}
    async with get_session() as session:
        for other in {one for plan in plans for one in plan.runs} - {run}:
            found = await ReportRunRepository(session).find(other.report_type, other.period.code, other.day)
            if found is not None:
                run_ids[other] = found
    return run_ids


async def _drafts(
    plans: Sequence[Plan], facts: Facts, access: AccessView, told: Sequence[Sequence[TalkedOf]], now: datetime
) -> tuple[list[Draft], int]:
    """Composed and worded, and how many failed for a fault of ours; others get their turn in between."""
    drafts, failed = list[Draft](), 0
    for first in range(0, len(plans), _DRAFTS_A_TURN):
        with collector_resting():
            for plan, before in list(zip(plans, told, strict=True))[first : first + _DRAFTS_A_TURN]:
                student_id = plan.child.student_id
                known = [facts[run].get(student_id) for run in plan.runs]
                if any(one is None for one in known):
                    logger.warning("report_without_facts", student_id=student_id)
                    continue
                try:
                    whole = [one for one in known if one is not None]
                    drafts.append(draft(plan, whole, access.of(student_id), before, now))
                except Exception as error:
                    count_error(error)
                    logger.error("report_failed", student_id=student_id, exc_info=error)
                    failed += 1
        await asyncio.sleep(0)
    return drafts, failed


async def _store(drafts: Sequence[Draft], run_ids: Mapping[Run, int], now: datetime) -> tuple[int, int]:
    """In one commit; how many are new, and how many could not be stored for a fault of ours.

    Where one of them is none that the database takes, each half is tried by itself.
    """
    if not drafts:
        return 0, 0
    try:
        async with get_driver() as driver:
            stored = await add_reports(driver, [new for one in drafts for new in one.new_reports()], now)
            await notify([message for one in drafts for message in one.messages(stored, run_ids, now)])
        return len(stored), 0
    except MentoriumError:
        raise
    except Exception as error:  # an edge, as above
        if len(drafts) == 1:
            count_error(error)
            logger.error("report_failed", student_id=drafts[0].plan.child.student_id, exc_info=error)
            return 0, 1
    half = len(drafts) // 2
    halves = [await _store(drafts[:half], run_ids, now), await _store(drafts[half:], run_ids, now)]
    return sum(made for made, _ in halves), sum(failed for _, failed in halves)
