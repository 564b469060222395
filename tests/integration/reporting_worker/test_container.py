"""What the worker is joined of: a handler for each kind of job, a due check for each schedule."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from mentorium_core.reports.calendar import SCHEDULES
from mentorium_domain.enums import JobKind
from mentorium_reporting import jobs
from mentorium_reporting.config import WorkerSettings
from mentorium_reporting.container import SCHEDULED_JOBS, build
from mentorium_reporting.job_loop import MOST_TRIES, MOST_TRIES_OF, pause_s
from mentorium_reporting.jobs.scheduled import ScheduledJob


@pytest.fixture
def settings(bot_dsn: str, platform_dsn: str, redis_url: str) -> dict[str, str]:
    return {
        "bot_telegram_token": "123456789:the-token-of-the-tests",
        "bot_db_url": bot_dsn,
        "platform_db_url": platform_dsn,
        "redis_url": redis_url,
    }


async def test_every_kind_of_job_has_a_handler(settings: dict[str, str]) -> None:
    container = build(WorkerSettings.model_validate(settings))
    assert container.jobs.kinds == set(JobKind)
    assert container.letters is None
    await container.close()


async def test_letters_have_a_loop_of_their_own(settings: dict[str, str]) -> None:
    """A Monday's letters to a mail server that hangs keep no report from being made and no money from going back."""
    mail = {"smtp_url": "smtp://127.0.0.1:9", "smtp_from": "Mentorium <bot@mentorium.io>"}
    container = build(WorkerSettings.model_validate(settings | mail))
    assert container.letters is not None
    assert container.letters.kinds == {JobKind.MAIL_MESSAGE}
    assert container.jobs.kinds == set(JobKind) - {JobKind.MAIL_MESSAGE}
    assert "letters" in {loop.name for loop in container.supervisor()._loops}
    await container.close()


@pytest.mark.parametrize(
    "kind",
    [
        *(JobKind.END_RENEWAL, JobKind.RESUME_RENEWAL, JobKind.RETURN_STARS),
        *(JobKind.REFUND_PAYMENT, JobKind.CLICK_REVERSAL, JobKind.CLICK_RECEIPT),
        *(JobKind.REMOVE_CARD, JobKind.CANCEL_RECEIPT),
    ],
)
def test_what_is_to_be_told_about_money_is_told_for_a_week(kind: JobKind) -> None:
    """A provider may be away for a weekend: what it owes a parent is asked for after it, too."""
    tries = MOST_TRIES_OF.get(kind, MOST_TRIES)
    assert sum(pause_s(failures, 0.5) for failures in range(tries - 1)) > 6 * 86_400


def test_every_scheduled_job_is_looked_after() -> None:
    modules = [
        importlib.import_module(f"{jobs.__name__}.{found.name}") for found in pkgutil.iter_modules(jobs.__path__)
    ]
    scheduled = [job for module in modules for job in vars(module).values() if isinstance(job, ScheduledJob)]
    assert scheduled
    assert {job.name for job in scheduled} == {job.name for job in SCHEDULED_JOBS}
    assert {job.schedule.report_type for job in SCHEDULED_JOBS} == set(SCHEDULES)
