"""The operator's command: `python -m mentorium_bot.grant <telegram_id> <tariff> --reason TEXT`.

Gives a parent a subscription without payment, or extends the one that stands, and prints until when it lasts.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Sequence

import mentorium_db
from mentorium_bot.config import GrantSettings
from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.billing.model import Granted
from mentorium_domain.enums import Tariff
from mentorium_kit import clock
from mentorium_kit.errors import ConfigurationError, NotFoundError, RefusedError, UnavailableError
from mentorium_runtime.settings import load

_REFUSED, _MISUSE = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0; 1 where the grant is refused or the database does not answer; 2 for a wrong call or setting."""
    chosen = _parser().parse_args(arguments)
    try:
        granted = asyncio.run(_grant(load(GrantSettings), chosen))
    except ConfigurationError as error:
        return _complain(str(error), _MISUSE)
    except NotFoundError:
        return _complain(f"no parent with the Telegram id {chosen.telegram_id} has registered", _REFUSED)
    except RefusedError as error:
        return _complain(f"refused: {error.code}", _REFUSED)
    except UnavailableError:
        return _complain("the bot's database does not answer", _REFUSED)
    verb = "extended" if granted.extended else "granted"
    sys.stdout.write(f"{verb}: {granted.tariff} for {chosen.telegram_id}, until {granted.expires_at.isoformat()}\n")
    return 0


async def _grant(settings: GrantSettings, chosen: argparse.Namespace) -> Granted:
    clock.configure(settings.clock_file)
    mentorium_db.configure(settings.database_dsn, pool_size=1)
    try:
        give = GrantSubscription(settings.grace)
        return await give(chosen.telegram_id, Tariff(chosen.tariff), chosen.reason, chosen.operator)
    finally:
        await mentorium_db.dispose()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mentorium_bot.grant", description="Give a parent a subscription without payment."
    )
    parser.add_argument("telegram_id", type=_telegram_id, help="the parent's Telegram id")
    parser.add_argument("tariff", choices=[tariff.value for tariff in Tariff])
    parser.add_argument("--reason", required=True, type=_words, help="why; kept for the audit")
    parser.add_argument("--operator", default=_user_name(), type=_words, help="who gives it (default: this user)")
    return parser


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


def _complain(text: str, status: int) -> int:
    sys.stderr.write(f"{text}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
