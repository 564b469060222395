"""`mentorium grant <telegram_id> <tariff> --reason TEXT`: a subscription without payment.

It extends the subscription that stands, and prints until when it lasts. A run is a new gift, unless `--request` names
the one that it repeats: each run says its own on stderr before it begins.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import re
import shlex
import sys
from contextlib import suppress
from typing import Final
from uuid import uuid4

from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.billing.model import Granted
from mentorium_domain.enums import Tariff
from mentorium_kit.errors import NotFoundError, OutcomeUnknownError, RefusedError, UnavailableError
from mentorium_kit.retry import retry_conflicts
from mentorium_operator.command_line import FAILURE, OK, UNKNOWN, Subparsers, complain
from mentorium_operator.config import GrantSettings
from mentorium_operator.databases import open_databases
from mentorium_runtime.settings import load

_PATIENCE_S: Final = 30.0
_PAUSE_S: Final = 1.0
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("grant", description="Give a parent a subscription without payment.")
    parser.add_argument("telegram_id", type=_telegram_id, help="the parent's Telegram id")
    parser.add_argument("tariff", choices=[tariff.value for tariff in Tariff])
    parser.add_argument("--reason", required=True, type=_words, help="why; kept for the audit")
    parser.add_argument("--operator", default=_user_name(), type=_words, help="who gives it (default: this user)")
    parser.add_argument("--request", type=_request_key, metavar="KEY", help="repeat this request: nothing twice")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit status 1 where the grant is refused or the database is away, 75 where nobody knows whether it was made."""
    settings = load(GrantSettings)
    request_key = arguments.request or uuid4().hex
    sys.stderr.write(f"request: {request_key}\n")
    try:
        granted = asyncio.run(_grant(settings, arguments, request_key))
    except NotFoundError:
        return complain(f"no parent with the Telegram id {arguments.telegram_id} has registered", FAILURE)
    except RefusedError as error:
        return complain(f"refused: {error.code}", FAILURE)
    except OutcomeUnknownError:
        return complain(_how_to_repeat(arguments, request_key), UNKNOWN)
    verb = "extended" if granted.extended else "granted"
    sys.stdout.write(f"{verb}: {granted.tariff} for {arguments.telegram_id}, until {granted.expires_at.isoformat()}\n")
    return OK


async def _grant(settings: GrantSettings, arguments: argparse.Namespace, request_key: str) -> Granted:
    """After a lost answer it is repeated with the same key, which gives nothing twice, until the answer is heard."""
    give = GrantSubscription(settings.grace)

    async def give_once() -> Granted:
        tariff = Tariff(arguments.tariff)
        return await give(arguments.telegram_id, tariff, arguments.reason, arguments.operator, request_key=request_key)

    async with open_databases(settings):
        try:
            return await retry_conflicts(give_once)
        except OutcomeUnknownError as error:
            unknown = error
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                while True:
                    with suppress(OutcomeUnknownError, UnavailableError):
                        return await give_once()
                    await asyncio.sleep(_PAUSE_S)
        raise unknown


def _how_to_repeat(arguments: argparse.Namespace, request_key: str) -> str:
    words = ["mentorium", "grant", str(arguments.telegram_id), arguments.tariff, "--reason", arguments.reason]
    command = shlex.join([*words, "--operator", arguments.operator, "--request", request_key])
    return f"it is not known whether this was given; to find out, and to give it if it was not:\n{command}"


def _request_key(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise argparse.ArgumentTypeError("a request is what an earlier run said on stderr")
    return text


def _telegram_id(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) == 0 or int(text) >= 2**63:
        raise argparse.ArgumentTypeError("a Telegram id is a positive number")
    return int(text)


def _words(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("must not be empty")
    return text.strip()


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run as a user without a name
        return "operator"
