"""An outage in the log: told when it begins, then ever more rarely, and when it is over."""

from __future__ import annotations

import time
from typing import Final

from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import MentoriumError
from mentorium_observability.logging import Logger
from mentorium_observability.metrics import count_error

FIRST_SILENCE_S: Final = 2.0
LONGEST_SILENCE_S: Final = 300.0


class Outage:
    """One thing that may be away, as one loop sees it. Each failure is counted in the metrics, few of them are logged.

    `event` is the line's name; the line that ends an outage is called `<event>_no_more`.
    """

    def __init__(self, logger: Logger, event: str) -> None:
        self._logger = logger
        self._event = event
        self._over = f"{event}_no_more"
        self._began: float | None = None
        self._lines = 0
        self._silent_until = 0.0

    def failed(self, error: BaseException, *, counted: bool = False, **fields: object) -> None:
        """It is away (still). An error that is none of ours is told with where it came from.

        `counted`: the metrics know of it already.
        """
        if not counted:
            count_error(error)
        now = time.monotonic()
        if self._began is None:
            self._began, self._lines, self._silent_until = now, 0, 0.0
        if now < self._silent_until:
            return
        self._lines += 1
        self._silent_until = now + backoff_s(self._lines, FIRST_SILENCE_S, LONGEST_SILENCE_S)
        for_s = round(now - self._began, 1)
        if isinstance(error, MentoriumError):
            reason = error.context.get("reason")
            self._logger.warning(self._event, code=error.code, reason=reason, for_s=for_s, **fields)
        else:
            self._logger.error(self._event, reason=type(error).__name__, for_s=for_s, exc_info=error, **fields)

    def over(self) -> None:
        """It is well (again)."""
        if self._began is not None:
            for_s = round(time.monotonic() - self._began, 1)
            self._began = None
            self._logger.info(self._over, for_s=for_s)
