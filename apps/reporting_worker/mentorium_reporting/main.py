"""The worker: `python -m mentorium_reporting.main`. Notices what is due, does the jobs, sends the messages.

Any number of them may run side by side; WORKER_ROLES makes one that does only a part.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

from mentorium_ai_client.utils import load_tokenizer
from mentorium_db.dsn import database_name
from mentorium_kit.errors import ConfigurationError
from mentorium_observability import flush_sentry, get_logger
from mentorium_observability.health import Health
from mentorium_rendering.picture import warm_up
from mentorium_reporting.config import Role, WorkerSettings
from mentorium_reporting.container import WorkerContainer, build
from mentorium_reporting.outbox.sender import DRAIN_S
from mentorium_runtime import probes, schema
from mentorium_runtime.data_retention import retention_notes, tell_retention
from mentorium_runtime.health_app import HealthApp
from mentorium_runtime.health_watch import watch_health
from mentorium_runtime.heap_watch import give_back_memory
from mentorium_runtime.http_server import serving
from mentorium_runtime.process import run_as_process
from mentorium_runtime.signals import LONGEST_STOP_S, stop_on_signals, unless_stopped

PROCESS: Final = "worker"
DRAIN_LOOPS_S: Final = DRAIN_S + 3.0
"""What has become of a message on its way is written down after that."""
DRAIN_REST_S: Final = 1.0

logger = get_logger(__name__)


async def run(settings: WorkerSettings) -> None:
    """Work until SIGTERM or SIGINT, then finish what is in hand. ConfigurationError, UnavailableError at start."""
    container = build(settings)
    health = health_of(container)
    stopping = stop_on_signals(LONGEST_STOP_S)
    try:
        async with serving(HealthApp(health), settings.worker_health_host, settings.worker_health_port):
            if (
                await probes.wait_for_bot_database(stopping)
                and await schema.wait_for_schema(stopping)
                and await unless_stopped(stopping, _look_around(container))
            ):
                await work(container, stopping, health)
    finally:
        await container.close()
        await flush_sentry()


def health_of(container: WorkerContainer) -> Health:
    """What the worker stands on, and what it has to do."""
    return Health(
        [
            probes.bot_database(),
            probes.platform_database(),
            probes.redis(container.common.redis),
            *container.parts(),
        ],
        busy=lambda: container.busy,
        work=container.work,
        notes=retention_notes(container.settings) if container.ai is not None else None,
    )


async def _look_around(container: WorkerContainer) -> None:
    """What may come back later is told of in the log, and not waited for."""
    await probes.warn_unless_platform_is_well()
    try:
        await container.account.ask(container.bots[0])
    except ConfigurationError as error:
        logger.error("telegram_not_well", code=error.code)


async def work(container: WorkerContainer, stopping: asyncio.Event, health: Health | None = None) -> None:
    """Do what the roles say until `stopping` is set, then finish what is in hand."""
    nursery, roles = container.common.nursery, container.settings.worker_roles
    supervisor = container.supervisor()
    if Role.SENDER in roles:
        nursery.start(warm_up(), name="warm-up-pictures")
    if health is not None:
        health.watch(supervisor.stalled)
        supervisor.hang("health", partial(watch_health, health, PROCESS))
        supervisor.hang("heap", give_back_memory)
    if container.ai is not None:
        tell_retention(container.settings)
        # Early, since what it leaves behind in Python's heap is filled by what is loaded later.
        nursery.start(load_tokenizer(), name="load-tokenizer")
    logger.info(
        "worker_started",
        roles=sorted(roles),
        database=database_name(container.settings.database_dsn),
        bot_id=container.bots[0].id,
        bot_username=container.account.username,
    )
    await supervisor.run_until(stopping)
    if health is not None:
        health.close()
    logger.info("worker_stopping", in_hand=container.busy)
    late = await supervisor.stop(DRAIN_LOOPS_S) + await nursery.drain(DRAIN_REST_S)
    logger.info("worker_stopped", cut_short=late)
    supervisor.raise_if_broken()


def main() -> None:
    """Exit status 2 for a setting that is wrong, 1 where a server that is needed does not answer."""
    run_as_process("mentorium_reporting", WorkerSettings, run, process=PROCESS)


if __name__ == "__main__":
    main()
