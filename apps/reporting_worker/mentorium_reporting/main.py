"""The worker: `python -m mentorium_reporting.main`. Notices what is due, does the jobs, sends the messages.

Any number of them may run side by side; WORKER_ROLES makes one that does only a part.
"""

from __future__ import annotations

import asyncio
import signal
from typing import Final

from mentorium_kit.errors import UnavailableError
from mentorium_observability import flush_sentry, get_logger
from mentorium_observability.health import Health
from mentorium_rendering.picture import warm_up
from mentorium_reporting.config import Role, WorkerSettings
from mentorium_reporting.container import Container, build
from mentorium_runtime import probes
from mentorium_runtime.health_server import serve_health
from mentorium_runtime.process import run_as_process

DRAIN_S: Final = 10.0

logger = get_logger(__name__)


async def run(settings: WorkerSettings) -> None:
    """Work until SIGTERM or SIGINT, then finish what is in hand. ConfigurationError, UnavailableError at start."""
    container = build(settings)
    stopping = asyncio.Event()
    health = Health(
        [probes.bot_database(), probes.platform_database(), probes.redis(container.redis)],
        busy=lambda: container.busy,
        work=container.work,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    try:
        async with serve_health(health, settings.worker_health_host, settings.worker_health_port):
            await probes.wait_for_bot_database()
            await probes.check_migrations()
            await work(container, stopping, health)
    finally:
        await container.close()
        await flush_sentry()


async def work(container: Container, stopping: asyncio.Event, health: Health | None = None) -> None:
    """Do what the roles say until `stopping` is set, then finish what is in hand."""
    nursery, roles = container.nursery, container.settings.worker_roles
    loops = []
    if Role.TICKER in roles:
        container.ticker.start()
    if Role.JOBS in roles:
        nursery.start(warm_up(), name="warm-up-pictures")
        loops.append(nursery.start(container.jobs.run(), name="jobs", fresh_context=True))
    if Role.SENDER in roles:
        loops.append(nursery.start(container.sender.run(), name="sender", fresh_context=True))
    logger.info("worker_started", roles=sorted(roles))
    ended = nursery.start(stopping.wait(), name="wait-for-the-end")
    # a loop that ends by itself has failed: the process goes too, and is started again
    await asyncio.wait({ended, *loops}, return_when=asyncio.FIRST_COMPLETED)
    if health is not None:
        health.close()
    logger.info("worker_stopping", in_hand=container.busy)
    ended.cancel()
    if Role.TICKER in roles:
        await container.ticker.stop()
    container.jobs.stop()
    container.sender.stop()
    late = await nursery.drain(DRAIN_S)
    logger.info("worker_stopped", cut_short=late)
    failed = [loop for loop in loops if loop.done() and not loop.cancelled() and loop.exception() is not None]
    if failed:
        raise UnavailableError("worker_loop_failed")


def main() -> None:
    """Exit status 2 for a setting that is wrong, 1 where a server that is needed does not answer."""
    run_as_process("mentorium_reporting", WorkerSettings, run)


if __name__ == "__main__":
    main()
