"""What the subcommands that give something share: whoever gives, whom, why, and the request that is repeated safely."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import re
import shlex
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final
from uuid import uuid4

from mentorium_core.billing.model import Granted
from mentorium_core.billing.refunds import DoubleBenefitError
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError, OutcomeUnknownError, RefusedError, UnavailableError
from mentorium_kit.retry import retry_conflicts
from mentorium_operator.command_line import FAILURE, OK, UNKNOWN, complain
from mentorium_operator.config import GrantSettings
from mentorium_operator.databases import open_databases

_PATIENCE_S: Final = 30.0
_PAUSE_S: Final = 1.0
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def add_request_arguments(parser: argparse.ArgumentParser) -> None:
    """`--reason`, `--operator`, `--request` and `--despite-refund`."""
    add_reason_arguments(parser)
    parser.add_argument("--request", type=_request_key, metavar="KEY", help="repeat this request: nothing twice")
    parser.add_argument(
        "--despite-refund", action="store_true", help="although money goes or went back (mentorium refund)"
    )


def add_reason_arguments(parser: argparse.ArgumentParser) -> None:
    """`--reason` and `--operator`."""
    parser.add_argument("--reason", required=True, type=words, help="why; kept for the audit")
    parser.add_argument("--operator", default=_user_name(), type=words, help="who does it (default: this user)")


def give(
    settings: GrantSettings,
    arguments: argparse.Namespace,
    subcommand: Sequence[str],
    give_once: Callable[[str], Awaitable[Granted]],
) -> int:
    """Give to `arguments.telegram_id` and say until when. `give_once` gets the idempotency key.

    Exit status 1 where it is refused or the database is away, 75 where nobody knows whether it was done: then it says
    the command, beginning with `subcommand`, that finds out.
    """
    request_key = arguments.request or uuid4().hex
    sys.stderr.write(f"request: {request_key}\n")
    try:
        granted = asyncio.run(_until_known(settings, lambda: give_once(request_key)))
    except NotFoundError:
        return complain(f"no parent with the Telegram id {arguments.telegram_id} has registered", FAILURE)
    except DoubleBenefitError as error:
        return complain(f"refused: {error.code}; say --despite-refund to give days beside the money", FAILURE)
    except RefusedError as error:
        return complain(f"refused: {error.code}", FAILURE)
    except OutcomeUnknownError:
        return complain(_how_to_repeat(arguments, subcommand, request_key), UNKNOWN)
    verb = "extended" if granted.extended else "granted"
    until = granted.expires_at.astimezone(clock.TASHKENT)
    sys.stdout.write(f"{verb}: {granted.tariff} for {arguments.telegram_id}, until {until.isoformat()}\n")
    return OK


async def _until_known(settings: GrantSettings, give_once: Callable[[], Awaitable[Granted]]) -> Granted:
    """After a lost answer it is repeated with the same key, which gives nothing twice, until the answer is heard."""
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


def _how_to_repeat(arguments: argparse.Namespace, subcommand: Sequence[str], request_key: str) -> str:
    said = ["mentorium", *subcommand, "--reason", arguments.reason]
    said += ["--despite-refund"] if arguments.despite_refund else []
    command = shlex.join([*said, "--operator", arguments.operator, "--request", request_key])
    return f"it is not known whether this was given; to find out, and to give it if it was not:\n{command}"


def _request_key(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise argparse.ArgumentTypeError("a request is what an earlier run said on stderr")
    return text


def telegram_id(text: str) -> int:
    """With blanks, as it may have been copied."""
    plain = "".join(text.split())
    if not plain.isascii() or not plain.isdigit() or int(plain) == 0 or int(plain) >= 2**63:
        raise argparse.ArgumentTypeError("a Telegram id is a positive number")
    return int(plain)


def words(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("must not be empty")
    return text.strip()


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run as a user without a name
        return "operator"
