"""`mentorium doctor`: one page that says of machine, settings, servers and roles whether they are well, to be pasted.

`mentorium doctor --settings` (or `make validate`) looks at the settings alone and calls nobody. No secret is printed.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from mentorium_db.platform_check import Finding
from mentorium_db.platform_check.finding import failure, ok, warning
from mentorium_operator import checks, findings, machine
from mentorium_operator.command_line import Subparsers
from mentorium_operator.config import ProductSettings
from mentorium_operator.databases import open_databases
from mentorium_operator.exposure import exposures
from mentorium_operator.payments import payments_lack
from mentorium_runtime.data_retention import retention_notes
from mentorium_runtime.env_file import likely_typos, names_in_env_file
from mentorium_runtime.settings import SettingsError, load


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("doctor", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settings", action="store_true", help="look at the settings alone")
    findings.add_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit status 1 where a setting is wrong or a server that is needed is not well."""
    return asyncio.run(findings.show(examine(servers_too=not arguments.settings), arguments))


async def examine(*, servers_too: bool) -> AsyncIterator[Finding]:
    """What holds of the settings, of this machine and of every server that the settings name."""
    if servers_too:
        yield machine.release()
        yield machine.time_zone()
    try:
        settings = load(ProductSettings)
    except SettingsError as error:
        for problem in error.problems:
            yield failure("settings", problem)
        return
    for finding in _settings(settings):
        yield finding
    if servers_too:
        async for finding in _servers(settings):
            yield finding


def _settings(settings: ProductSettings) -> list[Finding]:
    found = [ok("settings", "are complete")]
    for name, meant in likely_typos(names_in_env_file()).items():
        found.append(warning("settings", f".env sets {name}, which nobody reads: is {meant} meant?"))
    if settings.clock_file is not None:
        found.append(warning("settings", "CLOCK_FILE is set: the clock may be moved, for demonstrations"))
    if settings.sentry_dsn is None:
        found.append(warning("settings", "SENTRY_DSN is not set: errors are reported nowhere"))
    found += [warning("data retention", said) for said in retention_notes(settings).values()]
    if (last := settings.transcription_ends_on) is not None:
        found.append(warning("settings", f"TRANSCRIPTION_MODEL names a model that OpenAI switches off on {last}"))
    if not settings.crisis_lines:
        found.append(warning("settings", "CRISIS_HELP_LINES is not set: a parent in despair is told no number to call"))
    if "payme" in settings.providers_named and settings.payme_keys and settings.card_page_url is None:
        found.append(warning("settings", "PUBLIC_URL is not set, or not https: parents cannot let a card renew"))
    return [*found, *(warning("settings", said) for said in (*exposures(settings), *payments_lack(settings)))]


async def _servers(settings: ProductSettings) -> AsyncIterator[Finding]:
    """All are asked at once; none is waited for longer than the others."""
    async with open_databases(settings):
        asked: dict[str, Coroutine[Any, Any, Finding | list[Finding]]] = {
            "bot database": checks.check_bot_database(),
            "bot role": machine.bot_role(),
            "platform": checks.check_platform_database(),
            "platform role": machine.platform_role(),
            "redis": checks.check_redis(settings),
            "telegram": checks.check_telegram(settings),
            "openai": checks.check_openai(settings),
            "mail": checks.check_mail(settings),
        }
        if settings.staff_chat_id is not None:
            asked["staff chat"] = checks.check_staff_chat(settings, settings.staff_chat_id)
        if settings.speech_engine is not None:
            asked["speech"] = checks.check_speech(settings)
        if settings.takes_voice:
            asked["transcription"] = checks.check_transcription(settings)
        answers = await asyncio.gather(*asked.values(), return_exceptions=True)
    for server, answer in zip(asked, answers, strict=True):
        # one answer that nobody has foreseen does not cost the page
        if isinstance(answer, BaseException):
            yield failure(server, f"fails: {type(answer).__name__}")
            continue
        for finding in [answer] if isinstance(answer, Finding) else answer:
            yield finding
