"""How each of our processes begins and ends: settings, logs, Sentry, and an exit status that says what went wrong."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from mentorium_kit.errors import ConfigurationError, MentoriumError, UnavailableError
from mentorium_kit.garbage import spare_what_was_loaded
from mentorium_kit.heap import keep_few_arenas, map_large_blocks
from mentorium_observability.logging import configure_logging, get_logger
from mentorium_observability.sentry_config import configure_sentry
from mentorium_runtime.env_file import likely_typos, names_in_env_file
from mentorium_runtime.settings import DatabaseSettings, load, secret_value

MISUSE: Final = 2
FAILURE: Final = 1
Settings = TypeVar("Settings", bound=DatabaseSettings)

_EXPLAINED: Final = {
    "bot_database_not_migrated": "the bot's database lacks migrations: run `make migrate` first",
    "telegram_token_refused": "Telegram does not know the token in BOT_TELEGRAM_TOKEN",
    "sentry_dsn_malformed": "SENTRY_DSN is malformed: https://key@host/project, as Sentry shows it",
    "http_server_ended": "its HTTP server has ended by itself",
    "bot_db_unavailable": "the bot's database does not answer (BOT_DB_URL, or DB_HOST and its like)",
    "bot_db_refused": "the bot's database does not let us in: password, role or name (BOT_DB_URL or DB_*)",
    "bot_db_full": "the bot's database has no room: disk, memory or connections",
}


def run_as_process(
    name: str,
    kind: type[Settings],
    run: Callable[[Settings], Awaitable[None]],
    *,
    process: str,
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> None:
    """Run until it returns; each line of its log names the `process`. `loop_factory`: for another than asyncio's loop.

    Exit status 2 for a setting that is wrong, 1 where a server that is needed is away.
    """

    async def running(settings: Settings) -> None:
        if (task := asyncio.current_task()) is not None:
            task.set_name("main")
        await run(settings)

    keep_few_arenas()
    map_large_blocks()
    try:
        settings = load(kind)
        configure_logging(settings.log_level, json_logs=settings.json_logs, dev_mode=settings.dev_mode, process=process)
        for setting, meant in likely_typos(names_in_env_file()).items():
            get_logger(__name__).warning("setting_not_read", setting=setting, meant=meant)
        configure_sentry(secret_value(settings.sentry_dsn), environment=settings.sentry_environment)
        spare_what_was_loaded()
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(running(settings))
    except ConfigurationError as error:
        _leave(name, error, MISUSE)
    except UnavailableError as error:
        _leave(name, error, MISUSE if error.code == "bot_db_refused" else FAILURE)


def _leave(name: str, error: MentoriumError, status: int) -> None:
    said = _EXPLAINED.get(error.code, str(error))
    if error.code == "port_unavailable":
        said = (
            f"cannot listen on port {error.context['port']}: {error.context['reason']}"
            " (another one by BOT_HEALTH_PORT, WORKER_HEALTH_PORT or WEBHOOK_PORT)"
        )
    sys.stderr.write(f"{name}: {said}\n")
    sys.exit(status)
