"""`mentorium grant <telegram_id> <tariff> --reason TEXT`: a subscription without payment.

It extends the subscription that stands, and prints until when it lasts.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys

from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.billing.model import Granted
from mentorium_domain.enums import Tariff
from mentorium_kit.errors import NotFoundError, RefusedError, UnavailableError
from mentorium_operator.command_line import FAILURE, OK, Subparsers, complain
from mentorium_operator.config import GrantSettings
from mentorium_operator.databases import open_databases
from mentorium_runtime.settings import load


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("grant", description="Give a parent a subscription without payment.")
    parser.add_argument("telegram_id", type=_telegram_id, help="the parent's Telegram id")
    parser.add_argument("tariff", choices=[tariff.value for tariff in Tariff])
    parser.add_argument("--reason", required=True, type=_words, help="why; kept for the audit")
    parser.add_argument("--operator", default=_user_name(), type=_words, help="who gives it (default: this user)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit status 1 where the grant is refused or the database does not answer."""
    try:
        granted = asyncio.run(_grant(load(GrantSettings), arguments))
    except NotFoundError:
        return complain(f"no parent with the Telegram id {arguments.telegram_id} has registered", FAILURE)
    except RefusedError as error:
        return complain(f"refused: {error.code}", FAILURE)
    except UnavailableError:
        return complain("the bot's database does not answer", FAILURE)
    verb = "extended" if granted.extended else "granted"
    sys.stdout.write(f"{verb}: {granted.tariff} for {arguments.telegram_id}, until {granted.expires_at.isoformat()}\n")
    return OK


async def _grant(settings: GrantSettings, arguments: argparse.Namespace) -> Granted:
    async with open_databases(settings):
        give = GrantSubscription(settings.grace)
        return await give(arguments.telegram_id, Tariff(arguments.tariff), arguments.reason, arguments.operator)


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
