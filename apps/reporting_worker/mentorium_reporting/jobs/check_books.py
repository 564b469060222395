"""The nightly check of the books: an event and a metric where anything disagrees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from mentorium_core.billing.reconcile import ALL_CHECKS, ask_for_check, check_books
from mentorium_kit import clock
from mentorium_observability import get_logger
from mentorium_observability.metrics import billing_disagreements

NIGHT: Final = 3
"""From this hour on, in Tashkent: nobody pays much then."""

logger = get_logger(__name__)


async def check_books_job(_: Mapping[str, Any]) -> None:
    found = await check_books(clock.now())
    for name in ALL_CHECKS:
        billing_disagreements.labels(check=name).set(len(found.get(name, ())))
    if found:
        logger.error("books_disagree", checks=sorted(found))


class NightlyCheck:
    """A duty of the ticker: asks for the check once a night. A worker that begins anew asks again: harmless."""

    def __init__(self) -> None:
        self._asked_for: date | None = None

    async def __call__(self) -> None:
        now = clock.now()
        if now.hour >= NIGHT and self._asked_for != now.date():
            await ask_for_check(now.date())
            self._asked_for = now.date()
