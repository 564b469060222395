"""Retry of jobs that hold a Telegram id: tried until their own end, and never held with it for longer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from pgqueuer.domain.errors import RetryRequested

from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_observability.metrics import count_error

PAUSE: Final = timedelta(minutes=2)


@asynccontextmanager
async def until_it_is_done() -> AsyncIterator[None]:
    """Whatever may pass by itself has the job tried again in two minutes, however often; it ends itself."""
    try:
        yield
    except (UnavailableError, OutcomeUnknownError) as error:
        count_error(error)
        raise RetryRequested(delay=PAUSE, reason=error.code) from None
