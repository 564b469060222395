"""A use case that lost against another one is repeated whole, three times in all."""

from __future__ import annotations

import pytest

from mentorium_kit.errors import ConflictError, OutcomeUnknownError, UnavailableError
from mentorium_kit.retry import MOST_TRIES, retry_conflicts


class Work:
    """Fails so often, with this error, then returns how often it was tried."""

    def __init__(self, failures: int, error: Exception) -> None:
        self.tries = 0
        self._failures, self._error = failures, error

    async def __call__(self) -> int:
        self.tries += 1
        if self.tries <= self._failures:
            raise self._error
        return self.tries


@pytest.mark.parametrize("failures", range(MOST_TRIES))
async def test_a_loser_comes_again(failures: int) -> None:
    assert await retry_conflicts(Work(failures, ConflictError("bot_db_conflict"))) == failures + 1


async def test_who_loses_each_time_says_so() -> None:
    work = Work(99, ConflictError("bot_db_conflict"))
    with pytest.raises(ConflictError):
        await retry_conflicts(work)
    assert work.tries == MOST_TRIES == 3


@pytest.mark.parametrize(
    "error", [UnavailableError("bot_db_unavailable"), OutcomeUnknownError("bot_db_outcome_unknown"), ValueError()]
)
async def test_nothing_else_is_repeated(error: Exception) -> None:
    work = Work(1, error)
    with pytest.raises(type(error)):
        await retry_conflicts(work)
    assert work.tries == 1
