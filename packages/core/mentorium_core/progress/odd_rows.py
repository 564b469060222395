"""Naming the platform's rows that break the contract, so that somebody mends them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from mentorium_db import get_session
from mentorium_db.platform_check.odd_rows import OddRow, odd_rows
from mentorium_db.session import platform_connection
from mentorium_domain.enums import Severity
from mentorium_kit import clock
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_observability import EventLogService, get_logger

_KEYS_NAMED: Final = 5

logger = get_logger(__name__)


class NameOddRows:
    """One event a rule that is broken, with the first keys; a row is named once a day by a process."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._named: set[OddRow] = set()

    async def __call__(self, student_ids: Sequence[int]) -> None:
        """Of these learners, and of what they learn. What cannot be asked or written now is named another time."""
        try:
            async with platform_connection() as connection:
                found = await odd_rows(connection, student_ids)
        except UnavailableError as error:
            logger.warning("odd_rows_not_read", code=error.code)
            return
        if self._day != clock.today():
            self._day, self._named = clock.today(), set()
        broken: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for row in found:
            if row not in self._named:
                broken[row.view, row.rule].append(row.key)
        if broken and await _told(broken):
            self._named |= set(found)


async def _told(broken: Mapping[tuple[str, str], Sequence[str]]) -> bool:
    """Whether the events stand."""
    try:
        async with get_session():
            for (view, rule), keys in broken.items():
                logger.warning("platform_row_odd", view=view, rule=rule, rows=len(keys), first=keys[:_KEYS_NAMED])
                await EventLogService.log_system(
                    "platform_row_odd",
                    severity=Severity.WARNING,
                    view=view,
                    rule=rule,
                    rows=len(keys),
                    first=keys[:_KEYS_NAMED],
                )
    except (UnavailableError, OutcomeUnknownError) as error:
        logger.warning("odd_rows_not_told", code=error.code)
        return False
    return True
