"""The bot: `python -m mentorium_bot.main`. Polls Telegram, answers parents, tells its health on a port of its own."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

import uvloop
from redis.exceptions import RedisError

from mentorium_ai_client.utils import load_tokenizer
from mentorium_bot.commands import publish_commands
from mentorium_bot.config import BotSettings
from mentorium_bot.container import Container, build
from mentorium_db.dsn import database_name
from mentorium_gateways.telegram.session import takes_calls
from mentorium_observability import flush_sentry, get_logger
from mentorium_observability.health import Health
from mentorium_observability.metrics import bot_uptime, count_error, telegram_active_users
from mentorium_rendering.picture import warm_up
from mentorium_runtime import probes, schema
from mentorium_runtime.data_retention import retention_notes, tell_retention
from mentorium_runtime.health_app import HealthApp
from mentorium_runtime.health_watch import watch_health
from mentorium_runtime.heap_watch import give_back_memory
from mentorium_runtime.http_server import serving
from mentorium_runtime.process import run_as_process
from mentorium_runtime.signals import LONGEST_STOP_S, stop_on_signals, unless_stopped
from mentorium_runtime.supervisor import Supervisor

PROCESS: Final = "bot"
HEARTBEAT_S: Final = 5.0
DRAIN_LOOPS_S: Final = 1.0
DRAIN_UPDATES_S: Final = 5.0
DRAIN_ANSWERS_S: Final = 5.0
DRAIN_REST_S: Final = 2.0

logger = get_logger(__name__)


async def run(settings: BotSettings) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is in hand. ConfigurationError, UnavailableError at start."""
    container = build(settings)
    # here more routers may be included into container.dispatcher, before Telegram is asked for what they handle
    health = health_of(container)
    stopping = stop_on_signals(LONGEST_STOP_S)
    try:
        async with serving(HealthApp(health), settings.bot_health_host, settings.bot_health_port):
            if (
                await probes.wait_for_bot_database(stopping)
                and await schema.wait_for_schema(stopping)
                and await unless_stopped(stopping, _check_what_is_needed(container))
            ):
                await serve(container, stopping, health)
    finally:
        await container.close()
        await flush_sentry()


def health_of(container: Container) -> Health:
    """What the bot stands on."""
    return Health(
        [
            probes.bot_database(),
            probes.platform_database(),
            probes.redis(container.common.redis),
            probes.telegram(lambda: container.intake.well and takes_calls(container.bot)),
            probes.polling(lambda: container.intake.is_contested),
            probes.as_last_seen("openai", container.openai_seen),
        ],
        busy=lambda: container.busy,
        notes=retention_notes(container.settings),
    )


async def serve(container: Container, stopping: asyncio.Event, health: Health | None = None) -> None:
    """Take updates and answer until `stopping` is set, then finish what is in hand."""
    nursery = container.common.nursery
    supervisor = Supervisor(nursery)
    container.intake.hang_on(supervisor)
    supervisor.hang("questions", container.dialogs.run, stalled_s=container.dialogs.stalled_s)
    supervisor.hang("turns", container.dialogs.run_turns, stalled_s=container.dialogs.turns_stalled_s)
    supervisor.hang("heartbeat", partial(_heartbeat, container))
    if health is not None:
        health.watch(supervisor.stalled)
        supervisor.hang("health", partial(watch_health, health, PROCESS))
        supervisor.hang("heap", give_back_memory)
    nursery.start(publish_commands(container.bot), name="publish-commands")
    nursery.start(load_tokenizer(), name="load-tokenizer")
    nursery.start(warm_up(), name="warm-up-pictures")
    _tell_start(container)
    await supervisor.run_until(stopping)
    if health is not None:
        health.close()
    logger.info("bot_stopping", in_hand=container.intake.in_hand, answers=container.dialogs.busy)
    await supervisor.stop(DRAIN_LOOPS_S)
    await asyncio.gather(container.intake.drain(DRAIN_UPDATES_S), container.dialogs.close(DRAIN_ANSWERS_S))
    late = await nursery.drain(DRAIN_REST_S)
    logger.info("bot_stopped", cut_short=late)
    supervisor.raise_if_broken()


def _tell_start(container: Container) -> None:
    settings = container.settings
    tell_retention(settings)
    logger.info(
        "bot_started",
        mode=settings.bot_mode,
        database=database_name(settings.database_dsn),
        bot_id=container.bot.id,
        bot_username=container.account.username,
    )


async def _check_what_is_needed(container: Container) -> None:
    """With a refused token the bot cannot begin; all else may come back later, and is not waited for."""
    await probes.warn_unless_platform_is_well()
    await container.account.ask(container.bot)


async def _heartbeat(container: Container) -> None:
    """Keep the gauges fresh, which another process may be showing."""
    started = asyncio.get_running_loop().time()
    while True:
        bot_uptime.set(asyncio.get_running_loop().time() - started)
        try:
            telegram_active_users.set(await container.active_users.count())
        except RedisError as error:
            count_error(error)
        await asyncio.sleep(HEARTBEAT_S)


def main() -> None:
    """Exit status 2 for a setting that is wrong, 1 where a server that is needed does not answer."""
    # Most of what the bot does is small requests and statements: uvloop sends them for half of the CPU.
    run_as_process("mentorium_bot", BotSettings, run, process=PROCESS, loop_factory=uvloop.new_event_loop)


if __name__ == "__main__":
    main()
