"""What the worker is joined of: a handler for each kind of job, a due check for each schedule."""

from __future__ import annotations

import importlib
import pkgutil

from mentorium_core.reports.calendar import SCHEDULES
from mentorium_domain.enums import JobKind
from mentorium_reporting import jobs
from mentorium_reporting.config import WorkerSettings
from mentorium_reporting.container import SCHEDULED_JOBS, build
from mentorium_reporting.jobs.scheduled import ScheduledJob


async def test_every_kind_of_job_has_a_handler(bot_dsn: str, platform_dsn: str, redis_url: str) -> None:
    settings = {
        "bot_telegram_token": "123456789:the-token-of-the-tests",
        "bot_db_url": bot_dsn,
        "platform_db_url": platform_dsn,
        "redis_url": redis_url,
    }
    container = build(WorkerSettings.model_validate(settings))
    assert container.jobs.kinds == set(JobKind)
    await container.close()


def test_every_scheduled_job_is_looked_after() -> None:
    modules = [
        importlib.import_module(f"{jobs.__name__}.{found.name}") for found in pkgutil.iter_modules(jobs.__path__)
    ]
    scheduled = [job for module in modules for job in vars(module).values() if isinstance(job, ScheduledJob)]
    assert scheduled
    assert {job.name for job in scheduled} == {job.name for job in SCHEDULED_JOBS}
    assert {job.schedule.report_type for job in SCHEDULED_JOBS} == set(SCHEDULES)
