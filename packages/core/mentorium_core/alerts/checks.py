"""The daily look at all watched children: who has not studied, what is due tomorrow, what is new in their courses."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from mentorium_core.alerts.feeds import titles_of
from mentorium_core.alerts.model import WORTH_TELLING, DueWork, IdleChild, Material, Milestone
from mentorium_core.alerts.rules import (
    checks_of,
    due_alert,
    due_tomorrow,
    idle_alert,
    is_check_time,
    is_dead,
    material_alert,
    milestone_alert,
    too_many_idle,
    turns_idle,
)
from mentorium_db import autocommit_session, get_session
from mentorium_db.repositories import AlertRepository
from mentorium_db.repositories.platform import PlatformRepository
from mentorium_db.repositories.platform_feeds import NEEDED, PlatformFeedRepository
from mentorium_db.session import platform_connection
from mentorium_domain.alerts import CheckState, NewAlert
from mentorium_domain.enums import AlertKind, Severity
from mentorium_domain.language import Titles
from mentorium_kit import clock
from mentorium_kit.errors import UnavailableError
from mentorium_observability import EventLogService, get_logger
from mentorium_observability.metrics import dead_feed_checks, idle_checks_stopped

A_PAGE: Final = 1_000
LONGEST_S: Final = 20.0
MATERIALS_OF: Final = timedelta(days=7)
_NEEDS_FRESH_DATA: Final = frozenset({AlertKind.IDLE, AlertKind.DUE})

logger = get_logger(__name__)


@dataclass(slots=True, eq=False)
class CheckChildren:
    """`page`: how many children are looked at by one statement, and committed."""

    page: int = A_PAGE
    _put_off: set[tuple[AlertKind, date]] = field(default_factory=set, init=False)

    async def __call__(self) -> bool:
        """Do what of today's checks is not done, between 18:00 and 21:00; whether they were cut short, and go on the
        next time.

        UnavailableError if platform or our database do not answer.
        """
        now = clock.now()
        if not is_check_time(now):
            return False
        today = clock.local_day(now)
        async with autocommit_session() as session:
            done = await AlertRepository(session).finished_checks(today)
        if not (left := [kind for kind in checks_of(today) if kind not in done]):
            return False
        async with platform_connection() as connection:
            platform = PlatformRepository(connection)
            meta, missing = await platform.meta(), await platform.missing_views()
        dead, begun, is_whole = is_dead(meta.activity_as_of, now), time.monotonic(), True
        for kind in left:
            if NEEDED[kind] & missing:
                continue
            if dead and kind in _NEEDS_FRESH_DATA:
                if self._is_news(kind, today):
                    logger.warning("check_put_off", kind=kind, activity_as_of=meta.activity_as_of)
                    dead_feed_checks.inc()
                continue
            try:
                is_whole &= await self._check(kind, today, begun)
            except UnavailableError as error:
                if error.code != "platform_contract_broken":
                    raise
                if self._is_news(kind, today):
                    logger.error("check_not_done", kind=kind, reason=error.context.get("reason"))
        return not is_whole

    def _is_news(self, kind: AlertKind, today: date) -> bool:
        """Whether it is the first time today that this check is not done: it is tried until the evening is over."""
        news = (kind, today) not in self._put_off
        self._put_off = {(kind, today), *(one for one in self._put_off if one[1] == today)}
        return news

    async def _check(self, kind: AlertKind, today: date, begun: float) -> bool:
        """Page by page; whether there is nothing left to do for now."""
        now = clock.now()
        async with get_session() as session:
            repository = AlertRepository(session)
            state = await repository.begin_check(kind, today, now)
            checked_on = await repository.last_check(kind, today)
        while not state.finished and time.monotonic() - begun < LONGEST_S:
            async with autocommit_session() as session:
                children = await AlertRepository(session).watched_after(state.reached, self.page)
            if children:
                found = await _look(kind, children, today)
                turning = {one.fact_key: one.student_id for one in found[0] if turns_idle(one, today, checked_on)}
                kept = await _keep(kind, today, replace(state, reached=children[-1]), state.reached, found, turning)
                if kept is None:  # somebody else is at it
                    return True
                state = kept
            if len(children) < self.page:
                await _finish(today, kind, state)
                return True
        return state.finished


Found = tuple[list[NewAlert], int]
"""What there is to tell of some children, and how many of them were looked at that take a course."""


async def _look(kind: AlertKind, children: Sequence[int], today: date) -> Found:
    now = clock.now()
    async with platform_connection() as connection:
        return await _LOOKS[kind](PlatformFeedRepository(connection), children, today, now)


async def _idle(platform: PlatformFeedRepository, children: Sequence[int], today: date, now: datetime) -> Found:
    rows = [row for row in await platform.idle_since(children, today) if row["since"] is not None]
    alerts = (idle_alert(IdleChild(row["student_id"], row["since"]), today, now) for row in rows)
    return [alert for alert in alerts if alert is not None], len(rows)


async def _due(platform: PlatformFeedRepository, children: Sequence[int], today: date, now: datetime) -> Found:
    works = [
        DueWork(row["student_id"], row["test_id"], row["due_at"], titles_of(row))
        for row in await platform.due_between(children, *due_tomorrow(today))
    ]
    return [due_alert(work, now) for work in works if work.titles != Titles()], len(children)


async def _milestones(platform: PlatformFeedRepository, children: Sequence[int], _: date, now: datetime) -> Found:
    since = now - WORTH_TELLING[AlertKind.MILESTONE]
    reached = {
        (row["student_id"], row["course_id"]): Milestone(
            row["student_id"], row["course_id"], row["share"], row["completed_at"], titles_of(row)
        )
        for row in await platform.milestones_between(children, since, now)
    }  # of two shares of one course the greater
    return [milestone_alert(one, now) for one in reached.values() if one.titles != Titles()], len(children)


async def _materials(platform: PlatformFeedRepository, children: Sequence[int], _: date, now: datetime) -> Found:
    materials = [
        Material(row["student_id"], row["lesson_id"], row["published_at"], titles_of(row))
        for row in await platform.materials_between(children, now - MATERIALS_OF, now)
    ]
    return [material_alert(one, now) for one in materials if one.titles != Titles()], len(children)


_LOOKS: Final = {
    AlertKind.IDLE: _idle,
    AlertKind.DUE: _due,
    AlertKind.MILESTONE: _milestones,
    AlertKind.MATERIAL: _materials,
}


async def _keep(
    kind: AlertKind, today: date, state: CheckState, before: int, found: Found, turning: Mapping[str, int]
) -> CheckState | None:
    """What was found of the children behind `before`, and that they were seen up to `state.reached`, in one commit.

    `turning`: who turns idle, by fact. None where that was done before.
    """
    alerts, watched = found
    async with get_session() as session:
        repository = AlertRepository(session)
        new = await repository.add(alerts, clock.now())
        turned = len({student_id for fact_key, student_id in turning.items() if fact_key in new})
        on = {"watched": watched, "found": turned, "reached": state.reached}
        if not await repository.count_on(kind, today, before=before, **on):
            return None
    return replace(state, watched=state.watched + watched, found=state.found + turned)


async def _finish(today: date, kind: AlertKind, state: CheckState) -> None:
    """What was found is due, but where so much was that the platform's feed is to be doubted: then a human is told."""
    stopped = kind is AlertKind.IDLE and too_many_idle(state.watched, state.found)
    async with get_session() as session:
        if not await AlertRepository(session).finish_check(kind, today, clock.now(), stopped=stopped):
            return
        if stopped:
            told = {"watched": state.watched, "idle": state.found}
            await EventLogService.log_system("idle_alarms_stopped", severity=Severity.ERROR, **told)
    if stopped:
        idle_checks_stopped.inc()
        logger.error("idle_alarms_stopped", watched=state.watched, idle=state.found)
    else:
        logger.info("children_checked", kind=kind, watched=state.watched)
