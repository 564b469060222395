"""The nightly check of the books: payments, access, ledger and providers' own rows say the same, or somebody is called.

What it checks is the reference list of invariants: every paid order has its payment and its grant, the ledger's sums
are those of the payments, no PayMe transaction stays open beyond twelve hours, and each subscription ends where the
grants that stand make it end. It changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from mentorium_core.billing.entitlement import given
from mentorium_core.billing.rules import stretches
from mentorium_db import get_session, jobs
from mentorium_db.repositories import SubscriptionRepository
from mentorium_db.repositories.books import CHECKS, BooksRepository
from mentorium_domain.enums import JobKind, Severity
from mentorium_observability import EventLogService

WRONG_END: Final = "subscription_ends_elsewhere"
ALL_CHECKS: Final = (*CHECKS, WRONG_END)
_NAMED: Final = 20
"""So many rows of a kind are named in the event; the rest is found by asking again."""
_OPEN_FOR: Final = timedelta(hours=13)
_A_DAY: Final = timedelta(days=1)
_A_BATCH: Final = 500


async def ask_for_check(day: date) -> None:
    """Leave the job that checks the books. Joins an open unit of work; harmless twice."""
    async with get_session() as session:
        await jobs.enqueue(session, JobKind.CHECK_BOOKS, {}, dedup_key=f"check_books:{day.isoformat()}")


async def check_books(now: datetime) -> Mapping[str, list[int]]:
    """What disagrees: check -> the ids of the first rows of it. Empty: all is well. An event tells of each kind.

    It reads as of one moment a check, so that what is being booked meanwhile is no disagreement.
    """
    found: dict[str, list[int]] = {}
    open_since_ms = int((now - _OPEN_FOR).timestamp() * 1000)
    for name in CHECKS:
        async with get_session() as session:
            books = BooksRepository(session)
            rows = await books.find(name, twelve_hours_ago_ms=open_since_ms, a_day_ago=now - _A_DAY, most=_NAMED)
            if rows:
                found[name] = rows
    if rows := await _wrong_ends():
        found[WRONG_END] = rows[:_NAMED]
    async with get_session():
        for name, rows in found.items():
            await EventLogService.log_system("books_disagree", severity=Severity.CRITICAL, check=name, rows=rows)
    return found


async def _wrong_ends() -> list[int]:
    wrong: list[int] = []
    after = 0
    while len(wrong) < _NAMED:
        async with get_session() as session:
            batch = await BooksRepository(session).active_after(after, _A_BATCH)
            if not batch:
                break
            after = batch[-1][0]
            grants = await SubscriptionRepository(session).grants_of_all([key for key, _ in batch])
        for key, end in batch:
            found = stretches(given(one) for one in grants.get(key, ()) if one.reversed_at is None)
            if grants.get(key) and (not found or found[-1].end != end):
                wrong.append(key)
    return wrong
